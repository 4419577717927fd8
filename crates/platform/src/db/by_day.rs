use chrono::NaiveDate;
use kernel::Timestamp;
use sea_orm::FromQueryResult;

use super::{DbError, Sql};

/// Counts the rows of a table that match a condition by the UTC day of an instant, since one, oldest first. Days without rows are
/// left out.
pub async fn count_by_day(
    db: &impl Sql,
    table: &str,
    at: &str,
    condition: &str,
    since: Timestamp,
) -> Result<Vec<(NaiveDate, i64)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        day: String,
        number: i64,
    }
    let day = db.day(at);
    let sql = format!(
        "SELECT {day} AS day, count(*) AS number FROM {table} WHERE {at} >= $1 AND {condition} GROUP BY 1 ORDER BY 1"
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [since.into()])).await?;
    let counted = |row: Row| Some((row.day.parse().ok()?, row.number));
    Ok(rows.into_iter().filter_map(counted).collect())
}
