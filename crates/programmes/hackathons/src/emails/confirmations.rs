use platform::outbox::{Email, EmailTemplate, Frame, Sample};

/// The reminder to confirm a place.
#[derive(Clone, Debug)]
pub struct ConfirmPlace {
    /// The time that is left, in words.
    pub left: String,
    /// The time by which the person confirms, in the hackathon's time zone.
    pub by: String,
    pub hackathon: String,
    /// The hackathon's slug.
    pub slug: String,
}

impl ConfirmPlace {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns the sentence that says what to do.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("Confirm your place at {}: {} left", self.hackathon, self.left)
    }
}

impl EmailTemplate for ConfirmPlace {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(self.sentence())
            .heading(format!("Confirm your place at {}", self.hackathon))
            .preview(format!("By {}", self.by))
            .warns(format!("You have {} left.", self.left))
            .says("A place that is not confirmed goes to the waitlist.")
            .fact("Confirm by", &self.by)
            .button("Confirm your place", self.link())
            .because(format!("you have a place at {}", self.hackathon))
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let confirm = ConfirmPlace {
        left: "1 day".to_owned(),
        by: "10 Nov 2026, 18:00 (Europe/Lisbon)".to_owned(),
        hackathon: "Low <Tide> Hack".to_owned(),
        slug: "low-tide-hack".to_owned(),
    };
    vec![Sample::new("confirm-place", confirm).optional()]
}
