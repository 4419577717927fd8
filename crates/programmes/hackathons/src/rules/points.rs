//! The points that a hackathon gives for its results.

use kernel::{Checks, Points, Problem};
use serde::Serialize;
use ui::format::exact;

use super::invalid;
use crate::model::{JuryOutcome, PointReason};

/// The maximum number of points for one reason.
pub const MOST: Points = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PointValues {
    /// The points for a submission that was judged.
    pub submission: Points,
    /// The points for a finalist, besides those for the submission.
    pub finalist: Points,
    /// The points for a winner, besides those for the submission.
    pub winner: Points,
}

impl Default for PointValues {
    fn default() -> Self {
        Self { submission: 150, finalist: 400, winner: 1_200 }
    }
}

impl PointValues {
    /// Validates the points. Without a number, the usual one is taken.
    ///
    /// # Errors
    /// When a number is below 0 or above the maximum. The problem names the field.
    pub fn read(given: [Option<Points>; 3]) -> Result<Self, Problem> {
        let usual = Self::default();
        let [submission, finalist, winner] = given;
        let mut checks = Checks::default();
        let mut read =
            |field, given: Option<Points>, usual| checks.read(value(field, given.unwrap_or(usual)));
        let values = Self {
            submission: read("submission_points", submission, usual.submission),
            finalist: read("finalist_points", finalist, usual.finalist),
            winner: read("winner_points", winner, usual.winner),
        };
        checks.finish(values)
    }

    #[must_use]
    pub const fn of(&self, reason: PointReason) -> Points {
        match reason {
            PointReason::Submission => self.submission,
            PointReason::Finalist => self.finalist,
            PointReason::Winner => self.winner,
        }
    }

    /// Returns what a result earns: points for the submission once, and for the choice of the jury. A disqualified one earns nothing,
    /// and a reason of 0 points is left out.
    #[must_use]
    pub fn awards(
        &self,
        outcome: Option<JuryOutcome>,
        is_disqualified: bool,
    ) -> Vec<(PointReason, Points)> {
        if is_disqualified {
            return Vec::new();
        }
        let chosen = outcome.map(|outcome| match outcome {
            JuryOutcome::Winner if self.winner < self.finalist => PointReason::Finalist,
            JuryOutcome::Winner => PointReason::Winner,
            JuryOutcome::Finalist => PointReason::Finalist,
        });
        let reasons = [Some(PointReason::Submission), chosen].into_iter().flatten();
        let earned = reasons.map(|reason| (reason, self.of(reason)));
        earned.filter(|(_, points)| *points > 0).collect()
    }

    /// Returns the sum of what a result earns.
    #[must_use]
    pub fn total(&self, outcome: Option<JuryOutcome>, is_disqualified: bool) -> Points {
        let awards = self.awards(outcome, is_disqualified);
        awards.iter().map(|(_, points)| points).sum()
    }
}

fn value(field: &'static str, points: Points) -> Result<Points, Problem> {
    if (0..=MOST).contains(&points) {
        Ok(points)
    } else {
        let detail = format!("Enter a number of points from 0 to {MOST}.");
        Err(invalid(field, detail))
    }
}

/// Returns the sentence that explains an entry of the ledger.
#[must_use]
pub fn sentence(reason: PointReason, points: Points, hackathon: &str) -> String {
    let points = exact(points);
    match reason {
        PointReason::Submission => {
            format!("{points} points for a submission to {hackathon} that was judged.")
        }
        PointReason::Finalist => format!("{points} points because it was a finalist."),
        PointReason::Winner => format!("{points} points because it won."),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_result_earns_its_points_once() {
        use PointReason::{Finalist, Submission, Winner};
        let usual = PointValues::default();
        let only_winners = PointValues { submission: 0, finalist: 0, ..usual };
        let generous = PointValues { finalist: 2_000, ..usual };
        for (values, outcome, is_disqualified, expected) in [
            (usual, None, false, vec![(Submission, 150)]),
            (usual, Some(JuryOutcome::Finalist), false, vec![(Submission, 150), (Finalist, 400)]),
            (usual, Some(JuryOutcome::Winner), false, vec![(Submission, 150), (Winner, 1_200)]),
            (
                generous,
                Some(JuryOutcome::Winner),
                false,
                vec![(Submission, 150), (Finalist, 2_000)],
            ),
            (only_winners, Some(JuryOutcome::Finalist), false, vec![]),
            (only_winners, Some(JuryOutcome::Winner), false, vec![(Winner, 1_200)]),
            (usual, Some(JuryOutcome::Winner), true, vec![]),
        ] {
            let awards = values.awards(outcome, is_disqualified);
            assert_eq!(awards, expected, "{values:?} {outcome:?}");
        }
    }

    #[test]
    fn points_have_a_range() {
        let usual = PointValues::read([None; 3]).expect("valid");
        assert_eq!(usual, PointValues::default());
        for (given, field) in [
            ([Some(-1), None, None], "submission_points"),
            ([None, Some(MOST + 1), None], "finalist_points"),
            ([None, None, Some(i64::MIN)], "winner_points"),
        ] {
            let problem = PointValues::read(given).expect_err(field);
            assert_eq!(problem.field, Some(field));
        }
    }

    #[test]
    fn sentences_separate_thousands() {
        let says = |reason, points| sentence(reason, points, "Low Tide");
        assert_eq!(says(PointReason::Winner, 1_200), "1,200 points because it won.");
        assert_eq!(
            says(PointReason::Submission, 150),
            "150 points for a submission to Low Tide that was judged."
        );
    }

    proptest! {
        /// A winner never earns less than a finalist, and a finalist never less than the others.
        #[test]
        fn a_better_result_never_earns_less(
            submission in 0..=MOST, finalist in 0..=MOST, winner in 0..=MOST,
        ) {
            let values = PointValues { submission, finalist, winner };
            let of = |outcome| values.total(outcome, false);
            prop_assert!(of(Some(JuryOutcome::Winner)) >= of(Some(JuryOutcome::Finalist)));
            prop_assert!(of(Some(JuryOutcome::Finalist)) >= of(None));
            prop_assert_eq!(values.total(Some(JuryOutcome::Winner), true), 0);
        }
    }
}
