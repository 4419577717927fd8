//! Silences of GitHub that are longer than usual.

use chrono::TimeDelta;
use kernel::{Timestamp, counted};
use platform::alerts::{Incident, Severity};

/// The days before the last delivery from which the usual silences are read.
pub(crate) const USUAL: TimeDelta = TimeDelta::days(14);
/// The shortest silence that means something.
pub(crate) const SHORTEST: TimeDelta = TimeDelta::hours(6);
/// The fewest deliveries in these days that tell what is usual.
const FEWEST: i64 = 10;

/// The deliveries before a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Before {
    /// When the last one came.
    pub(crate) last: Timestamp,
    /// The number of deliveries in [`USUAL`].
    pub(crate) count: i64,
    /// The longest time between two of them.
    pub(crate) longest: TimeDelta,
}

/// Returns what is wrong, with the next step, once no delivery has come for twice the longest silence of two weeks, and for six hours.
pub(crate) fn silence(before: Before, now: Timestamp) -> Option<String> {
    let silence = now - before.last;
    let is_unusual = silence >= SHORTEST && silence > before.longest * 2;
    (before.count >= FEWEST && is_unusual).then(|| {
        let hours = |time: TimeDelta| counted(time.num_hours(), "hour", "hours");
        format!(
            "GitHub has delivered nothing for {}, and before never paused for more than {} in two weeks: check on GitHub, at the \
             webhook or the app under 'Recent deliveries', whether it reaches this server",
            hours(silence),
            hours(before.longest.max(TimeDelta::hours(1)))
        )
    })
}

/// Returns the incident of a silence.
pub(crate) fn incident(why: &str) -> Incident {
    Incident {
        subject: "github".to_owned(),
        severity: Severity::High,
        title: "GitHub delivers nothing".to_owned(),
        text: format!("{why}."),
        link: "/admin/deliveries",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_is_compared_with_those_before() {
        let now = Timestamp::UNIX_EPOCH + TimeDelta::days(20_000);
        let hours = TimeDelta::hours;
        for (count, longest, silent, is_unusual) in [
            (10, hours(1), hours(6), true),
            (10, hours(1), hours(6) - TimeDelta::seconds(1), false),
            (9, hours(1), hours(300), false),
            (500, hours(30), hours(60), false),
            (500, hours(30), hours(61), true),
        ] {
            let before = Before { last: now - silent, count, longest };
            assert_eq!(silence(before, now).is_some(), is_unusual, "{before:?}");
        }
    }
}
