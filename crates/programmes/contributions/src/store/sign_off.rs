//! Statements for the reasons of sign-offs.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{model::SeasonId, rules::seasons::sign_off::SignOffReason};

/// Stores why a season was signed off although things were open, with their number.
pub(crate) async fn insert(
    tx: &Tx,
    row: Uuid,
    season: SeasonId,
    given: (&SignOffReason, i64),
    decided_by: Option<Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let (reason, count) = given;
    let sql = "INSERT INTO sign_off_reasons (id, created_at, season_id, blocker, count, reason, decided_by_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        row.into(),
        now.into(),
        season.into(),
        reason.blocker.as_str().into(),
        count.into(),
        reason.reason.as_str().into(),
        decided_by.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes the reasons that a person wrote.
pub(crate) async fn forget(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "UPDATE sign_off_reasons SET reason = '' WHERE decided_by_id = $1";
    tx.run(tx.statement(sql, [person.into()])).await?;
    Ok(())
}
