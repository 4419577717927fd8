use kernel::Points;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::UserId;

/// A person's stored all-time points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    pub user_id: UserId,
    /// The sum of the ledger entries, without redemptions.
    pub points: Points,
}

/// Lists the totals of people after an ID, ordered by ID, at most `limit`.
pub async fn totals(
    db: &impl Sql,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<Total>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        total_points: Points,
    }
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let sql = "SELECT id, total_points FROM users WHERE id > $1 ORDER BY id LIMIT $2";
    let rows: Vec<Row> = db.all(db.statement(sql, [after.into(), limit.into()])).await?;
    let total = |row: Row| Total { user_id: row.id.into(), points: row.total_points };
    Ok(rows.into_iter().map(total).collect())
}
