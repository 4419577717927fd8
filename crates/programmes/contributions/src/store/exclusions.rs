//! Exclusions of repositories: decisions that their pull requests earn nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use github::model::RepositoryId;
use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{Inactive, InactiveState, ProjectId};

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredExclusion {
    pub(crate) id: Uuid,
    pub(crate) repository_id: Uuid,
    pub(crate) reason: String,
    pub(crate) excluded_by_id: Option<Uuid>,
    pub(crate) created_at: Timestamp,
    pub(crate) lifted_at: Option<Timestamp>,
    pub(crate) lifted_by_id: Option<Uuid>,
    pub(crate) lift_reason: Option<String>,
}

const EXCLUSION: &str = "x.id, x.repository_id, x.reason, x.excluded_by_id, x.created_at, x.lifted_at, \
     x.lifted_by_id, x.lift_reason FROM repository_exclusions x";

/// Lists the exclusions of a repository, latest first, at most `limit`.
pub(crate) async fn of_repository(
    db: &impl Sql,
    repository: RepositoryId,
    limit: i64,
) -> Result<Vec<StoredExclusion>, DbError> {
    let sql = format!(
        "SELECT {EXCLUSION} WHERE x.repository_id = $1 ORDER BY x.created_at DESC, x.id DESC LIMIT $2"
    );
    db.all(db.statement(&sql, [repository.into(), limit.into()])).await
}

/// Finds the exclusion of a repository that is not lifted.
pub(crate) async fn current(
    db: &impl Sql,
    repository: RepositoryId,
) -> Result<Option<StoredExclusion>, DbError> {
    let sql = format!("SELECT {EXCLUSION} WHERE x.repository_id = $1 AND x.lifted_at IS NULL");
    db.one(db.statement(&sql, [repository.into()])).await
}

/// Lists the exclusions that are not lifted, before a position (exclusive), latest first.
pub(crate) async fn all_current(
    db: &impl Sql,
    before: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> Result<Vec<StoredExclusion>, DbError> {
    let mut query = db.query();
    let earlier = before.map_or(String::new(), |(at, id)| {
        let (at, id) = (query.bind(at), query.bind(id));
        format!("AND (x.created_at, x.id) < ({at}, {id})")
    });
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT {EXCLUSION} WHERE x.lifted_at IS NULL {earlier} \
         ORDER BY x.created_at DESC, x.id DESC LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Returns the excluded repositories among some.
pub(crate) async fn among(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<BTreeSet<RepositoryId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT x.repository_id FROM {rows} JOIN repository_exclusions x ON x.repository_id = r.id \
         WHERE x.lifted_at IS NULL"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.repository_id.into()).collect())
}

/// Returns the projects of repositories, and the excluded ones among them. Those of no project are left out.
pub(crate) async fn owners(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = RepositoryId>,
) -> Result<(HashMap<RepositoryId, ProjectId>, BTreeSet<RepositoryId>), DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
        project_id: Uuid,
        exclusion_id: Option<Uuid>,
    }
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT p.repository_id, p.project_id, x.id AS exclusion_id FROM {rows} \
         JOIN project_repositories p ON p.repository_id = r.id \
         LEFT JOIN repository_exclusions x ON x.repository_id = r.id AND x.lifted_at IS NULL"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let excluded = rows.iter().filter(|row| row.exclusion_id.is_some());
    let excluded = excluded.map(|row| row.repository_id.into()).collect();
    let owner = |row: Row| (row.repository_id.into(), row.project_id.into());
    Ok((rows.into_iter().map(owner).collect(), excluded))
}

/// Returns the repositories of a project, each with the reason why it is excluded, if it is, and its state, if it is inactive.
pub(crate) async fn repositories_in(
    db: &impl Sql,
    project: ProjectId,
) -> Result<BTreeMap<RepositoryId, (Option<String>, Option<Inactive>)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
        reason: Option<String>,
        inactive_state: Option<InactiveState>,
        inactive_since: Option<Timestamp>,
    }
    let sql = "SELECT p.repository_id, x.reason, p.inactive_state, p.inactive_since \
               FROM project_repositories p \
               LEFT JOIN repository_exclusions x ON x.repository_id = p.repository_id \
               AND x.lifted_at IS NULL WHERE p.project_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [project.into()])).await?;
    let reason = |row: Row| {
        let inactive = row.inactive_state.zip(row.inactive_since);
        let inactive = inactive.map(|(state, since)| Inactive { state, since });
        (row.repository_id.into(), (row.reason, inactive))
    };
    Ok(rows.into_iter().map(reason).collect())
}

/// Inserts an exclusion.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    repository: RepositoryId,
    reason: &str,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO repository_exclusions (id, repository_id, reason, excluded_by_id, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [id.into(), repository.into(), reason.into(), by.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Stores that an exclusion was lifted.
pub(crate) async fn lift(
    tx: &Tx,
    id: Uuid,
    reason: &str,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE repository_exclusions SET lifted_at = $1, lifted_by_id = $2, lift_reason = $3 \
               WHERE id = $4";
    let values = [now.into(), by.into(), reason.into(), id.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// The pull requests of a repository in the project that it belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(crate) struct RepositoryTotals {
    pub(crate) pull_requests: i64,
    pub(crate) people: i64,
    pub(crate) points: Points,
}

/// Counts the pull requests of a repository, their authors and their points.
pub(crate) async fn counted(
    db: &impl Sql,
    project: ProjectId,
    repository: RepositoryId,
) -> Result<RepositoryTotals, DbError> {
    let sql = "SELECT count(*) AS pull_requests, count(DISTINCT author_id) AS people, \
               CAST(coalesce(sum(score), 0) AS BIGINT) AS points FROM contributions \
               WHERE project_id = $1 AND repository_id = $2";
    let found: Option<RepositoryTotals> =
        db.one(db.statement(sql, [project.into(), repository.into()])).await?;
    Ok(found.unwrap_or_default())
}

/// Returns whether a person has a pull request in a project.
pub(crate) async fn is_author(
    db: &impl Sql,
    project: ProjectId,
    person: UserId,
) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM contributions WHERE author_id = $1 \
               AND project_id = $2 LIMIT 1) AS found";
    let values = [person.into(), project.into()];
    Ok(db.count(db.statement(sql, values)).await? > 0)
}
