//! Statements for decisions about ties.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{model::HackathonId, rules::judging::decisions::Decision};

/// Records a decision about a tie of a round.
pub(crate) async fn insert(
    tx: &Tx,
    (row, hackathon, round): (Uuid, HackathonId, i64),
    decision: &Decision<Uuid>,
    (reason, decided_by): (&str, Option<Uuid>),
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_decisions (id, created_at, hackathon_id, decided_by_id, projects, is_settled, \
               reason, round) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        row.into(),
        now.into(),
        hackathon.into(),
        decided_by.into(),
        serde_json::json!(decision.projects).to_string().into(),
        decision.is_settled.into(),
        reason.into(),
        round.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
