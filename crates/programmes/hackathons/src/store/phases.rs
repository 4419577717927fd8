//! Statements for the phases that hackathons entered.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::{HackathonId, Phase};

/// Inserts a phase with its number in the hackathon. Returns false if another process has recorded this number.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    hackathon: HackathonId,
    number: i64,
    phase: Phase,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO hackathon_phases (id, created_at, hackathon_id, number, phase) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hackathon_id, number) DO NOTHING";
    let values = [id.into(), now.into(), hackathon.into(), number.into(), phase.as_str().into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}
