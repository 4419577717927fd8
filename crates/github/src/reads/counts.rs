use chrono::NaiveDate;
use kernel::Timestamp;
use platform::db::{DbError, Sql, count_by_day};

/// Counts the pull requests that were opened, by day.
pub(crate) async fn opened(
    db: &impl Sql,
    since: Timestamp,
) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    count_by_day(db, "pull_requests", "opened_at", "true", since).await
}

/// Counts the pull requests that were merged, by day.
pub(crate) async fn merged(
    db: &impl Sql,
    since: Timestamp,
) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    count_by_day(db, "pull_requests", "merged_at", "merged_at IS NOT NULL", since).await
}
