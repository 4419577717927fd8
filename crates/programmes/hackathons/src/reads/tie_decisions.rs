//! Queries for decisions about ties.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use crate::{model::HackathonId, rules::judging::decisions::Decision};

/// A decision about a tie.
#[derive(Clone, Debug)]
pub struct DecisionView {
    pub round: i64,
    /// The projects and their order.
    pub decision: Decision<Uuid>,
    /// The reason; empty once it is removed.
    pub reason: String,
    /// The login of the organizer; `None` if an operator decided.
    pub decided_by: Option<String>,
    /// When it was made.
    pub decided_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    created_at: Timestamp,
    round: i64,
    decided_by_id: Option<Uuid>,
    projects: String,
    is_settled: bool,
    reason: String,
}

impl Row {
    fn decision(&self) -> Decision<Uuid> {
        Decision {
            projects: serde_json::from_str(&self.projects).unwrap_or_default(),
            is_settled: self.is_settled,
        }
    }
}

async fn rows(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<Row>, DbError> {
    let sql = "SELECT d.created_at, d.round, d.decided_by_id, d.projects, d.is_settled, d.reason \
               FROM judging_decisions d WHERE d.hackathon_id = $1 ORDER BY d.id";
    db.all(db.statement(sql, [hackathon.into()])).await
}

/// Lists the decisions about ties of a round of a hackathon, earliest first, without their words.
pub async fn decisions(
    db: &impl Sql,
    hackathon: HackathonId,
    round: i64,
) -> Result<Vec<Decision<Uuid>>, DbError> {
    let rows = rows(db, hackathon).await?;
    let own = rows.iter().filter(|row| row.round == round);
    Ok(own.map(Row::decision).collect())
}

/// Lists the decisions about ties of a hackathon, latest first.
pub async fn tie_decisions(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<DecisionView>, DbError> {
    let rows = rows(db, hackathon).await?;
    let people = rows.iter().filter_map(|row| row.decided_by_id);
    let logins = identity::reads::logins(db, people.map(UserId::new)).await?;
    let view = |row: Row| DecisionView {
        round: row.round,
        decision: row.decision(),
        reason: row.reason,
        decided_by: (row.decided_by_id)
            .map(|person| logins.get(&person.into()).cloned().unwrap_or_default()),
        decided_at: row.created_at,
    };
    Ok(rows.into_iter().rev().map(view).collect())
}

/// Exports the decisions about ties that a person made.
pub(super) async fn export_decisions(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("round", Kind::Int),
        ("projects", Kind::Text),
        ("is_settled", Kind::Bool),
        ("reason", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, d.round, d.projects, d.is_settled, d.reason, d.created_at \
               FROM judging_decisions d JOIN hackathons h ON h.id = d.hackathon_id \
               WHERE d.decided_by_id = $1 ORDER BY d.id";
    own_rows(db, person.0, &columns, sql).await
}
