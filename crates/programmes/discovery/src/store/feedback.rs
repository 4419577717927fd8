//! Statements for what people state about opportunities.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::{DismissalReason, FeedbackKind};

/// Stores what a person states about an opportunity, in place of an earlier statement of this kind.
pub(crate) async fn state(
    tx: &Tx,
    id: Uuid,
    person: UserId,
    opportunity: Uuid,
    kind: FeedbackKind,
    reason: Option<DismissalReason>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO opportunity_feedback (id, created_at, user_id, opportunity_id, kind, reason, stated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $2) ON CONFLICT (user_id, kind, opportunity_id) \
               DO UPDATE SET reason = excluded.reason, stated_at = excluded.stated_at";
    let values = [
        id.into(),
        now.into(),
        person.into(),
        opportunity.into(),
        kind.as_str().into(),
        reason.map(DismissalReason::as_str).into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes what a person stated about an opportunity.
pub(crate) async fn withdraw(
    tx: &Tx,
    person: UserId,
    opportunity: Uuid,
    kind: FeedbackKind,
) -> Result<(), DbError> {
    let sql =
        "DELETE FROM opportunity_feedback WHERE user_id = $1 AND kind = $2 AND opportunity_id = $3";
    let values = [person.into(), kind.as_str().into(), opportunity.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Lets one transaction at a time state something, until it ends.
pub(crate) async fn lock(tx: &Tx) -> Result<(), DbError> {
    tx.serialize("discovery.feedback").await
}

/// Counts what a person stated of a kind. The caller holds the lock.
pub(crate) async fn count(tx: &Tx, person: UserId, kind: FeedbackKind) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM opportunity_feedback WHERE user_id = $1 AND kind = $2";
    tx.count(tx.statement(sql, [person.into(), kind.as_str().into()])).await
}

/// Removes the oldest statements of a kind of a person beyond the newest `kept`. The caller holds the lock.
pub(crate) async fn forget(
    tx: &Tx,
    person: UserId,
    kind: FeedbackKind,
    kept: i64,
) -> Result<(), DbError> {
    let sql = "DELETE FROM opportunity_feedback WHERE user_id = $1 AND kind = $2 AND id <= (SELECT id FROM \
               opportunity_feedback WHERE user_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1 OFFSET $3)";
    tx.run(tx.statement(sql, [person.into(), kind.as_str().into(), kept.into()])).await?;
    Ok(())
}
