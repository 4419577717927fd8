use chrono::NaiveDate;
use kernel::Timestamp;
use platform::db::{DbError, Sql, count_by_day};

/// Counts the submissions that are not withdrawn, by the day on which they were submitted.
pub(crate) async fn submitted(
    db: &impl Sql,
    since: Timestamp,
) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    let counts = "submitted_at IS NOT NULL AND withdrawn_at IS NULL";
    count_by_day(db, "submissions", "submitted_at", counts, since).await
}
