use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

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

/// The email about a submission.
#[derive(Clone, Debug)]
pub struct SubmissionNews {
    /// The sentence that says what happened.
    sentence: String,
    /// The reason why nothing counts yet; may be empty.
    warning: &'static str,
    /// The sentence that says why, or what comes next.
    details: &'static str,
    /// When submissions close, if people can still submit.
    closes: Option<String>,
    reason: Option<String>,
    /// The label of the button.
    action: &'static str,
    slug: String,
}

impl EmailTemplate for SubmissionNews {
    fn email(&self, _: Frame<'_>) -> Email {
        let email = Email::new(&self.sentence);
        let email = if self.warning.is_empty() { email } else { email.warns(self.warning) };
        let email = email.says(self.details);
        let facts = [("Submit by", &self.closes), ("Reason", &self.reason)].into_iter();
        let facts = facts.filter_map(|(name, value)| Some((name, value.as_ref()?)));
        facts
            .fold(email, |email, (name, value)| email.fact(name, value))
            .button(self.action, self.link())
            .because("you take part in this hackathon")
    }
}

impl SubmissionNews {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}/submission", self.slug)
    }

    /// Creates the email about a disqualification.
    #[must_use]
    pub fn disqualified(title: &str, reason: Option<&str>, slug: String) -> Self {
        let details = "You can appeal on the page of the submission.";
        let reason = reason.unwrap_or("The organizers gave no reason.").to_owned();
        let disqualified = Self::of(format!("{title} is disqualified"), details, slug);
        Self { reason: Some(reason), ..disqualified }
    }

    /// Creates the email about the end of a disqualification.
    #[must_use]
    pub fn reinstated(title: &str, slug: String) -> Self {
        let details = "The organizers took the disqualification back.";
        Self::of(format!("{title} takes part again"), details, slug)
    }

    /// Creates the email about a required check that fails.
    #[must_use]
    pub fn invalid(title: &str, closes: &str, slug: String) -> Self {
        let details = "The page of the submission says which one, and what to do.";
        let invalid = Self::of(format!("A required check of {title} fails"), details, slug);
        Self { closes: Some(closes.to_owned()), action: "See the check", ..invalid }
    }

    /// Creates the email about a later deadline.
    #[must_use]
    pub fn extended(hackathon: &str, closes: &str, reason: &str, slug: String) -> Self {
        let sentence = format!("You can submit to {hackathon} until {closes}");
        let extended = Self::of(sentence, "The organizers gave you a later deadline.", slug);
        Self { closes: Some(closes.to_owned()), reason: Some(reason.to_owned()), ..extended }
    }

    #[must_use]
    pub fn reminder(hackathon: &str, left: &str, closes: &str, slug: String) -> Self {
        let sentence = format!("Submissions to {hackathon} close in {left}");
        let details = "You can submit early, and change it until they close.";
        let reminder = Self::of(sentence, details, slug);
        let warning = "You have not submitted yet.";
        let closes = Some(closes.to_owned());
        Self { closes, warning, action: "Submit your project", ..reminder }
    }

    fn of(sentence: String, details: &'static str, slug: String) -> Self {
        let action = "Open your submission";
        Self { sentence, warning: "", details, closes: None, reason: None, action, slug }
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let slug = || "low-tide-hack".to_owned();
    let (hackathon, closes) = ("Low <Tide> Hack", "22 Nov 2026, 18:00 (Europe/Lisbon)");
    let disqualified = SubmissionNews::disqualified("Gannet", Some("It is a copy."), slug());
    let reminder = SubmissionNews::reminder(hackathon, "6 hours", closes, slug());
    let invalid = SubmissionNews::invalid("Gannet", closes, slug());
    vec![
        Sample::new("submission-disqualified", disqualified).optional(),
        Sample::new("submission-reminder", reminder).optional(),
        Sample::new("submission-invalid", invalid).optional(),
    ]
}
