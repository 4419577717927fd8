//! Queries for rounds of judging.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use crate::model::HackathonId;

/// A closed round.
#[derive(Clone, Debug)]
pub struct RoundView {
    /// The number, from 1.
    pub number: i64,
    /// The number of ranks that went forward.
    pub carried: i64,
    /// The projects that went forward.
    pub forward: Vec<Uuid>,
    /// The login of the organizer; `None` if an operator closed it.
    pub closed_by: Option<String>,
    pub closed_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    created_at: Timestamp,
    number: i64,
    carried: i64,
    forward: String,
    closed_by_id: Option<Uuid>,
}

impl Row {
    fn projects(&self) -> Vec<Uuid> {
        serde_json::from_str(&self.forward).unwrap_or_default()
    }
}

async fn rows(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<Row>, DbError> {
    let sql = "SELECT r.created_at, r.number, r.carried, r.forward, r.closed_by_id FROM judging_rounds r \
               WHERE r.hackathon_id = $1 ORDER BY r.number";
    db.all(db.statement(sql, [hackathon.into()])).await
}

/// Lists the closed rounds of a hackathon, in order.
pub async fn closed_rounds(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<RoundView>, DbError> {
    let rows = rows(db, hackathon).await?;
    let people = rows.iter().filter_map(|row| row.closed_by_id);
    let logins = identity::reads::logins(db, people.map(UserId::new)).await?;
    let view = |row: Row| RoundView {
        number: row.number,
        carried: row.carried,
        forward: row.projects(),
        closed_by: (row.closed_by_id)
            .map(|person| logins.get(&person.into()).cloned().unwrap_or_default()),
        closed_at: row.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// A round of the judging of a hackathon, with its projects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The number, from 1.
    pub number: i64,
    projects: Option<Vec<Uuid>>,
}

impl Round {
    /// Returns the first round, in which all projects are.
    fn first() -> Self {
        Self { number: 1, projects: None }
    }

    /// Returns whether a project is in the round. All are in the first one.
    #[must_use]
    pub fn has(&self, project: Uuid) -> bool {
        (self.projects.as_ref()).is_none_or(|projects| projects.contains(&project))
    }
}

/// Lists the rounds of the judging of a hackathon, in order. The last one is not closed.
pub async fn rounds(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<Round>, DbError> {
    let mut rounds = vec![Round::first()];
    for row in rows(db, hackathon).await? {
        rounds.push(Round { number: row.number + 1, projects: Some(row.projects()) });
    }
    Ok(rounds)
}

/// Returns the round in which a hackathon is judged now.
pub async fn current_round(db: &impl Sql, hackathon: HackathonId) -> Result<Round, DbError> {
    let last = rounds(db, hackathon).await?.pop();
    Ok(last.unwrap_or_else(Round::first))
}

/// Exports the rounds that a person closed.
pub(super) async fn export_rounds(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("number", Kind::Int),
        ("carried", Kind::Int),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT h.title AS hackathon, r.number, r.carried, r.created_at FROM judging_rounds r \
               JOIN hackathons h ON h.id = r.hackathon_id WHERE r.closed_by_id = $1 ORDER BY r.id";
    own_rows(db, person.0, &columns, sql).await
}
