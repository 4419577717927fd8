//! The choice between the primary and a replica.

use std::time::Duration;

use super::lag::Lag;

/// How long a measurement of the lag is used.
pub(super) const MEASURED_FOR: Duration = Duration::from_secs(5);
/// The rounding of the age of a person's own change.
const ROUNDING: Duration = Duration::from_secs(1);

/// A measurement of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Measured {
    pub(super) lag: Lag,
    /// The time since the measurement.
    pub(super) age: Duration,
}

/// The sender of a request for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Someone whose browser says when it last changed something here, if it did lately.
    Browser { changed: Option<Duration> },
    /// A program with a token, whose changes are not remembered.
    Program,
}

/// The database that a page is read from, with the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Replica,
    /// The primary, because the reader may have changed what the replica does not have yet.
    OwnChange,
    /// The primary, because the replica is too far behind.
    Behind,
    /// The primary, because the replica does not respond.
    Unreachable,
}

impl Choice {
    /// Returns the name of the choice in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Replica => "replica",
            Self::OwnChange => "own_change",
            Self::Behind => "behind",
            Self::Unreachable => "unreachable",
        }
    }
}

/// Returns how long the pages of a person are read from the primary after a change of theirs. A replica is used while its lag was at
/// most `allowed` at a measurement of at most [`MEASURED_FOR`] ago, so that it has everything that is older than this.
pub(super) fn own_changes_last(allowed: Duration) -> Duration {
    allowed + MEASURED_FOR + ROUNDING
}

/// Chooses where a page is read. `measured` is `None` while the replica does not respond; `allowed` is the lag that pages may have.
pub(super) fn choose(measured: Option<Measured>, allowed: Duration, reader: Reader) -> Choice {
    let is_own = match reader {
        Reader::Browser { changed } => changed.is_some_and(|ago| ago <= own_changes_last(allowed)),
        Reader::Program => true,
    };
    match measured {
        _ if is_own => Choice::OwnChange,
        None => Choice::Unreachable,
        Some(measured) if measured.age > MEASURED_FOR => Choice::Unreachable,
        Some(Measured { lag: Lag::AtMost(lag), .. }) if lag <= allowed => Choice::Replica,
        Some(_) => Choice::Behind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_from_a_replica_that_is_near_enough() {
        let seconds = Duration::from_secs;
        let at_most =
            |lag, age| Some(Measured { lag: Lag::AtMost(seconds(lag)), age: seconds(age) });
        let more = Some(Measured { lag: Lag::MoreThan(Duration::ZERO), age: Duration::ZERO });
        let visitor = Reader::Browser { changed: None };
        let changed = |ago| Reader::Browser { changed: Some(seconds(ago)) };
        for (measured, reader, expected) in [
            (at_most(0, 0), visitor, Choice::Replica),
            (at_most(10, 5), visitor, Choice::Replica),
            (at_most(11, 0), visitor, Choice::Behind),
            (more, visitor, Choice::Behind),
            (at_most(0, 6), visitor, Choice::Unreachable),
            (None, visitor, Choice::Unreachable),
            // With 10 seconds of lag, 5 of the measurement and 1 of rounding.
            (at_most(0, 0), changed(0), Choice::OwnChange),
            (at_most(0, 0), changed(16), Choice::OwnChange),
            (at_most(0, 0), changed(17), Choice::Replica),
            (None, changed(3), Choice::OwnChange),
            (at_most(0, 0), Reader::Program, Choice::OwnChange),
        ] {
            let chosen = choose(measured, seconds(10), reader);
            assert_eq!(chosen, expected, "{measured:?}, {reader:?}");
        }
    }
}
