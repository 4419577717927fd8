//! The progress from a rank to the next one.

use kernel::Points;
use recognition::reads::RankWithNeighbors;

/// A person's progress from the previous rank to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// The points of the previous rank. At the bottom of a board: zero, or the person's own points if they are lower.
    pub(super) from: Points,
    /// The points since the previous rank.
    pub(super) done: Points,
    /// The points from the previous rank to the next; at least 1.
    pub(super) span: Points,
}

impl Progress {
    /// Measures the progress of a person.
    pub(super) fn of(found: &RankWithNeighbors) -> Self {
        let points = found.position.points;
        let from = found.below.unwrap_or_else(|| points.min(0));
        let done = points.saturating_sub(from);
        let missing = found.position.points_to_next_rank.unwrap_or(0);
        Self {
            from,
            done,
            span: done.saturating_add(missing).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use recognition::model::RankPosition;

    use super::*;

    #[test]
    fn progress_begins_at_the_previous_rank() {
        for (points, below, missing, expected) in [
            (1_316, Some(1_280), Some(30), (1_280, 36, 66)),
            (10, None, Some(50), (0, 10, 60)),
            (-20, None, Some(30), (-20, 0, 30)),
            (0, None, Some(10), (0, 0, 10)),
            (90, Some(60), None, (60, 30, 30)),
            (0, None, None, (0, 0, 1)),
            (
                i64::MAX,
                Some(i64::MIN),
                Some(1),
                (i64::MIN, i64::MAX, i64::MAX),
            ),
        ] {
            let found = RankWithNeighbors {
                position: RankPosition {
                    rank: 2,
                    points,
                    percentile: 50.0,
                    tied_people: 1,
                    people: 9,
                    points_to_next_rank: missing,
                },
                above: None,
                below,
            };
            let Progress { from, done, span } = Progress::of(&found);
            assert_eq!(
                (from, done, span),
                expected,
                "{points} {below:?} {missing:?}"
            );
        }
    }
}
