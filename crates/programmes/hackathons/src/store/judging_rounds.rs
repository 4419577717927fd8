//! Statements for rounds of judging.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::HackathonId;

/// A round that an organizer closes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewRound<'a> {
    pub(crate) id: Uuid,
    /// The number, from 1.
    pub(crate) number: i64,
    /// The number of ranks that move on.
    pub(crate) carried: i64,
    /// The projects that move on.
    pub(crate) forward: &'a [Uuid],
    /// The organizer.
    pub(crate) closed_by: Option<Uuid>,
}

/// Closes a round: stores the projects that move on, and puts aside those that judges still have.
pub(crate) async fn close(
    tx: &Tx,
    hackathon: HackathonId,
    new: NewRound<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_rounds (id, created_at, hackathon_id, number, carried, forward, closed_by_id) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        now.into(),
        hackathon.into(),
        new.number.into(),
        new.carried.into(),
        serde_json::json!(new.forward).to_string().into(),
        new.closed_by.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    let sql = "UPDATE judging_assignments SET status = 'skipped', status_at = $2 \
               WHERE hackathon_id = $1 AND status = 'open'";
    tx.run(tx.statement(sql, [hackathon.into(), now.into()])).await?;
    Ok(())
}
