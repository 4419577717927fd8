//! Emails about claims, and about issues that fit a person.

use kernel::Timestamp;
use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Item, Sample};

use crate::FLAG;

/// A change of a claim: the person's turn, its end, or a merged pull request.
pub const CLAIM: NewsKind = NewsKind {
    code: "claim",
    title: "Issues that you claimed",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The digest of issues that fit a person.
pub const PICKS: NewsKind = NewsKind {
    code: "issue_picks",
    title: "The five issues that fit you best",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

/// A new issue that fits a person and is worth much.
pub const GOOD_MATCH: NewsKind = NewsKind {
    code: "good_match",
    title: "New issues that fit you and are worth much",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The kinds of notifications of this module.
pub(crate) const KINDS: &[NewsKind] = &[CLAIM, PICKS, GOOD_MATCH];

/// An issue that fits a person.
#[derive(Clone, Debug)]
pub struct Pick {
    pub title: String,
    /// The repository and the number: `owner/name#number`.
    pub place: String,
    /// The estimated time, such as "3–5 h".
    pub hours: String,
    /// The fit, such as "91 %".
    pub percent: String,
    /// The strongest reason.
    pub reason: Option<String>,
    /// The path of its page.
    pub link: String,
}

impl Pick {
    /// Returns the repository, the time, the fit and the reason in one line.
    fn details(&self) -> String {
        let fit = format!("{}, {}, fits you {}", self.place, self.hours, self.percent);
        match &self.reason {
            Some(reason) => format!("{fit}. {reason}"),
            None => fit,
        }
    }
}

/// The digest of issues that fit a person.
#[derive(Clone, Debug)]
pub struct Picks {
    /// The issues, at least one.
    pub picks: Vec<Pick>,
}

impl EmailTemplate for Picks {
    fn email(&self, _: Frame<'_>) -> Email {
        let item = |pick: &Pick| Item::new(&pick.title, &pick.link).details(pick.details());
        let subject = match self.picks.len() {
            1 => "An issue that fits you".to_owned(),
            count => format!("{count} issues that fit you"),
        };
        let best = self.picks.first().map_or("", |pick| pick.title.as_str());
        Email::new(subject)
            .preview(best)
            .lists(self.picks.iter().map(item).collect())
            .button("See more issues", "/discover/for-you")
            .because("you chose to get issues that fit you, at Discover \u{203a} Preferences")
    }
}

/// The email about a new issue that fits a person and is worth much.
#[derive(Clone, Debug)]
pub struct GoodMatch {
    pub pick: Pick,
}

impl EmailTemplate for GoodMatch {
    fn email(&self, _: Frame<'_>) -> Email {
        let pick = &self.pick;
        let email = Email::new(format!("New, and fits you: {}", pick.title))
            .heading(&pick.title)
            .says("This new issue fits you and is worth doing.")
            .fact("Issue", &pick.place)
            .fact("Takes", &pick.hours)
            .fact("Fits you", &pick.percent);
        let email = match &pick.reason {
            Some(reason) => email.fact("Reason", reason),
            None => email,
        };
        email
            .button("See the issue", &pick.link)
            .because("you chose to get new issues that fit you well")
    }
}

/// The email about a claim.
#[derive(Clone, Debug)]
pub struct ClaimNews {
    /// The change, such as "Your turn".
    change: &'static str,
    /// The repository, the number and the title.
    issue: String,
    /// The sentences that say why, or what comes next.
    details: String,
    /// When the claim ends, if it goes on.
    until: Option<Timestamp>,
    /// The label of the button.
    action: &'static str,
}

impl EmailTemplate for ClaimNews {
    fn email(&self, _: Frame<'_>) -> Email {
        let email = Email::new(format!("{}: {}", self.change, self.issue))
            .heading(self.change)
            .says(&self.details)
            .fact("Issue", &self.issue);
        let email = match self.until {
            Some(until) => email.fact("Until", until.format("%-d %B %Y, %H:%M UTC").to_string()),
            None => email,
        };
        email.button(self.action, self.link()).because("you claimed this issue")
    }
}

impl ClaimNews {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        "/discover/claims".to_owned()
    }

    /// Creates the email to the next person in a queue.
    #[must_use]
    pub fn turn(issue: &str, until: Timestamp) -> Self {
        let details = "The issue is yours now. An open pull request that closes it gives you more time. Release the \
                       claim if you no longer want to work on it.";
        let turn = Self::of("Your turn", issue, details);
        Self { until: Some(until), action: "Open your claim", ..turn }
    }

    /// Creates the reminder of the end of a claim.
    #[must_use]
    pub fn ending(issue: &str, until: Timestamp) -> Self {
        let details = "Open a draft pull request that closes the issue to get more time, or release the claim.";
        let ending = Self::of("Your claim ends soon", issue, details);
        Self { until: Some(until), action: "Open your claim", ..ending }
    }

    /// Creates the email about a claim whose time passed.
    #[must_use]
    pub fn expired(issue: &str) -> Self {
        let details = "Others can claim the issue now. You can claim it again if no one else has.";
        Self::of("Your claim expired", issue, details)
    }

    /// Creates the email about a claim to an issue that can no longer be done.
    #[must_use]
    pub fn ended(issue: &str, reason: &str) -> Self {
        let details = format!("The issue can no longer be done: {reason}.");
        Self::of("Your claim ended", issue, &details)
    }

    /// Creates the email about a merged pull request.
    #[must_use]
    pub fn completed(issue: &str, pull_request: &str) -> Self {
        let details = format!(
            "{pull_request} was merged and closes the issue. How was it? State the hours, the difficulty and what you \
             learned."
        );
        Self { action: "Give feedback", ..Self::of("Merged", issue, &details) }
    }

    fn of(change: &'static str, issue: &str, details: &str) -> Self {
        let (issue, details) = (issue.to_owned(), details.to_owned());
        Self { change, issue, details, until: None, action: "See your claims" }
    }
}

/// Returns each email with sample data.
pub(crate) fn samples() -> Vec<Sample> {
    let (issue, at) = ("octo-org/lantern#12 Sort <stations> by name", Timestamp::default());
    let pick = |(title, place, hours, percent, reason): (&str, &str, &str, &str, &str)| Pick {
        title: title.to_owned(),
        place: place.to_owned(),
        hours: hours.to_owned(),
        percent: percent.to_owned(),
        reason: Some(reason.to_owned()),
        link: "/discover/01931b6e-6c00-7000-8000-000000000020".to_owned(),
    };
    let rust = "Rust, in 31 of your 34 pull requests";
    let best = ("Sort <stations> by name", "octo-org/lantern#12", "1–2 h", "91 %", rust);
    let second = (
        "Report which page failed its checksum",
        "octo-org/almanac#490",
        "3–5 h",
        "84 %",
        "error handling, in 9 of your merged pull requests",
    );
    let picks = [best, second].map(pick);
    vec![
        Sample::new("issue-picks", Picks { picks: picks.into() }).optional(),
        Sample::new("good-match", GoodMatch { pick: pick(best) }).optional(),
        Sample::new("claim-turn", ClaimNews::turn(issue, at)).optional(),
        Sample::new("claim-ending", ClaimNews::ending(issue, at)).optional(),
        Sample::new("claim-expired", ClaimNews::expired(issue)).optional(),
        Sample::new("claim-ended", ClaimNews::ended(issue, "it is closed")).optional(),
        Sample::new("claim-completed", ClaimNews::completed(issue, "octo-org/lantern#15"))
            .optional(),
    ]
}
