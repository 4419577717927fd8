use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long something is remembered.
const REMEMBERED: Duration = Duration::from_hours(1);

/// The most refused deliveries that are counted in that time.
const MOST: usize = 1_000;

/// Observations of a process in the requests of the last hour, for its row. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Noticed(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    /// When deliveries with a wrong signature were refused, oldest first.
    refused: VecDeque<Instant>,
    /// The last peer that forwarded a request without being a trusted proxy.
    forwarded: Option<(IpAddr, Instant)>,
}

impl Noticed {
    /// Notices that a delivery with a wrong signature was refused.
    pub fn refused_signature(&self) {
        self.lock().refuse(Instant::now());
    }

    /// Notices that a peer forwarded a request without being a trusted proxy.
    pub(crate) fn forwarded(&self, peer: IpAddr) {
        self.lock().forwarded = Some((peer, Instant::now()));
    }

    /// Returns the number of deliveries that were refused in the last hour: at most a thousand.
    pub(super) fn refused_signatures(&self) -> usize {
        self.lock().refused(Instant::now())
    }

    /// Returns the peer that forwarded a request in the last hour without being a trusted proxy.
    pub(super) fn forwarded_by(&self) -> Option<IpAddr> {
        let (peer, at) = self.lock().forwarded?;
        (at.elapsed() < REMEMBERED).then_some(peer)
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn refuse(&mut self, now: Instant) {
        if self.refused.len() == MOST {
            self.refused.pop_front();
        }
        self.refused.push_back(now);
    }

    fn refused(&mut self, now: Instant) -> usize {
        while self.refused.front().is_some_and(|at| now.duration_since(*at) >= REMEMBERED) {
            self.refused.pop_front();
        }
        self.refused.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_deliveries_are_counted_for_an_hour() {
        let (mut seen, began) = (Seen::default(), Instant::now());
        let after = |minutes| began + Duration::from_mins(minutes);
        (0..3).for_each(|minute| seen.refuse(after(minute)));
        let counted = [0, 59, 60, 61, 62].map(|minute| seen.refused(after(minute)));
        assert_eq!(counted, [3, 3, 2, 1, 0]);
        (0..2 * MOST).for_each(|_| seen.refuse(began));
        assert_eq!(seen.refused(began), MOST);
    }
}
