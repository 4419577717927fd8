use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql as _, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The queue of webhooks to create or delete on GitHub. A row is stored before the request, so that a process that dies in
/// between leaves nothing behind on GitHub.
pub(crate) const QUEUE: Queue = Queue { table: "hook_tasks" };

/// The columns of [`ClaimedHookTask`].
pub(crate) const CLAIMED: &str =
    "id, attempts, repository_github_id, full_name, user_id, action, hook_id";

/// The action of a webhook that a registration is creating. When such a row is due, the registration has failed, and the
/// webhook is deleted.
const CREATE: &str = "create";
/// The action of a webhook that is no longer needed.
const DELETE: &str = "delete";

/// A task that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedHookTask {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) repository_github_id: i64,
    pub(crate) full_name: String,
    pub(crate) user_id: Uuid,
    action: String,
    pub(crate) hook_id: Option<i64>,
}

impl ClaimedHookTask {
    /// Returns true if a registration began to create the webhook, and did not complete.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.action == CREATE
    }
}

/// A webhook of a repository, with the person whose token manages it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HookTarget<'a> {
    pub(crate) github_id: i64,
    pub(crate) full_name: &'a str,
    pub(crate) person: UserId,
}

/// Stores that a webhook is about to be created. The row is due at `until`, unless the registration completes before.
/// Returns false if another registration or a job has the repository's webhook now.
pub(crate) async fn begin(
    tx: &Tx,
    id: Uuid,
    target: HookTarget<'_>,
    until: Timestamp,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO hook_tasks (id, created_at, repository_github_id, full_name, user_id, action, due_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (repository_github_id) DO UPDATE SET \
               id = excluded.id, created_at = excluded.created_at, full_name = excluded.full_name, \
               user_id = excluded.user_id, action = excluded.action, hook_id = NULL, due_at = excluded.due_at, \
               attempts = 0, dead_at = NULL, last_error = NULL \
               WHERE hook_tasks.claimed_by IS NULL AND (hook_tasks.action <> excluded.action \
               OR hook_tasks.due_at IS NULL OR hook_tasks.due_at <= excluded.created_at)";
    let values = [
        id.into(),
        now.into(),
        target.github_id.into(),
        target.full_name.into(),
        target.person.into(),
        CREATE.into(),
        until.into(),
    ];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Removes the task of a registration that completes; returns false if it is another's or a job's now.
pub(crate) async fn end(tx: &Tx, id: Uuid) -> Result<bool, DbError> {
    let sql = "DELETE FROM hook_tasks WHERE id = $1 AND claimed_by IS NULL";
    Ok(tx.run(tx.statement(sql, [id.into()])).await? > 0)
}

/// Makes the task of a registration that failed due, so that a job deletes the webhook if it exists.
pub(crate) async fn abandon(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE hook_tasks SET due_at = $1 WHERE id = $2 AND claimed_by IS NULL";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Stores that a webhook is to be deleted.
pub(crate) async fn request_deletion(
    tx: &Tx,
    id: Uuid,
    target: HookTarget<'_>,
    hook_id: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO hook_tasks (id, created_at, repository_github_id, full_name, user_id, action, hook_id, due_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $2) ON CONFLICT (repository_github_id) DO UPDATE SET \
               id = excluded.id, full_name = excluded.full_name, user_id = excluded.user_id, \
               action = excluded.action, hook_id = excluded.hook_id, due_at = excluded.due_at, attempts = 0, \
               dead_at = NULL, last_error = NULL WHERE hook_tasks.claimed_by IS NULL";
    let values = [
        id.into(),
        now.into(),
        target.github_id.into(),
        target.full_name.into(),
        target.person.into(),
        DELETE.into(),
        hook_id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Cancels the deletion of a repository's webhook, because the repository is registered again.
pub(crate) async fn cancel_deletion(tx: &Tx, github_id: i64) -> Result<(), DbError> {
    let sql = "DELETE FROM hook_tasks WHERE repository_github_id = $1 AND action = $2 AND claimed_by IS NULL";
    tx.run(tx.statement(sql, [github_id.into(), DELETE.into()])).await?;
    Ok(())
}

/// Removes a task that a worker has done.
pub(crate) async fn done(tx: &Tx, worker: Uuid, id: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM hook_tasks WHERE id = $1 AND claimed_by = $2";
    tx.run(tx.statement(sql, [id.into(), worker.into()])).await?;
    Ok(())
}
