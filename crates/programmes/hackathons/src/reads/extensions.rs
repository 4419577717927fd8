//! Queries for later deadlines of teams and people.

use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::submissions::{is_by, submitter};
use crate::model::{HackathonId, Submitter};

/// A later deadline of a team or a person.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ExtensionView {
    pub hackathon_id: Uuid,
    team_id: Option<Uuid>,
    user_id: Option<Uuid>,
    pub closes_at: Timestamp,
    pub reason: String,
}

impl ExtensionView {
    /// Returns the team or the person.
    #[must_use]
    pub fn by(&self) -> Submitter {
        submitter(self.team_id, self.user_id)
    }
}

const EXTENSION: &str = "SELECT e.hackathon_id, e.team_id, e.user_id, e.closes_at, e.reason \
     FROM submission_extensions e";

/// Returns the later deadline of a team or a person, if an organizer gave one.
pub async fn extension(
    db: &impl Sql,
    hackathon: HackathonId,
    by: Submitter,
) -> Result<Option<ExtensionView>, DbError> {
    let mut query = db.query();
    let hackathon = query.bind(hackathon);
    let holds = is_by("e", by, &mut query);
    let sql = format!("{EXTENSION} WHERE e.hackathon_id = {hackathon} AND {holds}");
    db.one(query.statement(sql)).await
}

/// Counts the teams and people of a hackathon whose own deadline is after an instant.
pub async fn running_extensions(
    db: &impl Sql,
    hackathon: HackathonId,
    now: Timestamp,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM submission_extensions e WHERE e.hackathon_id = $1 AND e.closes_at > $2";
    db.count(db.statement(sql, [hackathon.into(), now.into()])).await
}

/// Finds a later deadline by its ID.
pub async fn extension_by_id(db: &impl Sql, id: Uuid) -> Result<Option<ExtensionView>, DbError> {
    let sql = format!("{EXTENSION} WHERE e.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}
