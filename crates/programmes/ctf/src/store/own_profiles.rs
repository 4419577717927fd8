//! Statements for what competitors change about themselves.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};

use crate::model::CompetitorId;

/// Connects a competitor with the account of a person; returns whether both were free.
pub(crate) async fn connect(
    tx: &Tx,
    id: CompetitorId,
    person: UserId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE competitors SET user_id = $1, updated_at = $2 WHERE id = $3 AND user_id IS NULL \
               AND NOT EXISTS (SELECT 1 FROM competitors o WHERE o.user_id = $1)";
    let values = [person.into(), now.into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Stores whether a competitor wants the weekly e-mail.
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
