use chrono::TimeDelta;
use kernel::Timestamp;

/// The time within which an identical act is the same one, sent twice, as by a double click.
const SAME_WITHIN: TimeDelta = TimeDelta::minutes(1);

/// Returns whether an act repeats an identical one of the same person on the same object, which was done at `earlier`. The
/// caller holds the lock of the object, and has compared the acts.
pub(super) fn is_repeated(earlier: Timestamp, now: Timestamp) -> bool {
    now - earlier < SAME_WITHIN
}
