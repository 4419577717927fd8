//! Emails of this module.

use kernel::first_words;
use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

/// An answer to feedback.
pub const FEEDBACK_ANSWERED: NewsKind = NewsKind {
    code: "feedback_answered",
    title: "Answers to your feedback",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The email about an answer to feedback.
#[derive(Clone, Debug)]
pub struct FeedbackAnswered {
    /// The person's words.
    pub words: String,
    pub answer: String,
}

impl EmailTemplate for FeedbackAnswered {
    fn email(&self, frame: Frame<'_>) -> Email {
        Email::new("Your feedback has an answer")
            .heading("An answer to your feedback")
            .says(format!("An admin of {} answered what you said:", frame.community))
            .quotes(&*self.answer)
            .fact("You said", first_words(&self.words, 200))
            .button("Open your feedback", "/feedback")
            .because("you sent feedback about this server")
    }
}

/// Returns every email with sample data.
pub(crate) fn samples() -> Vec<Sample> {
    let email = FeedbackAnswered {
        words: "The list of <stations> could be sorted by name.".to_owned(),
        answer: "Thank you. It will be, with the next update.".to_owned(),
    };
    vec![Sample::new("feedback-answered", email).optional()]
}
