use chrono::NaiveDate;
use kernel::Timestamp;
use platform::db::{DbError, Sql, count_by_day};

/// Counts the challenges that competitors solved, by day.
pub(crate) async fn solved(
    db: &impl Sql,
    since: Timestamp,
) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    count_by_day(db, "game_platform_challenge_solves", "solved_at", "true", since).await
}
