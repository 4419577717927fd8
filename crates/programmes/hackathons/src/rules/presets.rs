//! Dates of a new hackathon that follow from its beginning.

use chrono::TimeDelta;
use chrono_tz::Tz;
use kernel::{Problem, Timestamp};

use super::{
    instants::{for_field, instant},
    timeline::Timeline,
};

platform::codes! {
    /// The kind of event that a new hackathon starts from.
    Preset {
        /// Two days.
        Weekend = "weekend", "A weekend";
        /// Eight days.
        Week = "week", "A week online";
        /// Four hours.
        Evening = "evening", "One evening";
    }
}

/// The days between the end of applications and the beginning.
const BEFORE: TimeDelta = TimeDelta::days(7);

impl Preset {
    /// Returns what it sets, in words.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Weekend => "48 hours, then two days of judging",
            Self::Week => "8 days, judged in the week after",
            Self::Evening => "4 hours, demos, no judging",
        }
    }

    /// Returns how long people work on their projects, in words.
    #[must_use]
    pub const fn lasts(self) -> &'static str {
        match self {
            Self::Weekend => "48 hours",
            Self::Week => "8 days",
            Self::Evening => "4 hours",
        }
    }

    /// Returns the lengths of the parts of such an event.
    #[must_use]
    pub const fn plan(self) -> Plan {
        let (submitting, judging) = match self {
            Self::Weekend => (TimeDelta::hours(48), TimeDelta::hours(48)),
            Self::Week => (TimeDelta::days(8), TimeDelta::days(7)),
            Self::Evening => (TimeDelta::hours(4), TimeDelta::zero()),
        };
        Plan { before: BEFORE, submitting, waiting: TimeDelta::zero(), judging }
    }
}

/// The lengths of the parts of a hackathon, from which its dates follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// From the end of applications to the beginning.
    before: TimeDelta,
    submitting: TimeDelta,
    /// From the end of submissions to the beginning of judging.
    waiting: TimeDelta,
    /// Zero without judging.
    judging: TimeDelta,
}

impl Plan {
    /// Returns the lengths of an earlier hackathon.
    #[must_use]
    pub fn of(dates: &Timeline) -> Self {
        Self {
            before: dates.submission_opens_at - dates.application_closes_at,
            submitting: dates.submission_closes_at - dates.submission_opens_at,
            waiting: dates.judging_opens_at - dates.submission_closes_at,
            judging: dates.judging_closes_at - dates.judging_opens_at,
        }
    }

    /// Returns the six dates of a hackathon that begins at an instant as it was typed, as fields of a page show them. Applications
    /// open now and close as long before as planned, or at the beginning if that is not later than a day away. Without judging, its
    /// dates are empty.
    ///
    /// # Errors
    /// When the beginning is missing, not valid or not in the future. The problem names the field `begins_at`.
    pub fn dates(self, begins: &str, zone: Tz, now: Timestamp) -> Result<[String; 6], Problem> {
        let begins = instant("begins_at", begins, zone)?;
        // Fields of pages show minutes, so applications begin with the current one.
        if begins < now + TimeDelta::minutes(1) {
            let detail = "The beginning is in the past. Enter a later one, or enter all dates.";
            return Err(super::invalid("begins_at", detail.to_owned()));
        }
        let closes = Some(begins - self.before).filter(|closes| *closes > now + TimeDelta::days(1));
        let ends = begins + self.submitting;
        let judging = ends + self.waiting;
        let shown = |at: Timestamp| for_field(at, zone);
        let judged = |at| if self.judging.is_zero() { String::new() } else { shown(at) };
        Ok([
            shown(now),
            shown(closes.unwrap_or(begins)),
            shown(begins),
            shown(ends),
            judged(judging),
            judged(judging + self.judging),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::details::{HackathonDetails, HackathonInput};

    fn now() -> Timestamp {
        "2026-11-20T10:00:30Z".parse().expect("an instant")
    }

    fn read(preset: Preset, begins: &str) -> HackathonDetails {
        let dates = preset.plan().dates(begins, Tz::UTC, now()).expect("dates");
        let input = HackathonInput {
            title: Some("Winter Lights".to_owned()),
            dates: dates.map(Some),
            ..HackathonInput::default()
        };
        HackathonDetails::read(&input, None).expect("valid")
    }

    #[test]
    fn each_preset_makes_valid_dates() {
        for preset in Preset::ALL {
            for begins in ["2027-01-22T18:00", "2026-11-21T18:00", "2026-11-20T10:02"] {
                let details = read(preset, begins);
                let is_judged = preset != Preset::Evening;
                assert_eq!(details.timeline.has_judging(), is_judged, "{preset:?} {begins}");
            }
        }
        let weekend = read(Preset::Weekend, "2027-01-22T18:00").timeline;
        assert_eq!(for_field(weekend.application_closes_at, Tz::UTC), "2027-01-15T18:00");
        assert_eq!(for_field(weekend.submission_closes_at, Tz::UTC), "2027-01-24T18:00");
        assert_eq!(for_field(weekend.judging_closes_at, Tz::UTC), "2027-01-26T18:00");
    }

    #[test]
    fn an_earlier_hackathon_is_repeated_with_its_lengths() {
        let earlier = read(Preset::Week, "2027-01-22T18:00").timeline;
        assert_eq!(Plan::of(&earlier), Preset::Week.plan());
        let dates = Plan::of(&earlier).dates("2027-06-04T18:00", Tz::UTC, now()).expect("dates");
        assert_eq!(dates[1..4], ["2027-05-28T18:00", "2027-06-04T18:00", "2027-06-12T18:00"]);
    }

    #[test]
    fn a_beginning_that_is_not_valid_is_refused() {
        for begins in ["", "soon", "2026-11-20T10:00", "2020-01-01T00:00"] {
            let problem = Preset::Week.plan().dates(begins, Tz::UTC, now()).expect_err(begins);
            assert_eq!(problem.field, Some("begins_at"), "{begins}");
        }
    }
}
