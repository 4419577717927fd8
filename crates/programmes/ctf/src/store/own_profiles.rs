//! Statements for what competitors change about themselves.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::CompetitorId;

/// Connects a competitor with the account of a person, for which the maker of a link answers; `None` for an operator.
/// Returns whether both were free.
pub(crate) async fn connect(
    tx: &Tx,
    id: CompetitorId,
    person: UserId,
    answers: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE competitors SET user_id = $1, connected_by_id = $2, connected_at = $3, \
               updated_at = $3 WHERE id = $4 AND user_id IS NULL \
               AND NOT EXISTS (SELECT 1 FROM competitors o WHERE o.user_id = $1)";
    let values = [person.into(), answers.into(), now.into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Lets someone else answer for the account of a competitor that was connected through a link; `None` for an operator.
/// Returns whether that changed something.
pub(crate) async fn confirm_account(
    tx: &Tx,
    id: CompetitorId,
    answers: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE competitors SET connected_by_id = $1, connected_at = $2, updated_at = $2 \
               WHERE id = $3 AND connected_by_id IS NOT NULL \
               AND connected_by_id IS DISTINCT FROM $1";
    Ok(tx.run(tx.statement(sql, [answers.into(), now.into(), id.into()])).await? > 0)
}

/// A competitor for whose account a person answers.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Connection {
    pub(crate) id: Uuid,
    pub(crate) roster_id: Uuid,
    pub(crate) connected_at: Timestamp,
}

/// Locks the competitors for whose account a person answers, and those who have an open profile link of theirs and may
/// be connecting it now. Lists the former.
pub(crate) async fn lock_connections(tx: &Tx, person: UserId) -> Result<Vec<Connection>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT p.id FROM competitors p WHERE p.connected_by_id = $1 \
               UNION SELECT l.competitor_id AS id FROM ctf_links l WHERE l.created_by_id = $1 \
               AND l.kind = 'profile' AND l.used_at IS NULL AND l.revoked_at IS NULL";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    tx.lock_rows("competitors", rows.into_iter().map(|row| row.id)).await?;
    let sql = "SELECT p.id, p.roster_id, p.connected_at FROM competitors p \
               WHERE p.connected_by_id = $1 ORDER BY p.id";
    tx.all(tx.statement(sql, [person.into()])).await
}

/// Disconnects the account of a competitor, which may have chosen emails.
pub(crate) async fn disconnect(tx: &Tx, id: CompetitorId, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE competitors SET user_id = NULL, connected_by_id = NULL, connected_at = NULL, \
               wants_weekly_mail = FALSE, updated_at = $1 WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Stores whether a competitor wants the weekly email.
pub(crate) async fn set_weekly_mail(
    tx: &Tx,
    id: CompetitorId,
    wants: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE competitors SET wants_weekly_mail = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [wants.into(), now.into(), id.into()])).await?;
    Ok(())
}
