//! Final boards, and the corrections that came after.

use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx, ends_with};
use uuid::Uuid;

use crate::model::Finalizer;

/// Makes the boards of a month final, which are its own and those of other boards within it. Returns their number.
pub(crate) async fn close_month(
    tx: &Tx,
    month: &str,
    by: Finalizer,
    now: Timestamp,
) -> Result<u64, DbError> {
    let is_within = ends_with("key", "$4");
    let sql = format!(
        "UPDATE boards SET final_at = $1, final_by = $2 \
         WHERE final_at IS NULL AND (key = $3 OR {is_within})"
    );
    let within = format!("/{month}");
    let values = [now.into(), by.as_str().into(), month.into(), within.into()];
    tx.run(tx.statement(&sql, values)).await
}

/// Makes a board final. Returns whether it was not.
pub(crate) async fn close(
    tx: &Tx,
    key: &str,
    by: Finalizer,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE boards SET final_at = $1, final_by = $2 WHERE final_at IS NULL AND key = $3";
    let values = [now.into(), by.as_str().into(), key.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Notes entries that came after boards became final, by board and entry.
pub(crate) async fn note(
    tx: &Tx,
    ids: &dyn Ids,
    late: &[(Uuid, Uuid)],
    now: Timestamp,
) -> Result<(), DbError> {
    if late.is_empty() {
        return Ok(());
    }
    let mut rows =
        Rows::new([("id", Kind::Uuid), ("board_id", Kind::Uuid), ("entry_id", Kind::Uuid)]);
    for (board, entry) in late {
        rows.push([ids.next().into(), (*board).into(), (*entry).into()]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO board_notes (id, board_id, entry_id, created_at) \
         SELECT r.id, r.board_id, r.entry_id, {now} FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
