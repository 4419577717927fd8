//! The times of full runs: when the next one is due, and for how long none has succeeded.

use chrono::TimeDelta;
use kernel::Timestamp;

use super::runs::RunOutcome;

/// How much earlier than the interval a run is due, so that it is not a tick of the schedule late.
const SLACK: TimeDelta = TimeDelta::minutes(5);

/// How long after a full run without success the next one is due. Each further one doubles it, up to the interval.
const RETRY: TimeDelta = TimeDelta::minutes(30);

/// The number of doublings after which every interval is reached.
const DOUBLINGS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullRun {
    pub requested_at: Timestamp,
    /// The outcome; `None` before the end.
    pub outcome: Option<RunOutcome>,
}

/// Returns whether a full run is due. `last` are the last full runs, the latest first. Without an interval, no run is due.
#[must_use]
pub fn is_full_due(last: &[FullRun], interval: Option<TimeDelta>, now: Timestamp) -> bool {
    let Some(interval) = interval else {
        return false;
    };
    match last.first() {
        Some(latest) => now - latest.requested_at >= delay(last, interval) - SLACK,
        None => true,
    }
}

/// Returns the time from the latest full run to the next one: the interval after a success or while it has not ended, and less
/// after others, because much of what was asked for is missing.
fn delay(last: &[FullRun], interval: TimeDelta) -> TimeDelta {
    let has_failed = |run: &&FullRun| match run.outcome {
        Some(RunOutcome::Failure | RunOutcome::EndedEarly | RunOutcome::Rejected) => true,
        Some(RunOutcome::Success | RunOutcome::SwitchedOff) | None => false,
    };
    let retry = |doublings: usize| {
        let doublings = doublings.min(DOUBLINGS);
        interval.min((0..doublings).fold(RETRY, |wait, _| wait * 2))
    };
    match last.first().and_then(|run| run.outcome) {
        Some(RunOutcome::Success) | None => interval,
        Some(RunOutcome::SwitchedOff) => retry(0),
        Some(RunOutcome::Failure | RunOutcome::EndedEarly | RunOutcome::Rejected) => {
            retry(last.iter().take_while(has_failed).count() - 1)
        }
    }
}

/// The instants by which it is judged for how long no full run has succeeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FullTimes {
    /// When the last successful one ended.
    pub succeeded_at: Option<Timestamp>,
    /// When the first one was requested.
    pub first_at: Option<Timestamp>,
    /// When the integration was last found switched off while one was to run.
    pub paused_at: Option<Timestamp>,
    /// When the first one after that was requested.
    pub resumed_at: Option<Timestamp>,
}

impl FullTimes {
    /// Returns the instant since when no full run has succeeded although it was possible to ask: the last success, or else the
    /// first request; after a pause, the first request since. `None` if none was requested since.
    #[must_use]
    pub fn silent_since(&self) -> Option<Timestamp> {
        let since = self.succeeded_at.or(self.first_at)?;
        if self.paused_at > Some(since) { self.resumed_at } else { Some(since) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("an instant")
    }

    fn ago(minutes: i64) -> Timestamp {
        now() - TimeDelta::minutes(minutes)
    }

    #[test]
    fn a_full_run_is_due_after_the_interval_and_sooner_without_success() {
        use RunOutcome::{EndedEarly, Failure, Rejected, Success, SwitchedOff};
        let open = None;
        for (outcomes, minutes) in [
            (vec![Some(Success)], 355),
            (vec![Some(Success), Some(Failure)], 355),
            (vec![open, Some(Failure)], 355),
            (vec![Some(EndedEarly)], 25),
            (vec![Some(Failure), Some(Success), Some(Failure)], 25),
            (vec![Some(Rejected), Some(EndedEarly)], 55),
            (vec![Some(Failure); 3], 115),
            (vec![Some(Failure); 4], 235),
            (vec![Some(Failure); 5], 355),
            (vec![Some(Failure); 40], 355),
            (vec![Some(SwitchedOff)], 25),
            (vec![Some(SwitchedOff), Some(Failure), Some(Failure)], 25),
            (vec![Some(Failure), Some(SwitchedOff), Some(Failure)], 25),
        ] {
            let is_due = |minutes| {
                let run = |outcome: &Option<RunOutcome>| FullRun {
                    requested_at: ago(minutes),
                    outcome: *outcome,
                };
                let last: Vec<FullRun> = outcomes.iter().map(run).collect();
                is_full_due(&last, Some(TimeDelta::hours(6)), now())
            };
            assert!(is_due(minutes), "{outcomes:?}");
            assert!(!is_due(minutes - 1), "{outcomes:?}");
        }
    }

    #[test]
    fn the_first_full_run_is_due_at_once_and_none_without_an_interval() {
        let failed = [FullRun { requested_at: ago(9_999), outcome: Some(RunOutcome::Failure) }];
        assert!(is_full_due(&[], Some(TimeDelta::hours(6)), now()));
        assert!(!is_full_due(&[], None, now()) && !is_full_due(&failed, None, now()));
        // An interval that is shorter than the first retry.
        let often = Some(TimeDelta::minutes(20));
        let failed =
            |minutes| FullRun { requested_at: ago(minutes), outcome: Some(RunOutcome::Failure) };
        assert!(is_full_due(&[failed(15)], often, now()));
        assert!(!is_full_due(&[failed(14)], often, now()));
    }

    #[test]
    fn a_pause_is_no_silence() {
        let at = |minutes: i64| Some(ago(minutes));
        let times = |succeeded_at, paused_at, resumed_at| FullTimes {
            succeeded_at,
            first_at: at(9_000),
            paused_at,
            resumed_at,
        };
        for (times, expected) in [
            (FullTimes::default(), None),
            (times(None, None, None), at(9_000)),
            (times(at(800), None, None), at(800)),
            // A pause before the last success.
            (times(at(800), at(2_000), at(900)), at(800)),
            // A pause since: nothing was asked for yet, or only from then on.
            (times(at(2_000), at(1_900), None), None),
            (times(at(2_000), at(1_900), at(5)), at(5)),
            (times(None, at(1_900), at(5)), at(5)),
        ] {
            assert_eq!(times.silent_since(), expected, "{times:?}");
        }
    }
}
