//! Emails about reviews.

use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FLAG;

/// A review of the recipient's pull request.
pub const REVIEWED_PULL_REQUEST: NewsKind = NewsKind {
    code: "pull_request_reviewed",
    title: "Reviews of your pull requests",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The recipient's own review, on which nothing happened for some days.
pub const IDLE_REVIEW: NewsKind = NewsKind {
    code: "review_idle",
    title: "Reminders of your reviews",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// A pull request of the recipient, or of a project that they maintain, on which nothing happened for a long time.
pub const IDLE_PULL_REQUEST: NewsKind = NewsKind {
    code: "pull_request_idle",
    title: "Stale and abandoned pull requests",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The email to an author about a review.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The pull request's title.
    pub title: String,
    /// `owner/name`.
    pub repository: String,
    /// The pull request's number.
    pub number: i64,
    /// The event, after "octo-org/lantern#7".
    pub event: String,
    /// The event, as a sentence.
    pub sentence: String,
    /// The comment that everyone can read.
    pub comment: Option<String>,
    /// The author's next step, as a sentence; may be empty.
    pub next: String,
}

impl Reviewed {
    /// Returns the path of the pull request's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/pull-requests/{}/{}", self.repository, self.number)
    }
}

impl EmailTemplate for Reviewed {
    fn email(&self, _: Frame<'_>) -> Email {
        let pull = format!("{}#{}", self.repository, self.number);
        let email = Email::new(format!("{pull}: {}", self.event))
            .heading(self.sentence.trim_end_matches('.'))
            .preview(&self.title)
            .says(&self.next)
            .fact("Pull request", format!("{}, {pull}", self.title));
        let email = match &self.comment {
            Some(comment) => email.quotes(comment),
            None => email,
        };
        email.button("Open the pull request", self.link()).because("it is your pull request")
    }
}

/// The email to a reviewer whose review is idle or was given back.
#[derive(Clone, Debug)]
pub struct IdleReview {
    /// The pull request's title.
    pub title: String,
    /// `owner/name`.
    pub repository: String,
    /// The pull request's number.
    pub number: i64,
    /// True if the review was given back; false for the reminder before.
    pub is_released: bool,
    /// The number of days without an action by the reviewer.
    pub days: u32,
    /// The number of days after which a review is given back.
    pub released_after: u32,
}

impl IdleReview {
    /// Returns the path of the pull request's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/pull-requests/{}/{}", self.repository, self.number)
    }
}

impl EmailTemplate for IdleReview {
    fn email(&self, _: Frame<'_>) -> Email {
        let Self { title, days, released_after, .. } = self;
        let pull = format!("{}#{}", self.repository, self.number);
        let email = if self.is_released {
            Email::new(format!("Your review of {pull} was given back"))
                .heading("Your review was given back")
                .says(format!(
                    "You did nothing on it for {days} days, so the pull request is back in the queue. You can start a \
                     review again."
                ))
        } else {
            Email::new(format!("Your review of {pull} is idle"))
                .heading("Your review is idle")
                .says(format!(
                    "You started a review and did nothing on it for {days} days. After {released_after} days the pull \
                     request returns to the queue."
                ))
        };
        email
            .fact("Pull request", format!("{title}, {pull}"))
            .button("Open the pull request", self.link())
            .because("you started this review")
    }
}

/// The email about a stale or abandoned pull request.
#[derive(Clone, Debug)]
pub struct IdlePull {
    /// The pull request's title.
    pub title: String,
    /// `owner/name`.
    pub repository: String,
    /// The pull request's number.
    pub number: i64,
    /// True if it is abandoned; false if it is stale.
    pub is_abandoned: bool,
    /// The number of days without activity.
    pub days: i64,
    /// The number of days after which it is abandoned.
    pub abandoned_after: i64,
    /// True if its project has abandoned ones closed on GitHub.
    pub is_closed_then: bool,
}

impl IdlePull {
    /// Returns the path of the pull request's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/pull-requests/{}/{}", self.repository, self.number)
    }

    #[must_use]
    pub fn word(&self) -> &'static str {
        if self.is_abandoned { "abandoned" } else { "stale" }
    }
}

impl EmailTemplate for IdlePull {
    fn email(&self, _: Frame<'_>) -> Email {
        let Self { title, days, abandoned_after, .. } = self;
        let pull = format!("{}#{}", self.repository, self.number);
        let says = if self.is_abandoned && self.is_closed_then {
            format!(
                "Nothing happened on it for {days} days, so it left the queue of reviews, and its project has it closed on \
                 GitHub within hours. Any activity there until then prevents that. Reopen it later to continue."
            )
        } else if self.is_abandoned {
            format!(
                "Nothing happened on it for {days} days, so it left the queue of reviews. It is still open on GitHub, \
                 and it returns with any activity there."
            )
        } else {
            format!(
                "Nothing happened on it for {days} days. After {abandoned_after} days it leaves the queue of reviews. \
                 Any activity on GitHub prevents that."
            )
        };
        Email::new(format!("{pull} is {}", self.word()))
            .heading(format!("A pull request is {}", self.word()))
            .says(says)
            .fact("Pull request", format!("{title}, {pull}"))
            .button("Open the pull request", self.link())
            .because("you opened it, or maintain its project")
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let repository = || "octo-org/lantern".to_owned();
    let title = || "Keep <lanterns> lit".to_owned();
    let reviewed = Reviewed {
        title: title(),
        repository: repository(),
        number: 7,
        event: "changes requested".to_owned(),
        sentence: "wren-oak requested changes.".to_owned(),
        comment: Some("Please add a test for <empty> lanterns.".to_owned()),
        next: "Make the changes and push them.".to_owned(),
    };
    let idle = |is_released| IdleReview {
        title: title(),
        repository: repository(),
        number: 7,
        is_released,
        days: if is_released { 14 } else { 7 },
        released_after: 14,
    };
    let pull = |is_abandoned| IdlePull {
        title: title(),
        repository: repository(),
        number: 7,
        is_abandoned,
        days: if is_abandoned { 60 } else { 30 },
        abandoned_after: 60,
        is_closed_then: false,
    };
    vec![
        Sample::new("pull-request-reviewed", reviewed).optional(),
        Sample::new("review-idle", idle(false)).optional(),
        Sample::new("review-released", idle(true)).optional(),
        Sample::new("pull-request-stale", pull(false)).optional(),
        Sample::new("pull-request-abandoned", pull(true)).optional(),
    ]
}
