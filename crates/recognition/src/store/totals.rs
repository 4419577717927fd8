use std::collections::HashMap;

use identity::model::UserId;
use kernel::Points;
use platform::db::{DbError, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Computes people's totals from their entries. A person without entries is absent.
pub(crate) async fn totals(
    tx: &Tx,
    people: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Points>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        points: Points,
    }
    let mut query = tx.query();
    let people = query.rows(ids(people), "r");
    let sql = format!(
        "SELECT p.user_id, CAST(sum(p.points) AS bigint) AS points FROM {people} \
         JOIN point_transactions p ON p.user_id = r.id WHERE p.kind <> 'REDEMPTION' GROUP BY p.user_id"
    );
    let rows: Vec<Row> = tx.all(query.statement(sql)).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.user_id.into(), row.points))
        .collect())
}
