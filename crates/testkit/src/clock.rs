//! A clock and ID generators that tests control.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta};
use kernel::{Clock, Ids, Timestamp};
use platform::Context;
use uuid::{Builder, Uuid};

use crate::rng::Rng;

/// A clock that only the test moves. Clones share the time.
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<AtomicI64>);

impl FakeClock {
    /// Creates a clock that shows `at`.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.timestamp_micros())))
    }

    /// Sets the time, which may be earlier than before.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.timestamp_micros(), Ordering::SeqCst);
    }

    /// Moves the clock by `step` and returns the new time.
    pub fn advance(&self, step: TimeDelta) -> Timestamp {
        let micros = step.num_microseconds().unwrap_or_default();
        micros_to_instant(self.0.fetch_add(micros, Ordering::SeqCst) + micros)
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        micros_to_instant(self.0.load(Ordering::SeqCst))
    }
}

/// Returns the context as of another time, for actions that people took then.
#[must_use]
pub fn as_of(context: &Context, at: Timestamp) -> Context {
    let mut earlier = context.clone();
    earlier.clock = Arc::new(FakeClock::new(at));
    earlier
}

fn micros_to_instant(micros: i64) -> Timestamp {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

/// Sequential IDs: the same in every run, in the order of the calls. Clones share the counter.
#[derive(Clone, Debug, Default)]
pub struct SequentialIds(Arc<AtomicU64>);

impl SequentialIds {
    /// Creates a generator that starts with the first ID.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Ids for SequentialIds {
    fn next(&self) -> Uuid {
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        let mut random = [0; 10];
        random[2..].copy_from_slice(&count.to_be_bytes());
        // Each ID has its own millisecond, so that IDs are sorted regardless of the random part.
        Builder::from_unix_timestamp_millis(1_700_000_000_000 + count, &random).into_uuid()
    }
}

/// IDs like those in production: the clock's milliseconds, then random bits from a seed. IDs of the same millisecond
/// are in no order, as when two processes create them.
#[derive(Clone)]
pub struct RandomIds {
    clock: Arc<dyn Clock>,
    random: Arc<Mutex<Rng>>,
}

impl RandomIds {
    pub fn new(seed: u64, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), random: Arc::new(Mutex::new(Rng::new(seed))) }
    }
}

impl Ids for RandomIds {
    fn next(&self) -> Uuid {
        let millis = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default();
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&random.bits().to_be_bytes());
        bytes[8..].copy_from_slice(&random.bits().to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> FakeClock {
        FakeClock::new("2026-10-01T12:00:00Z".parse().expect("an instant"))
    }

    #[test]
    fn only_tests_move_the_clock_and_clones_share_it() {
        let one = clock();
        let two = one.clone();
        assert_eq!(one.now(), two.now());
        let later = one.advance(TimeDelta::seconds(90));
        assert_eq!(two.now(), later);
        assert_eq!(later.to_rfc3339(), "2026-10-01T12:01:30+00:00");
        two.set(clock().now());
        assert_eq!(one.now(), clock().now());
    }

    #[test]
    fn sequential_ids_are_sorted_and_deterministic() {
        let (one, two) = (SequentialIds::new(), SequentialIds::new());
        let ids: Vec<Uuid> = (0..1000).map(|_| one.next()).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && *id == two.next()));
    }

    #[test]
    fn random_ids_are_unique_and_sorted_by_time() {
        let clock = clock();
        let ids = RandomIds::new(1, clock.clone());
        let (first, second) = (ids.next(), ids.next());
        assert_ne!(first, second);
        clock.advance(TimeDelta::milliseconds(1));
        assert!(ids.next() > first.max(second));
        assert_eq!(first.get_version_num(), 7);
    }
}
