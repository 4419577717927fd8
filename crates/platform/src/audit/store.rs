use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Act, Actor, Origin};
use crate::db::{DbError, Sql, Tx};

/// Inserts an action with its request, and its reason and network next to it.
pub(super) async fn insert(
    tx: &Tx,
    (id, now): (Uuid, Timestamp),
    act: Act<'_>,
    origin: Origin,
) -> Result<(), DbError> {
    let (actor_kind, actor_id) = match act.actor {
        Actor::Person(id) => ("person", Some(id)),
        Actor::Operator => ("operator", None),
        Actor::Visitor => ("visitor", None),
    };
    let sql = "INSERT INTO audit_logs (id, created_at, actor_kind, actor_id, action, target_kind, \
               target_id, before, after, request_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = [
        id.into(),
        now.into(),
        actor_kind.into(),
        actor_id.into(),
        act.action.into(),
        act.target_kind.into(),
        act.target_id.into(),
        act.before.map(|json| json.to_string()).into(),
        act.after.map(|json| json.to_string()).into(),
        origin.request_id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    insert_words(tx, id, now, act.reason, origin.ip_prefix).await
}

/// Inserts the reason and the client network of an action into the table that can be erased.
async fn insert_words(
    tx: &Tx,
    id: Uuid,
    now: Timestamp,
    reason: Option<&str>,
    ip_prefix: Option<String>,
) -> Result<(), DbError> {
    if reason.is_none() && ip_prefix.is_none() {
        return Ok(());
    }
    let sql = "INSERT INTO audit_words (id, created_at, reason, ip_prefix) VALUES ($1, $2, $3, $4)";
    let values = [id.into(), now.into(), reason.into(), ip_prefix.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A recorded action.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RecordedAct {
    pub id: Uuid,
    /// When it happened.
    pub created_at: Timestamp,
    /// The state before, as JSON.
    pub before: Option<String>,
    /// The state after, as JSON.
    pub after: Option<String>,
}

/// Returns the actions of one kind on a target since an instant, oldest first.
pub async fn acts(
    db: &impl Sql,
    action: &'static str,
    target: (&'static str, Uuid),
    since: Timestamp,
) -> Result<Vec<RecordedAct>, DbError> {
    let (kind, target_id) = target;
    let sql = "SELECT id, created_at, before, after FROM audit_logs WHERE target_kind = $1 AND target_id = $2 \
               AND action = $3 AND created_at >= $4 ORDER BY id";
    let values = [kind.into(), target_id.into(), action.into(), since.into()];
    db.all(db.statement(sql, values)).await
}

/// Counts the actions of one kind by a person on a target since an instant.
pub async fn count_by(
    db: &impl Sql,
    person: Uuid,
    action: &'static str,
    target_id: Uuid,
    since: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM audit_logs \
               WHERE actor_id = $1 AND created_at >= $2 AND action = $3 AND target_id = $4";
    let values = [person.into(), since.into(), action.into(), target_id.into()];
    db.count(db.statement(sql, values)).await
}
