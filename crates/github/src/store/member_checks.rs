use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    db::{DbError, Kind, Rows, Sql, Tx},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::RepositoryId;

/// The queue of people whose role in a repository may have changed. A row with `lost_at` stays: GitHub stated that the
/// person has neither the role admin nor maintain.
pub(crate) const QUEUE: Queue = Queue { table: "member_checks" };

/// The columns of [`ClaimedMemberCheck`].
pub(crate) const CLAIMED: &str = "id, attempts, repository_id, github_id";

/// A check that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedMemberCheck {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) repository_id: Uuid,
    pub(crate) github_id: i64,
}

/// Requests that the roles of people, by GitHub ID, in repositories are checked.
pub(crate) async fn request(
    tx: &Tx,
    checks: impl IntoIterator<Item = (Uuid, RepositoryId, i64)>,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut rows =
        Rows::new([("id", Kind::Uuid), ("repository_id", Kind::Uuid), ("github_id", Kind::Int)]);
    for (id, repository, person) in checks {
        rows.push([id.into(), repository.into(), person.into()]);
    }
    if rows.is_empty() {
        return Ok(0);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO member_checks (id, created_at, repository_id, github_id, due_at) \
         SELECT r.id, {now}, r.repository_id, r.github_id, {now} FROM {rows} WHERE true \
         ON CONFLICT (repository_id, github_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0, \
         dead_at = NULL, last_error = NULL WHERE member_checks.claimed_by IS NULL"
    );
    tx.run(query.statement(sql)).await
}

/// Removes a check of a person who has the role.
pub(crate) async fn confirm(tx: &Tx, worker: Uuid, id: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM member_checks WHERE id = $1 AND claimed_by = $2";
    tx.run(tx.statement(sql, [id.into(), worker.into()])).await?;
    Ok(())
}

/// Records that a person no longer has the role; returns false if another worker has the check now.
pub(crate) async fn lose(tx: &Tx, worker: Uuid, id: Uuid, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE member_checks SET lost_at = $1, due_at = NULL, claimed_by = NULL, completed_at = $1, \
               outcome = 'no role', last_error = NULL WHERE id = $2 AND claimed_by = $3";
    let values = [now.into(), id.into(), worker.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// A person who has no role in a repository any more.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub(crate) struct Lost {
    pub(crate) repository_id: Uuid,
    pub(crate) github_id: i64,
}

/// Finds a lost role by the check's ID.
pub(crate) async fn lost(db: &impl Sql, id: Uuid) -> Result<Option<Lost>, DbError> {
    let sql =
        "SELECT repository_id, github_id FROM member_checks WHERE id = $1 AND lost_at IS NOT NULL";
    db.one(db.statement(sql, [id.into()])).await
}

/// Lists the repositories in which a person has no role any more.
pub(crate) async fn lost_by(db: &impl Sql, github_id: i64) -> Result<Vec<Lost>, DbError> {
    let sql = "SELECT repository_id, github_id FROM member_checks \
               WHERE github_id = $1 AND lost_at IS NOT NULL ORDER BY repository_id";
    db.all(db.statement(sql, [github_id.into()])).await
}

/// A lost role, with the person who has the account.
#[derive(Clone, Debug)]
pub struct LostRole {
    pub repository: RepositoryId,
    pub person: UserId,
    /// Every repository in which the person has no role any more.
    pub repositories: Vec<RepositoryId>,
}
