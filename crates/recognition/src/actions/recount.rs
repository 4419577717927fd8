use identity::model::UserId;
use kernel::Points;
use platform::{
    Context,
    db::{DbError, Sql, Tx},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::LOCK;
use crate::store::derived;

/// Makes totals, board rows and histogram anew from the ledger, in the caller's transaction. Changes
/// nothing where they agree already.
pub async fn recount(tx: &Tx, context: &Context) -> Result<(), DbError> {
    tx.serialize(LOCK).await?;
    let now = context.now();
    identity::actions::add_points(tx, wrong_totals(tx).await?, now).await?;
    tx.run(tx.statement("DELETE FROM board_histogram", []))
        .await?;
    tx.run(tx.statement("DELETE FROM board_rows", [])).await?;
    let rows = format!(
        "INSERT INTO board_rows (board_id, user_id, points, descending_points, reached_at, updated_at) \
         SELECT b.id, c.user_id, c.points, -c.points, c.reached_at, $1 \
         FROM ({}) c JOIN boards b ON b.key = c.key",
        derived::board_rows(tx.engine())
    );
    tx.run(tx.statement(&rows, [now.into()])).await?;
    let histogram = format!(
        "INSERT INTO board_histogram (board_id, level, bucket, people) \
         SELECT board_id, level, bucket, people FROM ({}) h",
        derived::histogram()
    );
    tx.run(tx.statement(&histogram, [])).await?;
    Ok(())
}

/// By how much totals are off.
async fn wrong_totals(tx: &Tx) -> Result<Vec<(UserId, Points)>, DbError> {
    #[derive(FromQueryResult)]
    struct Off {
        user_id: Uuid,
        points: i64,
    }
    let sql = format!(
        "SELECT u.id AS user_id, coalesce(l.points, 0) - u.total_points AS points \
         FROM users u LEFT JOIN ({}) l ON l.user_id = u.id \
         WHERE u.total_points <> coalesce(l.points, 0)",
        derived::TOTALS
    );
    let off: Vec<Off> = tx.all(tx.statement(&sql, [])).await?;
    Ok(off
        .into_iter()
        .map(|row| (row.user_id.into(), row.points))
        .collect())
}
