//! Emails about disputes and decisions on points.

use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::{
    FLAG,
    model::{DisputeState, MessageKind},
};

/// A new dispute or appeal that the recipient may decide, or that is about their project or their decision.
pub const DISPUTE_OPENED: NewsKind = NewsKind {
    code: "dispute_opened",
    title: "New disputes and appeals",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: false,
    flag: None,
};

/// A message or a decision in a dispute of the recipient.
pub const DISPUTE_UPDATED: NewsKind = NewsKind {
    code: "dispute_updated",
    title: "Messages and decisions in disputes",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// A decision that overrides the points of the recipient's pull request.
pub const SCORE_DECISION: NewsKind = NewsKind {
    code: "score_decision",
    title: "Decisions on the points of your pull requests",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email about an entry in the thread of a dispute.
#[derive(Clone, Debug)]
pub struct DisputeNews {
    /// The number, as in D-12.
    pub number: i64,
    /// The thing that the dispute is about.
    pub subject: String,
    pub kind: MessageKind,
    /// The login of its author.
    pub by: String,
    /// The outcome, for a decision.
    pub state: DisputeState,
    /// The text; empty after an erasure.
    pub text: String,
}

impl DisputeNews {
    /// Returns the path of the dispute's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/disputes/D-{}", self.number)
    }

    /// Returns the sentence that says what happened. It is kept in inboxes, so it names no one.
    #[must_use]
    pub fn sentence(&self) -> String {
        let number = self.number;
        let outcome = match self.state {
            DisputeState::Granted => "granted",
            _ => "not granted",
        };
        match self.kind {
            MessageKind::Opened => format!("New dispute D-{number}"),
            MessageKind::Message => format!("New message in dispute D-{number}"),
            MessageKind::Decided => format!("Dispute D-{number} is {outcome}"),
            MessageKind::Appealed => format!("Dispute D-{number} is appealed"),
            MessageKind::AppealDecided => format!("The appeal of dispute D-{number} is {outcome}"),
        }
    }
}

impl EmailTemplate for DisputeNews {
    fn email(&self, _: Frame<'_>) -> Email {
        let email = Email::new(self.sentence())
            .preview(format!("About {}", self.subject))
            .fact("About", &self.subject)
            .fact("From", &self.by);
        let email = if self.text.is_empty() { email } else { email.quotes(&self.text) };
        email
            .button("Open the dispute", self.link())
            .because("you take part in this dispute, or may decide it")
    }
}

/// The email about a decision on the points of a pull request.
#[derive(Clone, Debug)]
pub struct ScoreDecision {
    /// The pull request's title.
    pub title: String,
    /// `owner/name`.
    pub repository: String,
    /// The pull request's number.
    pub number: i64,
    /// The decision, as a sentence.
    pub decision: String,
    pub reason: String,
}

impl ScoreDecision {
    /// Returns the path of the pull request's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/pull-requests/{}/{}", self.repository, self.number)
    }
}

impl EmailTemplate for ScoreDecision {
    fn email(&self, _: Frame<'_>) -> Email {
        let pull = format!("{}#{}", self.repository, self.number);
        Email::new(format!("{pull}: decision on the points"))
            .heading("An admin decided on the points of your pull request")
            .says(&self.decision)
            .fact("Pull request", format!("{}, {pull}", self.title))
            .fact("Reason", &self.reason)
            .button("Open the pull request", self.link())
            .because("it is your pull request")
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let news = |kind, state| DisputeNews {
        number: 12,
        subject: "octo-org/lantern #7".to_owned(),
        kind,
        by: "finch-ash".to_owned(),
        state,
        text: "The label <spam> was set by mistake.".to_owned(),
    };
    let decision = ScoreDecision {
        title: "Keep <lanterns> lit".to_owned(),
        repository: "octo-org/lantern".to_owned(),
        number: 7,
        decision: "It has 40 points.".to_owned(),
        reason: "The file list of <GitHub> was incomplete.".to_owned(),
    };
    let opened = news(MessageKind::Opened, DisputeState::Open);
    let decided = news(MessageKind::Decided, DisputeState::Granted);
    vec![
        Sample::new("dispute-opened", opened).optional(),
        Sample::new("dispute-decided", decided).optional(),
        Sample::new("score-decision", decision).optional(),
    ]
}
