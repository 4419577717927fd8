//! Emails about flags and reports.

use kernel::counted;
use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::{FLAG, model::FlagEffect};

/// Flags that wait for a decision, for moderators.
pub const FLAGS_WAITING: NewsKind = NewsKind {
    code: "fair_play_flags",
    title: "Flags that wait for a decision (moderators)",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The outcome of a report that the recipient made.
pub const REPORT_OUTCOME: NewsKind = NewsKind {
    code: "report_outcome",
    title: "Outcomes of your reports",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email to moderators about flags.
#[derive(Clone, Debug)]
pub struct FlagsWaiting {
    /// The number of flags that they were not notified of before.
    pub new: i64,
    /// The number of flags that have waited for longer than their target, and that they were not notified of as late.
    pub late: i64,
}

impl FlagsWaiting {
    /// Returns the path of the queue.
    #[must_use]
    pub fn link(&self) -> String {
        "/admin/fair-play".to_owned()
    }

    /// Returns the sentence that says how many flags wait, without a period.
    #[must_use]
    pub fn sentence(&self) -> String {
        let wait = |count: i64| if count == 1 { "waits" } else { "wait" };
        let new = || counted(self.new, "new flag", "new flags");
        let late = || counted(self.late, "flag", "flags");
        match (self.new, self.late) {
            (_, 0) => format!("{} {}", new(), wait(self.new)),
            (0, _) => format!("{} {} for too long", late(), wait(self.late)),
            _ => format!(
                "{} {}, and {} {} for too long",
                new(),
                wait(self.new),
                late(),
                wait(self.late)
            ),
        }
    }
}

impl EmailTemplate for FlagsWaiting {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(self.sentence())
            .says("Decide on reports within 3 days, and on other flags within 7.")
            .button("Open the queue", self.link())
            .because("you decide on flags as a moderator or an admin")
    }
}

/// The email to a person who reported a pull request or a repository.
#[derive(Clone, Debug)]
pub struct ReportOutcome {
    /// The pull request or the repository.
    pub name: String,
    pub path: String,
    /// True if the report was confirmed, false if the flag was cleared.
    pub is_confirmed: bool,
    pub effect: Option<FlagEffect>,
}

impl ReportOutcome {
    /// Returns the path of the page of what was reported.
    #[must_use]
    pub fn link(&self) -> String {
        self.path.clone()
    }

    /// Returns the sentence that says what was decided.
    #[must_use]
    pub fn sentence(&self) -> &'static str {
        match (self.is_confirmed, self.effect) {
            (false, _) => "A moderator found nothing wrong and cleared the flag.",
            (true, None) => "A moderator confirmed it for the record.",
            (true, Some(FlagEffect::NoPoints)) => "A moderator confirmed it. It earns no points.",
            (true, Some(FlagEffect::Spam)) => "A moderator confirmed that it is spam.",
        }
    }
}

impl EmailTemplate for ReportOutcome {
    fn email(&self, _: Frame<'_>) -> Email {
        let was = if self.is_confirmed { "was confirmed" } else { "was not confirmed" };
        Email::new(format!("Your report of {} {was}", self.name))
            .heading(format!("Your report {was}"))
            .says(self.sentence())
            .says("Thank you for the report.")
            .fact("Reported", &self.name)
            .button("See what you reported", self.link())
            .because("you reported it")
    }
}

pub(super) fn samples() -> [Sample; 2] {
    let outcome = ReportOutcome {
        name: "octo-org/lantern#7".to_owned(),
        path: "/pull-requests/octo-org/lantern/7".to_owned(),
        is_confirmed: true,
        effect: Some(FlagEffect::Spam),
    };
    [
        Sample::new("fair-play-flags", FlagsWaiting { new: 3, late: 1 }).optional(),
        Sample::new("report-outcome", outcome).optional(),
    ]
}

#[cfg(test)]
mod tests {
    use super::FlagsWaiting;

    #[test]
    fn flags_are_counted_in_words() {
        let cases = [
            (3, 0, "3 new flags wait"),
            (0, 1, "1 flag waits for too long"),
            (1, 2, "1 new flag waits, and 2 flags wait for too long"),
        ];
        for (new, late, expected) in cases {
            assert_eq!(FlagsWaiting { new, late }.sentence(), expected);
        }
    }
}
