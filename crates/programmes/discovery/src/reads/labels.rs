use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

/// The sets of labels that are counted at most.
const MOST_SETS: i64 = 20_000;

/// Returns the sets of labels of issues that can be done, as JSON arrays, with the number of issues that have them, most first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn label_sets(db: &impl Sql) -> Result<Vec<(String, i64)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        labels: String,
        issues: i64,
    }
    let sql = "SELECT labels, count(*) AS issues FROM opportunities WHERE status IN ('active', 'claimed') \
               GROUP BY labels ORDER BY count(*) DESC, labels LIMIT $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [MOST_SETS.into()])).await?;
    Ok(rows.into_iter().map(|row| (row.labels, row.issues)).collect())
}
