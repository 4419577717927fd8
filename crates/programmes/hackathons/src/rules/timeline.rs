//! The dates of a hackathon, and the phase that follows from them.

use kernel::{Checks, Problem, Timestamp};
use platform::module::EventDate;

use super::invalid;
use crate::model::Phase;
pub use crate::model::{Steps, Timeline};

/// A date that a hackathon reaches next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextDate {
    /// The sentence about it without its time, such as "Applications close".
    pub says: &'static str,
    /// When it is reached.
    pub at: Timestamp,
}

impl Timeline {
    /// The fields of the six instants, in order.
    pub const FIELDS: [&str; 6] = [
        "application_opens_at",
        "application_closes_at",
        "submission_opens_at",
        "submission_closes_at",
        "judging_opens_at",
        "judging_closes_at",
    ];

    /// Returns the six instants in order, with their fields and their names.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, &'static str, Timestamp); 6] {
        [
            ("application_opens_at", "opening of applications", self.application_opens_at),
            ("application_closes_at", "end of applications", self.application_closes_at),
            ("submission_opens_at", "opening of submissions", self.submission_opens_at),
            ("submission_closes_at", "end of submissions", self.submission_closes_at),
            ("judging_opens_at", "beginning of judging", self.judging_opens_at),
            ("judging_closes_at", "end of judging", self.judging_closes_at),
        ]
    }

    /// Returns whether the hackathon has judging.
    #[must_use]
    pub fn has_judging(&self) -> bool {
        self.judging_closes_at > self.submission_closes_at
    }

    /// Returns the spans with their names, without judging if there is none.
    #[must_use]
    pub fn spans(&self) -> Vec<(&'static str, Timestamp, Timestamp)> {
        let mut spans = vec![
            ("Applications", self.application_opens_at, self.application_closes_at),
            ("Submissions", self.submission_opens_at, self.submission_closes_at),
        ];
        if self.has_judging() {
            spans.push(("Judging", self.judging_opens_at, self.judging_closes_at));
        }
        spans
    }

    /// Checks the order of the instants: applications and submissions last for a time, nothing begins before what is before it
    /// has ended, and judging lasts for a time or is left out.
    ///
    /// # Errors
    /// When they are out of order. The problem names the later field of each pair.
    pub fn check(&self) -> Result<(), Problem> {
        let mut checks = Checks::default();
        let parts = self.parts();
        for (index, pair) in parts.windows(2).enumerate() {
            let (_, earlier, before) = pair[0];
            let (field, later, after) = pair[1];
            let is_span = matches!(index, 0 | 2);
            let is_wrong = after < before || (is_span && after == before);
            if is_wrong {
                let must = if is_span { "after" } else { "before" };
                let detail = if is_span {
                    format!("The {later} must be {must} the {earlier}.")
                } else {
                    format!("The {later} must not be {must} the {earlier}.")
                };
                checks.refuse(invalid(field, detail));
            }
        }
        if self.judging_opens_at == self.judging_closes_at && self.has_judging() {
            let detail = "The end of judging must be after its beginning. Leave both empty for a hackathon without judging.";
            checks.refuse(invalid("judging_closes_at", detail.to_owned()));
        }
        checks.finish(())
    }

    /// Returns what comes next; `None` after the last instant.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<NextDate> {
        let says = [
            "Applications open",
            "Applications close",
            "Submissions open",
            "Submissions close",
            "Judging begins",
            "Judging ends",
        ];
        let parts = self.parts().into_iter().zip(says);
        let mut later = parts.filter(|((_, _, at), _)| *at > now);
        later.next().map(|((_, _, at), says)| NextDate { says, at })
    }
}

/// Returns the phase at an instant. It exists at every instant, and only goes forward with time: a hackathon is completed once
/// its results are published and judging is over, and archived once it is completed.
#[must_use]
pub fn phase(timeline: &Timeline, steps: &Steps, now: Timestamp) -> Phase {
    let happened = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    if happened(steps.canceled_at) {
        return Phase::Canceled;
    }
    if !happened(steps.published_at) {
        return Phase::Draft;
    }
    let is_completed = happened(steps.results_published_at) && now >= timeline.judging_closes_at;
    if is_completed {
        return if happened(steps.archived_at) { Phase::Archived } else { Phase::Completed };
    }
    let ends = [
        (timeline.application_opens_at, Phase::Upcoming),
        (timeline.application_closes_at, Phase::Applications),
        (timeline.submission_opens_at, Phase::ApplicationsClosed),
        (timeline.submission_closes_at, Phase::Submission),
        (timeline.judging_opens_at, Phase::SubmissionClosed),
        (timeline.judging_closes_at, Phase::Judging),
    ];
    let current = ends.into_iter().find(|(ends_at, _)| now < *ends_at);
    current.map_or(Phase::JudgingClosed, |(_, phase)| phase)
}

