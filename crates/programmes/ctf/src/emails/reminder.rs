use platform::{
    module::{NewsKind, NewsMode},
    outbox::{Email, EmailTemplate, Frame, Sample},
};

use crate::FLAG;

/// The reminder of a competitor who is inactive or never signed in.
pub const CTF_REMINDER: NewsKind = NewsKind {
    code: "ctf_reminder",
    title: "Reminders from your CTF coach",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The email that reminds a competitor.
#[derive(Clone, Debug)]
pub struct Reminder {
    pub roster: String,
    /// True if they never signed in to the game platform.
    pub never_signed_in: bool,
    /// True if they have an account here, and so a report card.
    pub has_account: bool,
}

impl Reminder {
    /// Returns the sentence about the reason.
    #[must_use]
    pub const fn line(&self) -> &'static str {
        if self.never_signed_in {
            "You have an account on the game platform and have not signed in yet. Your first challenge is there. If \
             you have no password, ask your coach to send you the password email."
        } else {
            "You have not solved or opened a challenge on the game platform for 14 days or more. One challenge \
                 is a good start."
        }
    }
}

impl EmailTemplate for Reminder {
    fn email(&self, _: Frame<'_>) -> Email {
        let email = Email::new(format!("A reminder from your CTF team {}", self.roster))
            .says(self.line())
            .because(format!("you are on the roster of {}", self.roster));
        if self.has_account {
            email
                .says("Your report card shows what to try next.")
                .button("Open your report card", "/ctf/me/report")
        } else {
            email
        }
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let inactive =
        Reminder { roster: "Harbor <Owls>".to_owned(), never_signed_in: false, has_account: true };
    let absent = Reminder { never_signed_in: true, has_account: false, ..inactive.clone() };
    [Sample::new("ctf-reminder", inactive), Sample::new("ctf-reminder-sign-in", absent)]
}
