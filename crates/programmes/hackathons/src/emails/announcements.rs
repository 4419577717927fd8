use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};
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

/// The e-mail with an announcement.
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

email_template!(Announced, "hackathon_announcement.txt", "hackathon_announcement.html");

/// Returns each e-mail with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let announced = Announced {
        hackathon: "Low <Tide> Hack".to_owned(),
        slug: "low-tide-hack".to_owned(),
        subject: "Dinner is at eight".to_owned(),
        body: "Meet us at the **harbor**.".to_owned(),
    };
    vec![Sample::new("hackathon-announcement", announced).optional()]
}
