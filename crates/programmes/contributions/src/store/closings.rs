//! Abandoned pull requests that are closed on GitHub.

use github::model::PullRequestId;
use kernel::{Ids, Timestamp};
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The queue of pull requests to close, one row for each. A row that is completed stays, so that no pull request is closed twice; what is
/// about to be done is stored before the request.
pub(crate) const QUEUE: Queue = Queue { table: "pull_closings" };

/// The columns of [`ClaimedClosing`].
pub(crate) const CLAIMED: &str = "id, attempts, pull_request_id, close_began_at, comment_began_at";

/// The outcome while no installation of the GitHub App includes the repository, or may write to its pull requests.
pub(crate) const DECLINED: &str = "not closed: the GitHub App may not write to pull requests here";

/// The outcome of a pull request that was closed with a comment.
pub(crate) const CLOSED: &str = "closed";

/// The outcome when GitHub closed the pull request and refused the comment.
pub(crate) const CLOSED_SILENTLY: &str = "closed; GitHub refused the comment";

/// The outcome when the pull request was closed and no answer says whether the comment is there.
pub(crate) const COMMENT_UNKNOWN: &str = "closed; the comment may be missing";

/// A pull request that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedClosing {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) pull_request_id: Uuid,
    pub(crate) close_began_at: Option<Timestamp>,
    pub(crate) comment_began_at: Option<Timestamp>,
}

/// The condition on a project `p` that has its abandoned pull requests closed, on its repository `r`, and on a pull request `c` in
/// it that is open.
const CLOSES: &str = "p.closes_abandoned AND p.archived_at IS NULL AND r.inactive_state IS NULL \
     AND c.state NOT IN ('MERGED', 'CLOSED')";

/// Finds open pull requests that are abandoned at `now` and are to be closed, and are not in the queue, or were declined before
/// `declined_before`; at most `limit`.
pub(crate) async fn due(
    tx: &Tx,
    now: Timestamp,
    declined_before: Timestamp,
    limit: i64,
) -> Result<Vec<PullRequestId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        pull_request_id: Uuid,
    }
    // CROSS JOIN makes SQLite start with the projects, of which few close anything.
    let sql = format!(
        "SELECT c.pull_request_id FROM projects p CROSS JOIN contributions c CROSS JOIN project_repositories r \
         LEFT JOIN pull_closings k ON k.pull_request_id = c.pull_request_id \
         WHERE {CLOSES} AND c.project_id = p.id AND c.abandoned_at <= $1 \
         AND r.repository_id = c.repository_id AND r.project_id = p.id \
         AND (k.id IS NULL OR (k.outcome = '{DECLINED}' AND k.completed_at <= $2)) \
         ORDER BY c.abandoned_at, c.pull_request_id LIMIT $3"
    );
    let values = [now.into(), declined_before.into(), limit.into()];
    let rows: Vec<Row> = tx.all(tx.statement(&sql, values)).await?;
    Ok(rows.into_iter().map(|row| row.pull_request_id.into()).collect())
}

/// Adds pull requests to the queue, due at `due_at`.
pub(crate) async fn request(
    tx: &Tx,
    ids: &dyn Ids,
    pulls: impl IntoIterator<Item = PullRequestId>,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("id", Kind::Uuid), ("pull_request_id", Kind::Uuid)]);
    for pull in pulls {
        rows.push([ids.next().into(), pull.into()]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let (rows, now, due_at) = (query.rows(rows, "r"), query.bind(now), query.bind(due_at));
    let sql = format!(
        "INSERT INTO pull_closings (id, created_at, pull_request_id, due_at) \
         SELECT r.id, {now}, r.pull_request_id, {due_at} FROM {rows} WHERE true \
         ON CONFLICT (pull_request_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0, \
         outcome = NULL, completed_at = NULL WHERE pull_closings.outcome = '{DECLINED}'"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// The project of a pull request that is closed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClosingProject {
    pub(crate) name: String,
    /// The number of days after which a pull request is abandoned.
    pub(crate) abandoned_days: i64,
}

/// Returns the project of a pull request; `None` if it has none.
pub(crate) async fn project(
    db: &impl Sql,
    pull: PullRequestId,
) -> Result<Option<ClosingProject>, DbError> {
    let sql = "SELECT p.name, p.abandoned_days FROM contributions c \
               JOIN projects p ON p.id = c.project_id WHERE c.pull_request_id = $1";
    db.one(db.statement(sql, [pull.into()])).await
}

/// Returns whether a pull request is open and abandoned at `now`, and its project has such closed.
pub(crate) async fn is_due(
    db: &impl Sql,
    pull: PullRequestId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = format!(
        "SELECT count(*) FROM contributions c JOIN projects p ON p.id = c.project_id \
         JOIN project_repositories r ON r.repository_id = c.repository_id AND r.project_id = p.id \
         WHERE c.pull_request_id = $1 AND c.abandoned_at <= $2 AND {CLOSES}"
    );
    Ok(db.count(db.statement(&sql, [pull.into(), now.into()])).await? > 0)
}

/// A part of closing a pull request, which is stored before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClosingStep {
    Close,
    Comment,
}

impl ClosingStep {
    fn column(self) -> &'static str {
        match self {
            Self::Close => "close_began_at",
            Self::Comment => "comment_began_at",
        }
    }
}

/// Stores when a step began, or that it did not happen. Returns false if another worker has the row now.
pub(crate) async fn set_began(
    tx: &Tx,
    (worker, id): (Uuid, Uuid),
    step: ClosingStep,
    began: Option<Timestamp>,
) -> Result<bool, DbError> {
    let column = step.column();
    let sql = format!("UPDATE pull_closings SET {column} = $1 WHERE id = $2 AND claimed_by = $3");
    let values = [began.into(), id.into(), worker.into()];
    Ok(tx.run(tx.statement(&sql, values)).await? > 0)
}

/// Removes a row for which nothing was done on GitHub, so that the pull request can be abandoned again.
pub(crate) async fn forget(tx: &Tx, worker: Uuid, id: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM pull_closings WHERE id = $1 AND claimed_by = $2";
    tx.run(tx.statement(sql, [id.into(), worker.into()])).await?;
    Ok(())
}
