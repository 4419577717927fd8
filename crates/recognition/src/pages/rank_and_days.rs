//! A person's rank of all time and their days, which they keep when no leaderboard lists them.

use chrono::NaiveTime;
use identity::model::UserId;
use kernel::{Month, Points, Timestamp};
use platform::{Context, db::DbError};
use ui::{charts, format::Number};

use super::{Goal, read_days};
use crate::{
    model::{GLOBAL, RankPosition, month_board},
    reads::{self, RankInMonth, RankWithNeighbors},
};

/// A person's rank and days.
#[derive(Clone, Debug, PartialEq)]
pub struct RankAndDays {
    /// The rank of all time; absent without points, and when no leaderboard lists the person.
    pub rank: Option<RankWithNeighbors>,
    /// The rank of the present month; absent without points in it.
    pub month: Option<RankInMonth>,
    /// The rank of the month before; absent without points in it.
    pub before: Option<i64>,
    /// True if no leaderboard lists the person.
    pub is_unlisted: bool,
    /// The days with entries, earliest first.
    pub days: Vec<charts::Day>,
}

impl RankAndDays {
    /// Reads a person's rank, and their days since an instant.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(
        context: &Context,
        person: UserId,
        since: Timestamp,
    ) -> Result<Self, DbError> {
        let db = &context.db;
        let month = Month::of(context.now());
        let boards = (month_board(month), month_board(month.previous()));
        let keys = (GLOBAL, boards.0.as_str(), boards.1.as_str());
        let (ranks, days) = reads::rank_and_days(db, keys, person, since).await?;
        let (rank, month, before) =
            ranks.map_or((None, None, None), |(rank, month, before)| (Some(rank), month, before));
        let is_unlisted = rank.is_none() && !reads::unlisted(db, [person]).await?.is_empty();
        Ok(Self { rank, month, before, is_unlisted, days: read_days(days) })
    }

    /// Returns the person's all-time points.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn points(&self, context: &Context, person: UserId) -> Result<Points, DbError> {
        match &self.rank {
            Some(found) => Ok(found.position.points),
            None => identity::reads::points(&context.db, person).await,
        }
    }

    /// Returns the person's place with their all-time points, if they have a rank.
    #[must_use]
    pub fn position(&self) -> Option<&RankPosition> {
        self.rank.as_ref().map(|found| &found.position)
    }

    /// Reads the person's next rank; `None` without a rank and at the top.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn goal(&self, context: &Context) -> Result<Option<Goal>, DbError> {
        match &self.rank {
            Some(found) => Goal::read(context, found).await,
            None => Ok(None),
        }
    }

    /// Returns the points of a month: those of the person's rank in it, or of the days in it.
    #[must_use]
    pub fn points_in(&self, month: Month, ranked: Option<&RankPosition>) -> Points {
        if let Some(ranked) = ranked {
            return ranked.points;
        }
        let of_day = |(day, points): &charts::Day| {
            let is_in = Month::of(day.and_time(NaiveTime::MIN).and_utc()) == month;
            is_in.then_some(*points)
        };
        self.days.iter().filter_map(of_day).sum()
    }

    /// Returns the words for an absent rank.
    #[must_use]
    pub fn no_rank(&self) -> &'static str {
        if self.is_unlisted { "not listed" } else { "no rank yet" }
    }
}

/// A rank as pages show it.
#[derive(Clone, Debug)]
pub struct RankView {
    /// The rank, from 1.
    pub rank: Number,
    /// True if others share it.
    pub is_tied: bool,
    /// The number of people on the leaderboard, in words.
    pub people: String,
}

impl RankView {
    /// Shows a place on a leaderboard.
    #[must_use]
    pub fn of(position: &RankPosition) -> Self {
        Self {
            rank: Number(position.rank),
            is_tied: position.tied_people > 1,
            people: Number(position.people).of("person", "people"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_of_a_month_are_those_of_its_days() {
        let day =
            |day: &str, points: Points| -> charts::Day { (day.parse().expect("a day"), points) };
        let own = RankAndDays {
            rank: None,
            month: None,
            before: None,
            is_unlisted: true,
            days: vec![
                day("2026-09-30", 5),
                day("2026-10-01", 70),
                day("2026-10-31", -20),
                day("2026-11-01", 9),
            ],
        };
        for (month, points) in [("2026-09", 5), ("2026-10", 50), ("2026-12", 0)] {
            let month: Month = month.parse().expect("a month");
            assert_eq!(own.points_in(month, None), points, "{month}");
        }
        assert_eq!(own.no_rank(), "not listed");
    }
}
