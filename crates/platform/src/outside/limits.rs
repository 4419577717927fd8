use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::Timestamp;

use super::Circuit;

/// The limits of an external service for one caller, which all clients of the caller share: a circuit breaker, and the pause that
/// the service asked for.
#[derive(Debug, Default)]
pub struct Limits {
    pub circuit: Circuit,
    /// When the next request is possible, after a limit was reached.
    paused_until: Mutex<Option<Timestamp>>,
}

/// The reason why a service must not be called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It failed repeatedly. The next call is possible after this time.
    Failing(Duration),
    /// A limit is reached. It ends after this time.
    Limited(Duration),
}

impl Limits {
    /// Refuses a request while the service fails or a limit lasts.
    ///
    /// # Errors
    /// When the service must not be called now.
    pub fn may_call(&self, now: Timestamp) -> Result<(), Closed> {
        if let Some(wait) = self.circuit.open_for(now) {
            return Err(Closed::Failing(wait));
        }
        let until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        match until.and_then(|until| (until - now).to_std().ok()) {
            Some(wait) if !wait.is_zero() => Err(Closed::Limited(wait)),
            _ => Ok(()),
        }
    }

    /// Allows no request before an instant.
    pub fn pause(&self, until: Timestamp) {
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = Some(until);
    }
}

/// Returns the wait before the `n`-th retry of a request: half a second, then a second, and up to half as much more.
/// `spread` is any byte.
#[must_use]
pub fn backoff(n: u32, spread: u8) -> Duration {
    let base = 250_u64 << n.min(6);
    Duration::from_millis(base + base * u64::from(spread) / 510)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_wait_longer_each_time() {
        assert_eq!(backoff(1, 0), Duration::from_millis(500));
        assert_eq!(backoff(2, 0), Duration::from_millis(1_000));
        assert_eq!(backoff(1, 255), Duration::from_millis(750));
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let limits = Limits::default();
        let at =
            |second: i64| Timestamp::from_timestamp(1_790_000_000 + second, 0).expect("a time");
        assert_eq!(limits.may_call(at(0)), Ok(()));
        limits.pause(at(30));
        let left = Closed::Limited(Duration::from_secs(20));
        assert_eq!(limits.may_call(at(10)), Err(left));
        assert_eq!(limits.may_call(at(30)), Ok(()));
    }
}
