//! Statements for check-ins.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::{ApplicationId, HackathonId};

/// Gives a new application its check-in code; one that has a code keeps it.
pub(crate) async fn insert(
    tx: &Tx,
    application: ApplicationId,
    hackathon: HackathonId,
    code: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO check_ins (id, created_at, hackathon_id, code) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO NOTHING";
    let values = [application.into(), now.into(), hackathon.into(), code.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores when a person was checked in, and the person who did it; nothing for a person who is not.
pub(crate) async fn set(
    tx: &Tx,
    application: ApplicationId,
    at: Option<Timestamp>,
    by: Option<Uuid>,
) -> Result<(), DbError> {
    let sql = "UPDATE check_ins SET checked_in_at = $2, checked_in_by_id = $3 WHERE id = $1";
    let values = [application.into(), at.into(), by.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
