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
    /// The ID.
    pub id: Uuid,
    /// The pull request.
    pub pull_request_id: Uuid,
    /// The project that it belongs to.
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
    /// The version of the rules that is used.
    pub rules_version: i64,
    /// The points in the ledger.
    pub score: Points,
    /// The pending points for opening.
    pub opening_pending: Points,
    /// The pending points for merging.
    pub merge_pending: Points,
    /// The explanation of the points for opening, as JSON.
    pub opening_explanation: Option<String>,
    /// The explanation of the points for merging, as JSON.
    pub merge_explanation: Option<String>,
}

const CONTRIBUTION: &str = "id, pull_request_id, project_id, state, opened_at, reviewed_at, approved_at, \
     merged_at, closed_at, rules_version, score, opening_pending, merge_pending, \
     opening_explanation, merge_explanation";

/// Returns the contribution of a pull request; `None` when it belongs to no project.
pub async fn of_pull_request(
    db: &impl Sql,
    pull: PullRequestId,
) -> Result<Option<Contribution>, DbError> {
    let sql = format!("SELECT {CONTRIBUTION} FROM contributions WHERE pull_request_id = $1");
    db.one(db.statement(&sql, [pull.into()])).await
}

/// A contribution with the facts that it was scored on.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Scored {
    #[sea_orm(nested)]
    pub(super) contribution: Contribution,
    /// The facts, as JSON.
    pub(super) facts: String,
}

/// Returns the contribution of a pull request with its facts; `None` when it belongs to no project.
pub(super) async fn scored(db: &impl Sql, pull: PullRequestId) -> Result<Option<Scored>, DbError> {
    let sql = format!("SELECT {CONTRIBUTION}, facts FROM contributions WHERE pull_request_id = $1");
    db.one(db.statement(&sql, [pull.into()])).await
}

/// Lists a person's contributions opened before a position (exclusive), newest first.
pub async fn of_person(
    db: &impl Sql,
    person: UserId,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<Contribution>, DbError> {
    latest(db, "author_id", person.into(), before, limit).await
}

/// Lists a project's contributions opened before a position (exclusive), newest first.
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

/// Lists a person's contributions that are neither merged nor closed, newest first.
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

/// Returns the pull requests of contributions, by ID, except those of repositories that are now private.
pub async fn pull_requests(
    db: &impl Sql,
    rows: &[Contribution],
) -> Result<HashMap<Uuid, PullRequest>, DbError> {
    let ids = rows.iter().map(|row| row.pull_request_id.into());
    github::reads::pull_requests(db, ids).await
}
