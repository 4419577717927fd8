use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use crate::{model::RepositoryId, store::repositories};

/// Finds a repository by GitHub's ID; `None` if it was neither registered nor watched.
///
/// # Errors
/// When the database fails.
pub async fn repository_of(db: &impl Sql, github_id: i64) -> Result<Option<RepositoryId>, DbError> {
    let found = repositories::by_github_ids(db, [github_id]).await?;
    Ok(found.first().map(|repository| repository.id.into()))
}

/// A push that GitHub delivered.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Push {
    /// The full name of the branch or tag, such as `refs/heads/main`.
    pub ref_name: String,
    /// The commit before; zeros if the push created the branch.
    pub before_sha: String,
    /// The commit after; zeros if the push deleted the branch.
    pub after_sha: String,
    /// True when it replaced commits.
    pub forced: bool,
    /// When this server received the delivery.
    pub received_at: Timestamp,
}

/// Lists the pushes to a branch that GitHub delivered, in the order in which they were received. Of equal pushes, the first
/// is listed.
///
/// # Errors
/// When the database fails.
pub async fn pushes_of(
    db: &impl Sql,
    repository: RepositoryId,
    branch: &str,
) -> Result<Vec<Push>, DbError> {
    let sql = "SELECT ref_name, before_sha, after_sha, forced, received_at FROM pushes \
               WHERE repository_id = $1 AND ref_name = $2 ORDER BY received_at, id";
    let values = [repository.into(), format!("refs/heads/{branch}").into()];
    db.all(db.statement(sql, values)).await
}

/// A result of checks that GitHub delivered.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct CheckResult {
    /// `workflow_run`, or `check_suite` for the checks of one app.
    pub source: String,
    /// The name of the workflow or the app.
    pub name: String,
    /// The event that started the workflow, such as `push` or `repository_dispatch`.
    pub event: Option<String>,
    /// The commit that was checked.
    pub head_sha: String,
    /// GitHub's name of the conclusion, such as `success`, `failure` or `timed_out`.
    pub conclusion: String,
    /// The page of the run.
    pub url: Option<String>,
    /// When it ended, by GitHub.
    pub completed_at: Timestamp,
    /// When this server received the delivery.
    pub received_at: Timestamp,
}

/// The most results of checks that are listed.
const MOST_RESULTS: i64 = 50;

/// Lists the results of checks of a commit, the newest first, at most 50. With `dispatched_since`, those of workflows that the event
/// `repository_dispatch` started are among them if they came since then: GitHub runs them on the newest commit of the default branch.
///
/// # Errors
/// When the database fails.
pub async fn check_results(
    db: &impl Sql,
    repository: RepositoryId,
    sha: &str,
    dispatched_since: Option<Timestamp>,
) -> Result<Vec<CheckResult>, DbError> {
    let mut query = db.query();
    let (repository, sha, most) =
        (query.bind(repository), query.bind(sha), query.bind(MOST_RESULTS));
    let dispatched = match dispatched_since {
        Some(since) => {
            let since = query.bind(since);
            format!("OR (event = 'repository_dispatch' AND received_at >= {since})")
        }
        None => String::new(),
    };
    let sql = format!(
        "SELECT source, name, event, head_sha, conclusion, url, completed_at, received_at FROM check_results \
         WHERE repository_id = {repository} AND (head_sha = {sha} {dispatched}) \
         ORDER BY completed_at DESC, id DESC LIMIT {most}"
    );
    db.all(query.statement(sql)).await
}
