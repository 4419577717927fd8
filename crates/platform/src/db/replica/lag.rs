//! How far a replica is behind its primary, by the clock of this process alone.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

/// The number of positions that are remembered: those of about ten minutes.
const REMEMBERED: usize = 300;

/// The time by which a replica is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lag {
    /// Everything that was committed this long ago is on the replica.
    AtMost(Duration),
    /// Something that was committed this long ago is not on the replica, and nothing else is known.
    MoreThan(Duration),
}

impl Lag {
    /// Returns the time, whichever bound it is.
    #[must_use]
    pub fn time(self) -> Duration {
        match self {
            Self::AtMost(time) | Self::MoreThan(time) => time,
        }
    }
}

/// Positions of the primary in its log, with instants before which all that was committed is at or before the position, oldest first.
#[derive(Debug, Default)]
pub(super) struct Positions(VecDeque<(Instant, i64)>);

impl Positions {
    /// Adds the position that the primary stated after `asked`. A primary whose log goes back was restored, and begins anew.
    pub(super) fn add(&mut self, asked: Instant, position: i64) {
        if self.0.back().is_some_and(|(_, last)| position < *last) {
            self.0.clear();
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((asked, position));
    }

    /// Returns the lag of a replica that has replayed the log up to a position.
    pub(super) fn lag(&self, replayed: i64, now: Instant) -> Lag {
        let since = |at: Instant| now.saturating_duration_since(at);
        let passed = self.0.iter().rev().find(|(_, position)| *position <= replayed);
        match (passed, self.0.front()) {
            (Some((at, _)), _) => Lag::AtMost(since(*at)),
            (None, Some((oldest, _))) => Lag::MoreThan(since(*oldest)),
            (None, None) => Lag::MoreThan(Duration::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_lag_is_the_age_of_the_newest_position_that_was_replayed() {
        let began = Instant::now();
        let at = |seconds| began + Duration::from_secs(seconds);
        let mut positions = Positions::default();
        assert_eq!(positions.lag(900, at(0)), Lag::MoreThan(Duration::ZERO));
        for (seconds, position) in [(0, 100), (2, 200), (4, 200), (6, 300)] {
            positions.add(at(seconds), position);
        }
        for (replayed, expected) in [
            (99, Lag::MoreThan(Duration::from_secs(6))),
            (100, Lag::AtMost(Duration::from_secs(6))),
            (199, Lag::AtMost(Duration::from_secs(6))),
            // Nothing was committed between the two.
            (200, Lag::AtMost(Duration::from_secs(2))),
            (300, Lag::AtMost(Duration::ZERO)),
            (999, Lag::AtMost(Duration::ZERO)),
        ] {
            assert_eq!(positions.lag(replayed, at(6)), expected, "{replayed}");
        }
        positions.add(at(8), 50);
        assert_eq!(positions.lag(60, at(9)), Lag::AtMost(Duration::from_secs(1)), "restored");
        for number in 0..1_000 {
            positions.add(at(10), number + 60);
        }
        assert_eq!(positions.lag(60, at(10)), Lag::MoreThan(Duration::ZERO));
    }
}
