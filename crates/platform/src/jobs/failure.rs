use std::time::Duration;

use uuid::Uuid;

/// The number of failed attempts after which a row becomes a dead letter.
pub const MAX_ATTEMPTS: i64 = 8;

/// The consequence of a failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Retry after a backoff; a dead letter after [`MAX_ATTEMPTS`].
    Retry(String),
    /// Retry after the wait that the other service asked for; a dead letter after [`MAX_ATTEMPTS`].
    Later(String, Duration),
    /// Do not retry: a dead letter immediately.
    Fail(String),
    /// Do not retry: an outcome for the person whose input caused it, and no task for operators.
    Refuse(String),
}

impl Failure {
    /// Returns why the attempt failed.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Retry(reason)
            | Self::Later(reason, _)
            | Self::Fail(reason)
            | Self::Refuse(reason) => reason,
        }
    }
}

/// Returns the wait after the n-th failed attempt: 2, 4, 8 … seconds, up to an hour. `spread` adds up to a fifth
/// so that many failed rows do not become due at once.
#[must_use]
pub fn backoff(attempts: i64, spread: Uuid) -> Duration {
    let exponent = u32::try_from(attempts.clamp(1, 12)).unwrap_or(12);
    let base = 2_u64.pow(exponent).min(3_600) * 1_000;
    let spread = u64::from(spread.as_bytes()[15]) * base / 5 / 255;
    Duration::from_millis(base + spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_doubles_up_to_an_hour() {
        let shortest = |attempts| backoff(attempts, Uuid::nil()).as_secs();
        assert_eq!([1, 2, 3, 8].map(shortest), [2, 4, 8, 256]);
        assert_eq!(shortest(12), 3_600);
        assert_eq!(shortest(i64::MAX), 3_600);
        assert_eq!(backoff(1, Uuid::max()), Duration::from_millis(2_400));
    }
}
