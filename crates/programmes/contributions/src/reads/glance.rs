//! A pull request as a maintainer reads it before opening it, and the last week of a person.

use github::reads::{Glance, glanced, joined_pull, reviewed_on_github};
use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ascii_lower};
use sea_orm::FromQueryResult;

/// A pull request in short, for a person.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct PullGlance {
    #[sea_orm(nested)]
    pub(crate) glance: Glance,
    pub(crate) project: String,
    /// The number of other pull requests of its author that were merged in the project.
    pub(crate) merged_before: i64,
    /// True if the person began to review it.
    pub(crate) is_begun: bool,
    /// True if the person and others may review it, and no one began to.
    pub(crate) is_free: bool,
}

/// Reads a pull request for a person who may maintain its project, by the name of its repository in any case.
///
/// # Errors
/// When the database fails.
pub(crate) async fn pull_glance(
    db: &impl Sql,
    person: UserId,
    (full_name, number): (&str, i64),
) -> Result<Option<PullGlance>, DbError> {
    let (columns, issue) = glanced();
    let begun = "FROM open_reviews o WHERE o.pull_request_id = c.pull_request_id";
    let maintainer = "FROM project_maintainers m WHERE m.project_id = c.project_id AND m.user_id";
    let sql = format!(
        "SELECT {columns}, p.name AS project, (SELECT count(*) FROM contributions own WHERE own.author_id = c.author_id \
         AND own.project_id = c.project_id AND own.merged_at IS NOT NULL AND own.pull_request_id <> c.pull_request_id) \
         AS merged_before, EXISTS (SELECT 1 {begun} AND o.reviewer_id = $1) AS is_begun, \
         c.state = 'OPEN' AND coalesce(c.author_id <> $1, true) AND EXISTS (SELECT 1 {maintainer} = $1) \
         AND EXISTS (SELECT 1 {maintainer} <> $1) AND NOT EXISTS (SELECT 1 {begun}) AS is_free \
         FROM contributions c JOIN projects p ON p.id = c.project_id {} {issue} \
         WHERE {} = $2 AND pull.number = $3 ORDER BY repo.created_at, repo.id LIMIT 1",
        joined_pull("c.pull_request_id"),
        ascii_lower("repo.full_name")
    );
    let values = [person.into(), full_name.to_ascii_lowercase().into(), number.into()];
    db.one(db.statement(&sql, values)).await
}

/// The numbers of things that a person did for others since an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Week {
    /// The number of pull requests that they reviewed, here or on GitHub.
    pub(crate) reviewed: i64,
    /// The numbers of flags, reports among them, and of disputes that they decided.
    pub(crate) flags: i64,
    pub(crate) disputes: i64,
}

/// Counts what a person did since an instant: reviews, and for moderators their decisions.
///
/// # Errors
/// When the database fails.
pub(crate) async fn week(
    db: &impl Sql,
    person: UserId,
    since: Timestamp,
    is_moderator: bool,
) -> Result<Week, DbError> {
    let decided = |table: &str| match is_moderator {
        true => format!(
            "(SELECT count(*) FROM {table} d WHERE d.decided_by_id = $1 AND d.decided_at >= $2)"
        ),
        false => "CAST(0 AS bigint)".to_owned(),
    };
    // The release of an idle review is the server's act, and a review that only began is none yet.
    let sql = format!(
        "SELECT (SELECT count(*) FROM (SELECT v.pull_request_id FROM pr_reviews v WHERE v.reviewer_id = $1 \
         AND v.created_at >= $2 AND v.action NOT IN ('STARTED_REVIEW', 'RELEASED') UNION {}) AS r) AS reviewed, \
         {} AS flags, {} AS disputes",
        reviewed_on_github("$1", "$2"),
        decided("fair_play_flags"),
        decided("disputes")
    );
    let found = db.one(db.statement(&sql, [person.into(), since.into()])).await?;
    Ok(found.unwrap_or_default())
}
