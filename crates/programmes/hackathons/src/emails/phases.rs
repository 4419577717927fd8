use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FLAG;

/// A hackathon whose submissions opened, or whose judging began. The dates are known before, so no email is sent unless a
/// person chooses so.
pub const HACKATHON_PHASE: NewsKind = NewsKind {
    code: "hackathon_phase",
    title: "Phases of your hackathons",
    is_security: false,
    mail: NewsMode::Off,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The email about submissions that opened, or judging that began.
#[derive(Clone, Debug)]
pub struct PhaseBegun {
    /// True for judging, false for submissions.
    pub is_judging: bool,
    /// The end, with the time zone.
    pub ends: String,
    pub hackathon: String,
    /// The hackathon's slug.
    pub slug: String,
}

impl PhaseBegun {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        let part = if self.is_judging { "" } else { "/submission" };
        format!("/hackathons/{}{part}", self.slug)
    }
}

impl EmailTemplate for PhaseBegun {
    fn email(&self, _: Frame<'_>) -> Email {
        let Self { hackathon, ends, .. } = self;
        let email = if self.is_judging {
            Email::new(format!("Judging of {hackathon} has begun"))
                .says(
                    "Judges are scoring the projects now. You get the results when they are published.",
                )
                .fact("Judging ends", ends)
                .button("Open the hackathon", self.link())
        } else {
            Email::new(format!("Submissions to {hackathon} are open"))
                .says("You can submit your project now, and change it until they close.")
                .fact("Submit by", ends)
                .button("Submit your project", self.link())
        };
        email.because(format!("you have a place at {hackathon}"))
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let begun = |is_judging| PhaseBegun {
        is_judging,
        ends: "22 Nov 2026, 18:00 (Europe/Lisbon)".to_owned(),
        hackathon: "Low <Tide> Hack".to_owned(),
        slug: "low-tide-hack".to_owned(),
    };
    vec![
        Sample::new("hackathon-submissions-open", begun(false)).optional(),
        Sample::new("hackathon-judging-begun", begun(true)).optional(),
    ]
}
