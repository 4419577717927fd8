use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::{Value, json};

/// Exports a person's entries and their points on boards.
pub async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("occurred_at", Kind::At),
        ("created_at", Kind::At),
        ("points", Kind::Int),
        ("kind", Kind::Text),
        ("reason", Kind::Text),
        ("explanation", Kind::Text),
    ];
    let sql = "SELECT occurred_at, created_at, points, kind, reason, explanation \
               FROM point_transactions WHERE user_id = $1 ORDER BY id";
    let entries = own_rows(db, person.0, &columns, sql).await?;
    let columns = [("board", Kind::Text), ("points", Kind::Int)];
    let sql = "SELECT b.key AS board, r.points FROM board_rows r JOIN boards b ON b.id = r.board_id \
               WHERE r.user_id = $1 ORDER BY b.key";
    let boards = own_rows(db, person.0, &columns, sql).await?;
    Ok(json!({ "entries": entries, "boards": boards }))
}
