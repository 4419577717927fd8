use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FLAG;

/// A mentor who comes to a team that asked for help. The team is at its table, so no email is sent unless a person chooses it.
pub const HACKATHON_HELP: NewsKind = NewsKind {
    code: "hackathon_help",
    title: "Mentors who come to your team",
    is_security: false,
    mail: NewsMode::Off,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email about a mentor who took a request for help.
#[derive(Clone, Debug)]
pub struct HelpTaken {
    /// The login of the mentor.
    pub mentor: String,
    pub place: String,
    pub hackathon: String,
    /// The hackathon's slug.
    pub slug: String,
}

impl HelpTaken {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}/help", self.slug)
    }

    /// Returns the sentence that says what happened.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{} is coming to your team at {}", self.mentor, self.hackathon)
    }
}

impl EmailTemplate for HelpTaken {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(self.sentence())
            .heading("A mentor is coming to your team")
            .says(format!("{} can see where your team is.", self.mentor))
            .fact("Place", &self.place)
            .button("See your request", self.link())
            .because("your team asked for help")
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let taken = HelpTaken {
        mentor: "mo".to_owned(),
        place: "Table <7>".to_owned(),
        hackathon: "Low <Tide> Hack".to_owned(),
        slug: "low-tide-hack".to_owned(),
    };
    vec![Sample::new("hackathon-help", taken).optional()]
}
