use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

use crate::FLAG;

/// A decision about a submission, a later deadline, or a required check that fails.
pub const HACKATHON_SUBMISSION: NewsKind = NewsKind {
    code: "hackathon_submission",
    title: "Your submissions to hackathons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// A reminder to submit.
pub const HACKATHON_REMINDER: NewsKind = NewsKind {
    code: "hackathon_reminder",
    title: "Reminders to submit to hackathons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The e-mail about a submission.
#[derive(Clone, Debug)]
pub struct SubmissionNews {
    /// The sentence that says what happened.
    pub sentence: String,
    /// The sentence that says why, or what comes next.
    pub details: String,
    /// The hackathon's slug.
    pub slug: String,
}

impl SubmissionNews {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}/submission", self.slug)
    }

    /// Creates the e-mail about a disqualification.
    #[must_use]
    pub fn disqualified(title: &str, reason: Option<&str>, slug: String) -> Self {
        let reason = reason.unwrap_or("The organizers gave no reason.");
        Self {
            sentence: format!("{title} is disqualified"),
            details: format!("Reason: {reason} You can appeal on the page of the submission."),
            slug,
        }
    }

    /// Creates the e-mail about the end of a disqualification.
    #[must_use]
    pub fn reinstated(title: &str, slug: String) -> Self {
        Self {
            sentence: format!("{title} takes part again"),
            details: "The organizers took the disqualification back.".to_owned(),
            slug,
        }
    }

    /// Creates the e-mail about a required check that fails.
    #[must_use]
    pub fn invalid(title: &str, closes: &str, slug: String) -> Self {
        Self {
            sentence: format!("A required check of {title} fails"),
            details: format!("See which one, and what to do. Submissions close on {closes}."),
            slug,
        }
    }

    /// Creates the e-mail about a later deadline.
    #[must_use]
    pub fn extended(hackathon: &str, closes: &str, reason: &str, slug: String) -> Self {
        Self {
            sentence: format!("You can submit to {hackathon} until {closes}"),
            details: format!("The organizers gave you a later deadline. Reason: {reason}"),
            slug,
        }
    }

    #[must_use]
    pub fn reminder(hackathon: &str, left: &str, closes: &str, slug: String) -> Self {
        Self {
            sentence: format!("Submissions to {hackathon} close in {left}"),
            details: format!(
                "You have not submitted yet. Submit before {closes}; you can change it until then."
            ),
            slug,
        }
    }
}

email_template!(SubmissionNews, "hackathon_submission.txt", "hackathon_submission.html");

/// Returns each e-mail with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let slug = || "low-tide-hack".to_owned();
    let (hackathon, closes) = ("Low <Tide> Hack", "22 Nov 2026, 18:00 (Europe/Lisbon)");
    let disqualified = SubmissionNews::disqualified("Gannet", Some("It is a copy."), slug());
    let reminder = SubmissionNews::reminder(hackathon, "6 hours", closes, slug());
    vec![
        Sample::new("submission-disqualified", disqualified).optional(),
        Sample::new("submission-reminder", reminder).optional(),
    ]
}
