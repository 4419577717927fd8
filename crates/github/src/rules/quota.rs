//! GitHub's limits on requests (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).

use std::time::Duration;

use kernel::Timestamp;

/// How long to wait at a secondary limit for which GitHub states no time.
const SECONDARY: Duration = Duration::from_secs(60);

/// The longest wait for a limit: GitHub's window of an hour, and a few minutes for clocks that differ.
const LONGEST: Duration = Duration::from_secs(65 * 60);

/// A response's statement about the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatedQuota {
    pub status: u16,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
    /// `x-ratelimit-remaining`: the requests that are left until the limit resets.
    pub remaining: Option<u64>,
    /// `x-ratelimit-reset`.
    pub resets_at: Option<Timestamp>,
    /// True if the message names a limit.
    pub names_limit: bool,
}

impl StatedQuota {
    /// Returns how long to wait because this request was refused at a limit; `None` if it was not.
    #[must_use]
    pub fn refusal(&self, now: Timestamp) -> Option<Duration> {
        if !matches!(self.status, 403 | 429) {
            return None;
        }
        let is_used_up = self.remaining == Some(0);
        let is_limit = self.status == 429 || self.retry_after.is_some() || is_used_up;
        if !is_limit && !self.names_limit {
            return None;
        }
        let reset = is_used_up.then(|| self.until_reset(now)).flatten();
        Some(self.retry_after.or(reset).unwrap_or(SECONDARY).min(LONGEST))
    }

    /// Returns how long to wait before the next request, because this one was the last until the limit resets.
    #[must_use]
    pub fn pause(&self, now: Timestamp) -> Option<Duration> {
        let is_last = self.remaining == Some(0);
        let wait = is_last.then(|| self.until_reset(now)).flatten()?;
        Some(wait.min(LONGEST))
    }

    /// Returns the time until the second after the reset, because GitHub's times have no fractions.
    fn until_reset(&self, now: Timestamp) -> Option<Duration> {
        let wait = self.resets_at? - now + chrono::TimeDelta::seconds(1);
        Some(wait.to_std().unwrap_or(Duration::from_secs(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-01T08:00:00Z".parse().expect("an instant")
    }

    fn seconds(wait: Option<Duration>) -> Option<u64> {
        wait.map(|wait| wait.as_secs())
    }

    #[test]
    fn a_refusal_states_how_long_to_wait() {
        let resets_at = Some(now() + chrono::TimeDelta::seconds(90));
        let stated = |status, retry_after: Option<u64>, remaining, names_limit| StatedQuota {
            status,
            retry_after: retry_after.map(Duration::from_secs),
            remaining,
            resets_at,
            names_limit,
        };
        for (case, wait) in [
            (stated(403, None, Some(0), true), Some(91)),
            (stated(429, None, Some(0), true), Some(91)),
            (stated(429, Some(30), Some(4_000), true), Some(30)),
            (stated(403, Some(30), Some(0), true), Some(30)),
            (stated(403, None, Some(4_000), true), Some(60)),
            (stated(429, None, None, false), Some(60)),
            (stated(403, Some(86_400), None, true), Some(3_900)),
            (stated(403, None, Some(4_000), false), None),
            (stated(200, None, Some(0), false), None),
            (stated(500, Some(5), Some(0), false), None),
        ] {
            assert_eq!(seconds(case.refusal(now())), wait, "{case:?}");
        }
    }

    #[test]
    fn the_last_request_pauses_until_the_reset() {
        let stated = |remaining, after: i64| StatedQuota {
            status: 200,
            remaining,
            resets_at: Some(now() + chrono::TimeDelta::seconds(after)),
            ..StatedQuota::default()
        };
        assert_eq!(seconds(stated(Some(0), 120).pause(now())), Some(121));
        assert_eq!(seconds(stated(Some(0), -120).pause(now())), Some(1));
        assert_eq!(seconds(stated(Some(0), 1_000_000).pause(now())), Some(3_900));
        assert_eq!(stated(Some(1), 120).pause(now()), None);
        assert_eq!(stated(None, 120).pause(now()), None);
    }
}
