use std::time::Duration;

use kernel::counted;

/// The reason that a call to the game platform has no result. It names no person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// The calls are switched off, or the platform is not configured; the text says by what, with the next step.
    #[error("{0}")]
    SwitchedOff(String),
    /// The platform does not accept the token.
    #[error(
        "The game platform rejected the token. Set GAME_PLATFORM_API_TOKEN to a valid one, and restart."
    )]
    Rejected,
    /// The platform does not know the ID.
    #[error(
        "The game platform does not know this ID. Ask an admin to add the account or the team again under Reconciliation."
    )]
    Unknown,
    #[error(
        "The game platform refused the request ({status}): {detail}. Correct the data, and retry."
    )]
    Refused {
        status: u16,
        /// The platform's reason, without names and addresses.
        detail: String,
    },
    /// The platform's rate limit is reached.
    #[error("The rate limit of the game platform is reached for {}. The next sync tries again.", seconds(*retry_after))]
    RateLimited {
        /// How long the platform asks to wait.
        retry_after: Duration,
    },
    #[error("The game platform failed ({status}). The next sync tries again.")]
    Failed { status: u16 },
    /// The platform did not answer, for this reason.
    #[error(
        "The game platform did not answer ({0}). Check GAME_PLATFORM_API_BASE_URL and the network; the next sync tries again."
    )]
    Unreachable(&'static str),
    /// The answer has a field with an unexpected value, which is named.
    #[error(
        "The answer of the game platform cannot be read: {0}. Run `guildhall doctor game-platform`."
    )]
    Malformed(String),
    /// The answer is longer than the limit.
    #[error(
        "The answer of the game platform is too large. Raise GAME_PLATFORM_ANSWER_BYTES, and restart."
    )]
    TooLarge,
    /// The platform failed so often that it is not called for a while.
    #[error(
        "The game platform failed repeatedly and is not called for half a minute. The next sync tries again."
    )]
    Resting,
}

fn seconds(wait: Duration) -> String {
    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
    counted(seconds.max(1), "second", "seconds")
}

impl PlatformError {
    /// Returns the kind, one word for metrics and stored failures.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SwitchedOff(_) => "switched_off",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
            Self::Refused { .. } => "refused",
            Self::RateLimited { .. } => "rate_limited",
            Self::Failed { .. } => "failed",
            Self::Unreachable(_) => "unreachable",
            Self::Malformed(_) => "malformed",
            Self::TooLarge => "too_large",
            Self::Resting => "resting",
        }
    }

    /// Returns what happened and the next step, without any person's name.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// Returns true if the platform read the request and refused it: perhaps because it did the same before, and its answer was
    /// lost.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { status: 400 | 409 | 422, .. })
    }
}
