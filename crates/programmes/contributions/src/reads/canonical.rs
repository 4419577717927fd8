use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

/// A contribution in a form that two installations can be compared by.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct CanonicalContribution {
    /// The pull request's id here; differs between installations.
    #[serde(skip)]
    pub pull_request_id: Uuid,
    /// GitHub's id of the pull request.
    pub github_id: i64,
    /// The project's slug.
    pub project: String,
    /// Its state.
    pub state: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When its opening is earned.
    pub opening_at: Timestamp,
    /// When a maintainer first reviewed it.
    pub reviewed_at: Option<Timestamp>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The rules it is scored by.
    pub rules_version: i64,
    /// Points in the ledger.
    pub score: Points,
    /// Why the opening earns what it earns.
    pub opening_explanation: Option<String>,
    /// Why the merge earns what it earns.
    pub merge_explanation: Option<String>,
}

/// All contributions, in no order.
pub async fn canonical(db: &impl Sql) -> Result<Vec<CanonicalContribution>, DbError> {
    let sql = "SELECT c.pull_request_id, c.github_id, p.slug AS project, c.state, c.opened_at, c.opening_at, \
         c.reviewed_at, c.approved_at, c.merged_at, c.closed_at, c.rules_version, c.score, \
         c.opening_explanation, c.merge_explanation \
         FROM contributions c JOIN projects p ON p.id = c.project_id";
    db.all(db.statement(sql, [])).await
}
