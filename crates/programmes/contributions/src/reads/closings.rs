//! Automatic closings of abandoned pull requests, as the maintainers of their projects see them.

use std::collections::HashMap;

use github::model::PullRequestId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::ProjectId,
    rules::State,
    store::closings::{CLOSED, CLOSED_SILENTLY, COMMENT_UNKNOWN, DECLINED},
};

/// The result of an automatic closing so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosingResult {
    /// It is tried when its time comes.
    Waiting,
    /// Closed with a comment.
    Closed,
    /// Closed; GitHub refused the comment.
    ClosedSilently,
    /// Closed; the comment may be missing.
    CommentUnknown,
    /// The GitHub App is not installed on the repository, or may not write to its pull requests.
    Refused,
    /// The attempts failed, and there is no further one.
    Failed,
}

/// An automatic closing of a pull request.
#[derive(Clone, Copy, Debug)]
pub struct ClosingView {
    pub pull_request_id: Uuid,
    pub result: ClosingResult,
    /// When it ended, or when the next attempt is due.
    pub at: Timestamp,
    /// True if the pull request is open.
    pub is_open: bool,
}

#[derive(FromQueryResult)]
struct Row {
    pull_request_id: Uuid,
    created_at: Timestamp,
    due_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    dead_at: Option<Timestamp>,
    outcome: Option<String>,
    state: State,
}

impl From<Row> for ClosingView {
    fn from(row: Row) -> Self {
        let result = match (row.completed_at, row.dead_at, row.outcome.as_deref()) {
            (None, None, _) => ClosingResult::Waiting,
            (_, _, Some(CLOSED)) => ClosingResult::Closed,
            (_, _, Some(CLOSED_SILENTLY)) => ClosingResult::ClosedSilently,
            (_, _, Some(COMMENT_UNKNOWN)) => ClosingResult::CommentUnknown,
            (_, _, Some(DECLINED)) => ClosingResult::Refused,
            _ => ClosingResult::Failed,
        };
        let at = row.completed_at.or(row.dead_at).or(row.due_at);
        Self {
            pull_request_id: row.pull_request_id,
            result,
            at: at.unwrap_or(row.created_at),
            is_open: !matches!(row.state, State::Merged | State::Closed),
        }
    }
}

/// The columns of [`Row`].
const ROW: &str =
    "k.pull_request_id, k.created_at, k.due_at, k.completed_at, k.dead_at, k.outcome, c.state";

/// The condition on a closing that says something of its pull request: what was not closed here is still open.
const CURRENT: &str = "(k.outcome LIKE 'closed%' OR c.state NOT IN ('MERGED', 'CLOSED'))";

/// Returns the automatic closings of pull requests.
///
/// # Errors
/// When the database fails.
pub async fn closings(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = PullRequestId>,
) -> Result<HashMap<Uuid, ClosingView>, DbError> {
    let mut query = db.query();
    let pulls = query.rows(ids(pulls), "p");
    let sql = format!(
        "SELECT {ROW} FROM {pulls} JOIN pull_closings k ON k.pull_request_id = p.id \
         JOIN contributions c ON c.pull_request_id = k.pull_request_id WHERE {CURRENT}"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.pull_request_id, row.into())).collect())
}

/// Lists the latest automatic closings in a project, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn closings_in(
    db: &impl Sql,
    project: ProjectId,
    limit: i64,
) -> Result<Vec<ClosingView>, DbError> {
    // CROSS JOIN makes SQLite start with the closings, of which there are few.
    let sql = format!(
        "SELECT {ROW} FROM pull_closings k CROSS JOIN contributions c \
         WHERE c.pull_request_id = k.pull_request_id AND c.project_id = $1 AND {CURRENT} \
         ORDER BY COALESCE(k.completed_at, k.dead_at, k.due_at, k.created_at) DESC, k.id DESC LIMIT $2"
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [project.into(), limit.into()])).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}
