use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};
use ui::markdown;

use crate::FLAG;

/// An announcement of the organizers of a hackathon.
pub const HACKATHON_ANNOUNCEMENT: NewsKind = NewsKind {
    code: "hackathon_announcement",
    title: "Announcements of your hackathons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email with an announcement.
#[derive(Clone, Debug)]
pub struct Announced {
    pub hackathon: String,
    /// The hackathon's slug.
    pub slug: String,
    pub subject: String,
    /// The text, as Markdown.
    pub body: String,
}

impl Announced {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns the text as HTML.
    #[must_use]
    pub fn html(&self) -> String {
        markdown::typed(&self.body)
    }
}

impl EmailTemplate for Announced {
    fn email(&self, _: Frame<'_>) -> Email {
        let hackathon = &self.hackathon;
        Email::new(format!("{hackathon}: {}", self.subject))
            .heading(&self.subject)
            .preview(format!("From the organizers of {hackathon}"))
            .formatted(&self.body, self.html())
            .button("Open the hackathon", self.link())
            .then(format!("The organizers of {hackathon} wrote this."))
            .because(format!("you take part in {hackathon} or help to run it"))
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let announced = Announced {
        hackathon: "Low <Tide> Hack".to_owned(),
        slug: "low-tide-hack".to_owned(),
        subject: "Dinner is at eight".to_owned(),
        body: "Meet us at the **harbor**.".to_owned(),
    };
    vec![Sample::new("hackathon-announcement", announced).optional()]
}
