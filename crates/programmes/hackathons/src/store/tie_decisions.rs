//! Statements for decisions about ties.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::{model::HackathonId, rules::judging::decisions::Decision};

/// A decision about a tie of a round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewTieDecision<'a> {
    pub(crate) hackathon: HackathonId,
    pub(crate) round: i64,
    pub(crate) decision: &'a Decision<Uuid>,
    pub(crate) reason: &'a str,
    pub(crate) decided_by: Option<Uuid>,
}

pub(crate) async fn insert(
    tx: &Tx,
    row: Uuid,
    new: NewTieDecision<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO judging_decisions (id, created_at, hackathon_id, decided_by_id, projects, is_settled, \
               reason, round) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        row.into(),
        now.into(),
        new.hackathon.into(),
        new.decided_by.into(),
        serde_json::json!(new.decision.projects).to_string().into(),
        new.decision.is_settled.into(),
        new.reason.into(),
        new.round.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
