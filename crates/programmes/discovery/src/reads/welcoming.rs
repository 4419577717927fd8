use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Returns the free issues that suit newcomers most, good first issues before others, and the number of all issues that
/// searches find, the claimed ones included.
///
/// # Errors
/// When the database fails.
pub(crate) async fn welcoming(db: &impl Sql, limit: i64) -> Result<(Vec<Uuid>, i64), DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        total: i64,
    }
    let sql = "SELECT o.id, (SELECT count(*) FROM opportunities WHERE status IN ('active', 'claimed')) AS total \
               FROM opportunities o WHERE o.status = 'active' ORDER BY o.is_good_first DESC, o.overall DESC, o.id LIMIT $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [limit.into()])).await?;
    let total = rows.first().map_or(0, |row| row.total);
    Ok((rows.into_iter().map(|row| row.id).collect(), total))
}
