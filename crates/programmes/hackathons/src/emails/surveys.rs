use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FLAG;

/// A survey that is open for a person.
pub const HACKATHON_SURVEY: NewsKind = NewsKind {
    code: "hackathon_survey",
    title: "Surveys of your hackathons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The email with the invitation to a survey.
#[derive(Clone, Debug)]
pub struct SurveyOpened {
    pub hackathon: String,
    /// The hackathon's slug.
    pub slug: String,
    /// True if the person is asked as a judge.
    pub is_judge: bool,
    /// When the survey closes, in the hackathon's time zone.
    pub closes: String,
}

impl SurveyOpened {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}/survey", self.slug)
    }

    /// Returns what the person did.
    #[must_use]
    pub fn part(&self) -> &'static str {
        if self.is_judge { "judged at" } else { "took part in" }
    }
}

impl EmailTemplate for SurveyOpened {
    fn email(&self, _: Frame<'_>) -> Email {
        let (hackathon, part) = (&self.hackathon, self.part());
        Email::new(format!("How was {hackathon}?"))
            .says(format!("You {part} {hackathon}. Its organizers ask you a few questions."))
            .says("They see the answers of everyone together, without names.")
            .fact("Answer by", &self.closes)
            .button("Answer the survey", self.link())
            .because(format!("you {part} {hackathon}"))
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let opened = SurveyOpened {
        hackathon: "Low <Tide> Hack".to_owned(),
        slug: "low-tide-hack".to_owned(),
        is_judge: false,
        closes: "14 Dec 2026, 18:00 (Europe/Lisbon)".to_owned(),
    };
    let judge = SurveyOpened { is_judge: true, ..opened.clone() };
    vec![
        Sample::new("hackathon-survey", opened).optional(),
        Sample::new("hackathon-survey-judge", judge).optional(),
    ]
}
