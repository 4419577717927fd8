//! The progress from a rank to the next one.

use identity::rules::has_profile;
use kernel::Points;
use platform::{Context, db::DbError};
use ui::{Who, format::Number};

use crate::reads::RankWithNeighbors;

/// A person's progress from the previous rank to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The points of the previous rank. At the bottom of a board: zero, or the person's own points if they are lower.
    pub from: Points,
    /// The points since the previous rank.
    pub done: Points,
    /// The points from the previous rank to the next; at least 1.
    pub span: Points,
}

impl Progress {
    /// Measures the progress of a person.
    pub fn of(found: &RankWithNeighbors) -> Self {
        let points = found.position.points;
        let from = found.below.unwrap_or_else(|| points.min(0));
        let done = points.saturating_sub(from);
        let missing = found.position.points_to_next_rank.unwrap_or(0);
        Self { from, done, span: done.saturating_add(missing).max(1) }
    }
}

/// The next rank of a person, with what it takes to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// The points that it takes, such as "31 points to pass finch-ash".
    pub sentence: String,
    /// The path of the profile of the person at the next rank.
    pub address: Option<String>,
    /// The points of the previous rank.
    pub from: Number,
    /// The points of the next rank.
    pub to: Number,
    /// The progress from the previous rank to the next.
    pub progress: Progress,
}

impl Goal {
    /// Reads who has the rank above a person's; `None` at the top.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(
        context: &Context,
        found: &RankWithNeighbors,
    ) -> Result<Option<Self>, DbError> {
        let people = identity::reads::who(&context.db, found.above).await?;
        let above = found.above.and_then(|id| people.get(&id));
        Ok(Self::of(found, above.filter(|who| has_profile(&who.login))))
    }

    /// Describes the rank above a person's, which `above` has.
    pub(super) fn of(found: &RankWithNeighbors, above: Option<&Who>) -> Option<Self> {
        let missing = found.position.points_to_next_rank?;
        let progress = Progress::of(found);
        // Equal points share a rank, so that passing takes one more.
        let more = Number(missing.saturating_add(1)).of("point", "points");
        Some(Self {
            sentence: format!("{more} to pass {}", above.map_or("the next person", Who::called)),
            address: above.filter(|who| who.has_page).map(Who::address),
            from: Number(progress.from),
            to: Number(found.position.points.saturating_add(missing)),
            progress,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RankPosition;

    #[test]
    fn progress_begins_at_the_previous_rank() {
        for (points, below, missing, expected) in [
            (1_316, Some(1_280), Some(30), (1_280, 36, 66)),
            (10, None, Some(50), (0, 10, 60)),
            (-20, None, Some(30), (-20, 0, 30)),
            (0, None, Some(10), (0, 0, 10)),
            (90, Some(60), None, (60, 30, 30)),
            (0, None, None, (0, 0, 1)),
            (i64::MAX, Some(i64::MIN), Some(1), (i64::MIN, i64::MAX, i64::MAX)),
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
            assert_eq!((from, done, span), expected, "{points} {below:?} {missing:?}");
        }
    }
}
