use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::{Value, json};

use super::has_opted_out;

/// Exports a person's entries, their points on boards and their badges, with those that were revoked.
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
    let is_listed = !has_opted_out(db, person).await?;
    let badges = badges(db, person).await?;
    Ok(json!({ "entries": entries, "boards": boards, "is_listed": is_listed, "badges": badges }))
}

async fn badges(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("badge", Kind::Text),
        ("awarded_at", Kind::At),
        ("awarded_by", Kind::Text),
        ("reason", Kind::Text),
        ("evidence", Kind::Text),
        ("revoked_at", Kind::At),
        ("revoke_reason", Kind::Text),
    ];
    let sql = "SELECT b.slug AS badge, a.awarded_at, a.awarded_by, a.reason, a.evidence, a.revoked_at, \
               a.revoke_reason FROM user_badges a JOIN badges b ON b.id = a.badge_id \
               WHERE a.user_id = $1 ORDER BY a.id";
    own_rows(db, person.0, &columns, sql).await
}
