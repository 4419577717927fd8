//! The ranks that people have on a board when a month begins.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Returns a board without months that is older than `month`, the beginning of a month, and whose ranks were not stored since.
pub(crate) async fn due(db: &impl Sql, month: Timestamp) -> Result<Option<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM boards WHERE final_at IS NULL AND created_at < $1 \
               AND (ranked_at IS NULL OR ranked_at < $1) AND key NOT LIKE '%month:%' \
               ORDER BY id LIMIT 1";
    let found: Option<Row> = db.one(db.statement(sql, [month.into()])).await?;
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