/// Returns the date that a hackathon reaches next in a phase, else the last one, for all pages that list it; `None` if it does not
/// take place.
#[must_use]
pub fn event_date(phase: Phase, timeline: &Timeline, steps: &Steps) -> Option<EventDate> {
    let (says, at) = match phase {
        Phase::Upcoming => ("Applications open", timeline.application_opens_at),
        Phase::Applications => ("Applications close", timeline.application_closes_at),
        Phase::ApplicationsClosed => ("Begins", timeline.submission_opens_at),
        Phase::Submission => ("Submissions close", timeline.submission_closes_at),
        Phase::SubmissionClosed => ("Judging begins", timeline.judging_opens_at),
        Phase::Judging => ("Judging ends", timeline.judging_closes_at),
        Phase::JudgingClosed if timeline.has_judging() => {
            ("Judging ended", timeline.judging_closes_at)
        }
        Phase::JudgingClosed => ("Submissions closed", timeline.submission_closes_at),
        Phase::Completed | Phase::Archived => ("Results published", steps.results_published_at?),
        Phase::Draft | Phase::Canceled => return None,
    };
    Some(EventDate { says, at, is_day: false })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        let start: Timestamp = "2026-11-01T00:00:00Z".parse().expect("an instant");
        start + TimeDelta::hours(hours)
    }

    fn timeline(hours: [i64; 6]) -> Timeline {
        let [
            application_opens_at,
            application_closes_at,
            submission_opens_at,
            submission_closes_at,
            judging_opens_at,
            judging_closes_at,
        ] = hours.map(at);
        Timeline {
            application_opens_at,
            application_closes_at,
            submission_opens_at,
            submission_closes_at,
            judging_opens_at,
            judging_closes_at,
        }
    }

    fn published() -> Steps {
        Steps { published_at: Some(at(-10)), ..Steps::default() }
    }

    #[test]
    fn each_instant_is_in_the_phase_that_it_opens() {
        let dates = timeline([0, 10, 20, 30, 40, 50]);
        for (hour, expected) in [
            (-11, Phase::Draft),
            (-10, Phase::Upcoming),
            (-1, Phase::Upcoming),
            (0, Phase::Applications),
            (10, Phase::ApplicationsClosed),
            (20, Phase::Submission),
            (29, Phase::Submission),
            (30, Phase::SubmissionClosed),
            (40, Phase::Judging),
            (50, Phase::JudgingClosed),
            (500, Phase::JudgingClosed),
        ] {
            assert_eq!(phase(&dates, &published(), at(hour)), expected, "{hour}");
        }
    }

    #[test]
    fn steps_decide_over_dates() {
        let dates = timeline([0, 10, 20, 30, 30, 30]);
        let completed = Steps { results_published_at: Some(at(25)), ..published() };
        assert_eq!(phase(&dates, &completed, at(26)), Phase::Submission);
        assert_eq!(phase(&dates, &completed, at(30)), Phase::Completed);
        let archived = Steps { archived_at: Some(at(60)), ..completed };
        assert_eq!(phase(&dates, &archived, at(59)), Phase::Completed);
        assert_eq!(phase(&dates, &archived, at(60)), Phase::Archived);
        let unfinished = Steps { archived_at: Some(at(31)), ..published() };
        assert_eq!(phase(&dates, &unfinished, at(60)), Phase::JudgingClosed);
        let canceled = Steps { canceled_at: Some(at(5)), ..published() };
        assert_eq!(phase(&dates, &canceled, at(4)), Phase::Applications);
        assert_eq!(phase(&dates, &canceled, at(500)), Phase::Canceled);
    }

    #[test]
    fn dates_out_of_order_name_the_later_field() {
        for (hours, field) in [
            ([0, 0, 20, 30, 40, 50], "application_closes_at"),
            ([0, 10, 9, 30, 40, 50], "submission_opens_at"),
            ([0, 10, 20, 20, 40, 50], "submission_closes_at"),
            ([0, 10, 20, 30, 29, 50], "judging_opens_at"),
            ([0, 10, 20, 30, 40, 39], "judging_closes_at"),
            ([0, 10, 20, 30, 40, 40], "judging_closes_at"),
        ] {
            let problem = timeline(hours).check().expect_err(field);
            assert_eq!(problem.field, Some(field), "{}", problem.detail);
        }
        for hours in [[0, 10, 10, 30, 30, 50], [0, 10, 20, 30, 30, 30]] {
            assert_eq!(timeline(hours).check(), Ok(()));
        }
    }

    #[test]
    fn spans_leave_out_judging_that_there_is_not() {
        let names = |hours| {
            let spans = timeline(hours).spans();
            spans.into_iter().map(|(name, ..)| name).collect::<Vec<_>>()
        };
        let without = ["Applications", "Submissions"];
        assert_eq!(names([0, 10, 20, 30, 30, 30]), without);
        let with = ["Applications", "Submissions", "Judging"];
        assert_eq!(names([0, 10, 20, 30, 40, 50]), with);
    }

    #[test]
    fn each_phase_names_its_next_date_and_its_moment() {
        use platform::module::EventMoment::{Coming, Past, Running};
        let dates = timeline([0, 10, 20, 30, 40, 50]);
        let steps = Steps { results_published_at: Some(at(60)), ..published() };
        for (phase, moment, says, hour) in [
            (Phase::Upcoming, Coming, "Applications open", 0),
            (Phase::Applications, Coming, "Applications close", 10),
            (Phase::ApplicationsClosed, Coming, "Begins", 20),
            (Phase::Submission, Running, "Submissions close", 30),
            (Phase::SubmissionClosed, Running, "Judging begins", 40),
            (Phase::Judging, Running, "Judging ends", 50),
            (Phase::JudgingClosed, Past, "Judging ended", 50),
            (Phase::Completed, Past, "Results published", 60),
        ] {
            let date = event_date(phase, &dates, &steps).expect("a date");
            assert_eq!((phase.moment(), date.says, date.at), (moment, says, at(hour)));
        }
        let alone = timeline([0, 10, 20, 30, 30, 30]);
        let date = event_date(Phase::JudgingClosed, &alone, &steps).expect("a date");
        assert_eq!(date.says, "Submissions closed");
        assert_eq!(event_date(Phase::Canceled, &dates, &steps), None);
    }

    #[test]
    fn the_next_date_is_the_first_in_the_future() {
        let dates = timeline([0, 10, 20, 30, 30, 30]);
        let next = |hour| dates.next(at(hour)).map(|next| (next.says, next.at));
        assert_eq!(next(-1), Some(("Applications open", at(0))));
        assert_eq!(next(0), Some(("Applications close", at(10))));
        assert_eq!(next(29), Some(("Submissions close", at(30))));
        assert_eq!(next(30), None);
    }

    prop_compose! {
        /// Any dates in a valid order.
        fn dates()(
            start in 0_i64..1_000,
            spans in prop::array::uniform2(1_i64..500),
            gaps in prop::array::uniform2(0_i64..500),
            judging in 0_i64..500,
        ) -> Timeline {
            let application = start + spans[0];
            let opens = application + gaps[0];
            let closes = opens + spans[1];
            let gap = if judging == 0 { 0 } else { gaps[1] };
            timeline([start, application, opens, closes, closes + gap, closes + gap + judging])
        }
    }

    fn step() -> impl Strategy<Value = Option<Timestamp>> {
        prop::option::of((-500_i64..3_500).prop_map(at))
    }

    proptest! {
        /// There is one phase at each instant, phases come in their order, and each that lasts for a time comes.
        #[test]
        fn phases_go_forward_without_gaps(
            dates in dates(),
            published_at in step(),
            canceled_at in step(),
            results_published_at in step(),
            archived_at in step(),
            mut hours in prop::collection::vec(-600_i64..4_000, 2..40),
        ) {
            prop_assert_eq!(dates.check(), Ok(()));
            let steps = Steps { published_at, canceled_at, results_published_at, archived_at };
            hours.sort_unstable();
            let phases: Vec<Phase> = hours.iter().map(|hour| phase(&dates, &steps, at(*hour))).collect();
            prop_assert!(phases.is_sorted(), "{phases:?}");
            let mine = Steps { published_at: Some(at(-1_000)), ..Steps::default() };
            for (index, (_, _, starts)) in dates.parts().into_iter().enumerate() {
                let next = dates.parts().get(index + 1).map(|(_, _, at)| *at);
                let lasts = next.is_none_or(|next| next > starts);
                if lasts {
                    prop_assert_eq!(phase(&dates, &mine, starts), Phase::ALL[index + 2]);
                }
            }
            for hour in hours {
                let now = at(hour);
                let is_over = now >= dates.judging_closes_at;
                prop_assert_eq!(dates.next(now).is_none(), is_over);
            }
        }
    }
}
