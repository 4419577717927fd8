use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// A token bucket: a rate of requests, a few of which may be sent at once after a pause.
#[derive(Debug)]
pub(super) struct Throttle {
    /// The time that a request takes from the bucket.
    step: Duration,
    /// The time that a full bucket holds.
    depth: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the bucket is full again. It is empty while that is `depth` away.
    full_at: Option<Instant>,
    paused_until: Option<Instant>,
}

impl Throttle {
    /// Creates a full bucket for a number of requests per minute, of which a twelfth, the rate of five seconds, may be sent at
    /// once.
    pub(super) fn new(per_minute: u64) -> Self {
        let per_minute = u32::try_from(per_minute.clamp(1, 60_000)).unwrap_or(1);
        let step = Duration::from_secs(60) / per_minute;
        Self { step, depth: step * (per_minute / 12).max(1), state: Mutex::default() }
    }

    /// Takes a request from the bucket, and returns the number that is left.
    ///
    /// # Errors
    /// When the bucket is empty or paused: the time until the next request is possible.
    pub(super) fn take(&self, now: Instant) -> Result<u64, Duration> {
        self.state(|state| {
            if let Some(until) = state.paused_until.filter(|until| *until > now) {
                return Err(until - now);
            }
            let full_at = state.full_at.map_or(now, |at| at.max(now)) + self.step;
            let held = full_at - now;
            if held > self.depth {
                return Err(held - self.depth);
            }
            state.full_at = Some(full_at);
            Ok(self.requests(self.depth - held))
        })
    }

    /// Returns the number of requests that may be sent at once. A pause of the requests makes it larger, up to [`Self::full`].
    pub(super) fn left(&self, now: Instant) -> u64 {
        self.state(|state| {
            if state.paused_until.is_some_and(|until| until > now) {
                return 0;
            }
            let held = state.full_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
            self.requests(self.depth.saturating_sub(held))
        })
    }

    /// Returns the number of requests in a full bucket.
    pub(super) fn full(&self) -> u64 {
        self.requests(self.depth)
    }

    fn requests(&self, time: Duration) -> u64 {
        u64::try_from(time.as_micros() / self.step.as_micros().max(1)).unwrap_or(u64::MAX)
    }

    /// Stops all requests for a time. A longer pause stays.
    pub(super) fn pause(&self, now: Instant, wait: Duration) {
        self.state(|state| state.paused_until = state.paused_until.max(Some(now + wait)));
    }

    fn state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_kept_with_a_burst_of_five_seconds() {
        let throttle = Throttle::new(60);
        let start = Instant::now();
        for left in (0..5).rev() {
            assert_eq!(throttle.take(start), Ok(left));
        }
        assert_eq!(throttle.take(start), Err(Duration::from_secs(1)));
        let later = start + Duration::from_secs(1);
        assert_eq!(throttle.take(later), Ok(0));
        assert!(throttle.take(later).is_err());
        let long_after = start + Duration::from_secs(600);
        assert_eq!(throttle.take(long_after), Ok(4));
    }

    #[test]
    fn the_bucket_fills_while_nothing_is_sent() {
        let throttle = Throttle::new(60);
        let start = Instant::now();
        assert_eq!((throttle.left(start), throttle.full()), (5, 5));
        while throttle.take(start).is_ok() {}
        for (seconds, left) in [(0, 0), (1, 1), (3, 3), (5, 5), (600, 5)] {
            assert_eq!(throttle.left(start + Duration::from_secs(seconds)), left, "{seconds}");
        }
        throttle.pause(start, Duration::from_secs(30));
        assert_eq!(throttle.left(start + Duration::from_secs(29)), 0);
        assert_eq!(throttle.left(start + Duration::from_secs(30)), 5);
    }

    #[test]
    fn a_minute_has_at_most_the_rate_and_the_burst() {
        let throttle = Throttle::new(600);
        let start = Instant::now();
        let taken = (0..60_000).filter(|millisecond| {
            let now = start + Duration::from_millis(*millisecond);
            throttle.take(now).is_ok()
        });
        let taken = taken.count();
        assert!((600..=650).contains(&taken), "{taken}");
    }

    #[test]
    fn a_pause_stops_everything_and_is_not_shortened() {
        let throttle = Throttle::new(600);
        let now = Instant::now();
        throttle.pause(now, Duration::from_secs(10));
        throttle.pause(now, Duration::from_secs(2));
        assert_eq!(throttle.take(now), Err(Duration::from_secs(10)));
        assert!(throttle.take(now + Duration::from_secs(10)).is_ok());
    }
}
