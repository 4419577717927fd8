use std::time::Duration;

use crate::rules::reply::WrongReply;

/// The reason why a call has no result. It has nothing of the request and of the service's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ModelError {
    /// The service does not accept the key.
    #[error("the service rejected the key (status {0}): check OPENAI_API_KEY")]
    Rejected(u16),
    /// The service refuses the request.
    #[error("the service refused the request (status {0}): check OPENAI_BASE_URL and OPENAI_MODEL")]
    Refused(u16),
    /// The service limits the number of requests.
    #[error("the service limits the number of requests (status 429)")]
    Limited {
        /// How long the service asks to wait.
        retry_after: Option<Duration>,
    },
    /// The service failed.
    #[error("the service failed (status {0})")]
    Failed(u16),
    /// The service did not answer in time.
    #[error("the service did not answer in time")]
    TimedOut,
    /// The service cannot be reached.
    #[error("the service cannot be reached: {0}")]
    Unreachable(&'static str),
    /// The answer is longer than the limit.
    #[error("the answer of the service is too long")]
    TooLong,
    /// The answer is not used.
    #[error("{0}")]
    Wrong(#[from] WrongReply),
    /// The answer contains the key.
    #[error("the answer of the service contains the key, and was discarded")]
    Leaked,
    /// The service is not called for a while, because it failed several times in a row.
    #[error("the service failed several times in a row")]
    Resting(Duration),
}

impl ModelError {
    /// Returns the name of the outcome, for the record of calls and the metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            Self::Rejected(_) => "rejected",
            Self::Refused(_) => "refused",
            Self::Limited { .. } => "limited",
            Self::Failed(_) => "failed",
            Self::TimedOut => "timed_out",
            Self::Unreachable(_) => "unreachable",
            Self::TooLong => "too_long",
            Self::Wrong(WrongReply::Malformed) => "malformed",
            Self::Wrong(_) | Self::Leaked => "wrong_reply",
            Self::Resting(_) => "resting",
        }
    }

    /// Returns true if the service did no work that it could charge for. Of a call without an answer, this is unknown, and so it
    /// is of one that a proxy gave up.
    pub(crate) fn is_free(&self) -> bool {
        match self {
            Self::Rejected(_) | Self::Refused(_) | Self::Limited { .. } => true,
            Self::Failed(status) => matches!(status, 500 | 501 | 503),
            Self::Unreachable(why) => *why == "cannot connect",
            Self::Resting(_) => true,
            Self::TimedOut | Self::TooLong | Self::Wrong(_) | Self::Leaked => false,
        }
    }

    /// Returns true if the service answers no request at present: this says nothing about the issue.
    pub(crate) fn is_of_service(&self) -> bool {
        matches!(self, Self::Limited { .. } | Self::Refused(404 | 405))
    }

    /// Returns true if the same request may succeed when it is sent again.
    pub(crate) fn may_pass(&self) -> bool {
        !matches!(self, Self::Rejected(_) | Self::Refused(_) | Self::Resting(_))
    }
}
