//! The ranks that people have on a board when a month begins, and in its first month, when its second day and each week
//! begin.

use chrono::{NaiveDate, NaiveTime, TimeDelta, Weekday};
use identity::model::UserId;
use kernel::{Month, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The beginnings of the month, the week and the day that contain an instant, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Began {
    pub(crate) month: Timestamp,
    pub(crate) week: Timestamp,
    pub(crate) day: Timestamp,
}

impl Began {
    pub(crate) fn of(now: Timestamp) -> Self {
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let today = now.date_naive();
        Self {
            month: Month::of(now).start(),
            week: start(today.week(Weekday::Mon).first_day()),
            day: start(today),
        }
    }
}

/// Returns a board without months that began before this day and whose ranks are due: they were not stored since the
/// month began; or they were first stored during the month, and not since the week began; or no one was on it when they
/// were stored, on an earlier day.
pub(crate) async fn due(db: &impl Sql, began: Began) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    // Ranks that were stored after the first day of the month are not those of its beginning.
    let first_day_over = began.month + TimeDelta::days(1);
    let sql = "SELECT b.id FROM boards b WHERE b.final_at IS NULL AND b.created_at < $1 \
               AND b.key NOT LIKE '%month:%' AND (b.ranked_at IS NULL OR b.ranked_at < $2 \
               OR (b.ranked_at >= $3 AND b.ranked_at < $4) OR (b.ranked_at < $1 \
               AND NOT EXISTS (SELECT 1 FROM board_ranks k WHERE k.board_id = b.id))) \
               ORDER BY b.id LIMIT 1";
    let values = [began.day, began.month, first_day_over, began.week].map(Into::into);
    let found: Option<Row> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|row| row.id))
}

/// Stores the ranks of people on a board, instead of those that they had before.
pub(crate) async fn write(
    tx: &Tx,
    board: Uuid,
    ranks: impl IntoIterator<Item = (UserId, i64)>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("user_id", Kind::Uuid), ("rank", Kind::Int)]);
    for (person, rank) in ranks {
        rows.push([person.into(), rank.into()]);
    }
    let mut query = tx.query();
    let (rows, board, now) = (query.rows(rows, "r"), query.bind(board), query.bind(now));
    let sql = format!(
        "INSERT INTO board_ranks (board_id, user_id, rank, ranked_at) \
         SELECT {board}, r.user_id, r.rank, {now} FROM {rows} WHERE true \
         ON CONFLICT (board_id, user_id) DO UPDATE SET rank = excluded.rank, \
         ranked_at = excluded.ranked_at"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Stores that all ranks on a board were stored since an instant, and removes older ones.
pub(crate) async fn complete(tx: &Tx, board: Uuid, since: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE boards SET ranked_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [since.into(), board.into()])).await?;
    let sql = "DELETE FROM board_ranks WHERE board_id = $1 AND ranked_at < $2";
    tx.run(tx.statement(sql, [board.into(), since.into()])).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_even_in_the_month_before() {
        let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
        for (now, month, week, day) in [
            ("2026-10-07T09:30:00Z", "2026-10-01", "2026-10-05", "2026-10-07"),
            ("2026-10-05T00:00:00Z", "2026-10-01", "2026-10-05", "2026-10-05"),
            ("2026-10-01T23:59:59Z", "2026-10-01", "2026-09-28", "2026-10-01"),
        ] {
            let start = |day: &str| at(&format!("{day}T00:00:00Z"));
            let began = Began { month: start(month), week: start(week), day: start(day) };
            assert_eq!(Began::of(at(now)), began, "{now}");
        }
    }
}
