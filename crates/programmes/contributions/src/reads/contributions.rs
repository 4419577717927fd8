use std::collections::HashMap;

use crate::model::ProjectId;
use github::{model::PullRequestId, reads::PullRequest};
use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{Cell, DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A pull request's contribution, with its points and explanations.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Contribution {
    /// Its id.
    pub id: Uuid,
    /// The pull request.
    pub pull_request_id: Uuid,
    /// The project it counts for.
    pub project_id: Uuid,
    /// `OPEN`, `UNDER_REVIEW`, `CHANGES_REQUESTED`, `APPROVED`, `MERGED` or `CLOSED`.
    pub state: String,
    /// When it was opened.
    pub opened_at: Timestamp,
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
    /// Points of its opening that have not matured.
    pub opening_pending: Points,
    /// Points of its merge that have not matured.
    pub merge_pending: Points,
    /// Why the opening earns what it earns, as JSON.
    pub opening_explanation: Option<String>,
    /// Why the merge earns what it earns, as JSON.
    pub merge_explanation: Option<String>,
}

const CONTRIBUTION: &str = "id, pull_request_id, project_id, state, opened_at, reviewed_at, approved_at, \
     merged_at, closed_at, rules_version, score, opening_pending, merge_pending, \
     opening_explanation, merge_explanation";

/// The contribution of a pull request; `None` when it belongs to no project.
pub async fn of_pull_request(
    db: &impl Sql,
    pull: PullRequestId,
) -> Result<Option<Contribution>, DbError> {
    let sql = format!("SELECT {CONTRIBUTION} FROM contributions WHERE pull_request_id = $1");
    db.one(db.statement(&sql, [pull.into()])).await
}

/// A person's contributions opened before a place (exclusive), newest first.
pub async fn of_person(
    db: &impl Sql,
    person: UserId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    latest(db, "author_id", person.into(), before, limit).await
}

/// A project's contributions opened before a place (exclusive), newest first.
pub async fn of_project(
    db: &impl Sql,
    project: ProjectId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    latest(db, "project_id", project.into(), before, limit).await
}

async fn latest(
    db: &impl Sql,
    column: &str,
    whose: Cell,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    let mut query = db.query();
    let (whose, limit) = (query.bind(whose), query.bind(limit));
    let earlier = before.map_or(String::new(), |(at, id)| {
        format!(
            "AND (opened_at, id) < ({}, {})",
            query.bind(at),
            query.bind(id)
        )
    });
    let sql = format!(
        "SELECT {CONTRIBUTION} FROM contributions WHERE {column} = {whose} {earlier} \
         ORDER BY opened_at DESC, id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// A person's contributions that are not merged or closed, newest first.
pub async fn open_of_person(
    db: &impl Sql,
    person: UserId,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    let sql = format!(
        "SELECT {CONTRIBUTION} FROM contributions WHERE author_id = $1 \
         AND state NOT IN ('MERGED', 'CLOSED') ORDER BY opened_at DESC, id DESC LIMIT $2"
    );
    db.all(db.statement(&sql, [person.into(), limit.into()]))
        .await
}

/// Returns the pull requests of contributions, by id; none in a repository that is private now.
pub async fn pull_requests(
    db: &impl Sql,
    rows: &[Contribution],
) -> Result<HashMap<Uuid, PullRequest>, DbError> {
    let ids = rows.iter().map(|row| row.pull_request_id.into());
    github::reads::pull_requests(db, ids).await
}
