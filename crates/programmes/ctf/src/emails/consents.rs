use platform::{
    module::{NewsKind, NewsMode},
    outbox::{Email, EmailTemplate, Frame, Sample},
};

use super::coaches;
use crate::FLAG;

/// Answers of parents, for the coaches of the roster.
pub const CTF_CONSENTS: NewsKind = NewsKind {
    code: "ctf_consents",
    title: "Consents of parents of your CTF competitors",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The email about the answer of a parent. It names neither the competitor nor the parent.
#[derive(Clone, Debug)]
pub struct ConsentAnswered {
    pub roster: String,
    /// True for a consent, false for a withdrawal.
    pub is_given: bool,
    /// The path of the competitor's profile.
    pub link: String,
}

impl ConsentAnswered {
    #[must_use]
    pub fn subject(&self) -> String {
        let verb = if self.is_given { "consented" } else { "withdrew the consent" };
        format!("{}: a parent {verb}", self.roster)
    }

    /// Returns the sentence about the consequence.
    #[must_use]
    pub const fn line(&self) -> &'static str {
        if self.is_given {
            "A parent consented for a competitor of this roster. The release is on record."
        } else {
            "A parent withdrew the consent for a competitor of this roster. Scores are no longer synced."
        }
    }
}

impl EmailTemplate for ConsentAnswered {
    fn email(&self, _: Frame<'_>) -> Email {
        let heading =
            if self.is_given { "A parent consented" } else { "A parent withdrew the consent" };
        Email::new(self.subject())
            .heading(heading)
            .says(self.line())
            .fact("Roster", &self.roster)
            .button("Open the profile", &self.link)
            .because(coaches(&self.roster))
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let given = ConsentAnswered {
        roster: "Harbor <Owls>".to_owned(),
        is_given: true,
        link: "/ctf/competitors/0192aaaa-bbbb-7ccc-8ddd-0123456789ab/profile".to_owned(),
    };
    let withdrawn = ConsentAnswered { is_given: false, ..given.clone() };
    [Sample::new("ctf-consent-given", given), Sample::new("ctf-consent-withdrawn", withdrawn)]
}
