use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::rules::Explanation;

/// A contribution in a form that is comparable between installations.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct CanonicalContribution {
    /// The pull request's ID here, which differs between installations.
    #[serde(skip)]
    pub pull_request_id: Uuid,
    /// GitHub's ID of the pull request.
    pub github_id: i64,
    /// The project's slug.
    pub project: String,
    /// The state.
    pub state: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the points for opening are earned.
    pub opening_at: Timestamp,
    /// When a maintainer first reviewed it.
    pub reviewed_at: Option<Timestamp>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was merged.
    pub merged_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The version of the rules that is used.
    pub rules_version: i64,
    /// The points in the ledger.
    pub score: Points,
    /// The explanation of the points for opening, as JSON in the form of the API.
    pub opening_explanation: Option<String>,
    /// The explanation of the points for merging, as JSON in the form of the API.
    pub merge_explanation: Option<String>,
}

/// Lists all contributions, in no particular order.
pub async fn canonical(db: &impl Sql) -> Result<Vec<CanonicalContribution>, DbError> {
    let sql = "SELECT c.pull_request_id, c.github_id, p.slug AS project, c.state, c.opened_at, c.opening_at, \
         c.reviewed_at, c.approved_at, c.merged_at, c.closed_at, c.rules_version, c.score, \
         c.opening_explanation, c.merge_explanation \
         FROM contributions c JOIN projects p ON p.id = c.project_id";
    let mut rows: Vec<CanonicalContribution> = db.all(db.statement(sql, [])).await?;
    for row in &mut rows {
        for explanation in [&mut row.opening_explanation, &mut row.merge_explanation] {
            *explanation = explanation.take().map(expanded);
        }
    }
    Ok(rows)
}

/// Returns a stored explanation in the form of the API, which stays the same when the stored form changes.
pub(super) fn expanded(stored: String) -> String {
    let read = Explanation::read(&stored);
    let expanded = read.and_then(|explanation| serde_json::to_string(&explanation));
    expanded.unwrap_or(stored)
}
