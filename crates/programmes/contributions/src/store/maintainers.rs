use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx, erase_rows};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::ProjectId;

/// Makes a person a maintainer; returns whether they were not one before.
pub(crate) async fn insert(
    tx: &Tx,
    id: Uuid,
    project: ProjectId,
    person: UserId,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "INSERT INTO project_maintainers (id, project_id, user_id, role, created_at, updated_at) \
               VALUES ($1, $2, $3, 'maintainer', $4, $4) ON CONFLICT (project_id, user_id) DO NOTHING";
    let values = [id.into(), project.into(), person.into(), now.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Makes a person the owner of a new project, which has no maintainers yet.
pub(crate) async fn insert_owner(
    tx: &Tx,
    id: Uuid,
    project: ProjectId,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO project_maintainers (id, project_id, user_id, role, created_at, updated_at) \
               VALUES ($1, $2, $3, 'owner', $4, $4)";
    let values = [id.into(), project.into(), person.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Removes a maintainer; returns whether they were one.
pub(crate) async fn remove(tx: &Tx, project: ProjectId, person: UserId) -> Result<bool, DbError> {
    let sql = "DELETE FROM project_maintainers WHERE project_id = $1 AND user_id = $2";
    let values = [project.into(), person.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Counts a project's maintainers.
pub(crate) async fn count(tx: &Tx, project: ProjectId) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM project_maintainers WHERE project_id = $1";
    tx.count(tx.statement(sql, [project.into()])).await
}

#[derive(FromQueryResult)]
pub(crate) struct MaintainerRow {
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
}

/// Lists the rows of a project's maintainers.
pub(crate) async fn rows(tx: &Tx, project: ProjectId) -> Result<Vec<MaintainerRow>, DbError> {
    let sql = "SELECT id, user_id FROM project_maintainers WHERE project_id = $1 ORDER BY id";
    tx.all(tx.statement(sql, [project.into()])).await
}

/// Makes a maintainer the owner of a project. The former owner stays a maintainer.
pub(crate) async fn set_owner(
    tx: &Tx,
    project: ProjectId,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    // A project has at most one owner at any time, which an index ensures.
    let sql = "UPDATE project_maintainers SET role = 'maintainer', updated_at = $2 \
               WHERE project_id = $1 AND role = 'owner'";
    tx.run(tx.statement(sql, [project.into(), now.into()])).await?;
    let sql = "UPDATE project_maintainers SET role = 'owner', updated_at = $3 \
               WHERE project_id = $1 AND user_id = $2";
    let values = [project.into(), person.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A person whose role in a project a transfer changed.
#[derive(FromQueryResult)]
pub(crate) struct Transferred {
    pub(crate) user_id: Uuid,
    pub(crate) role: String,
    pub(crate) updated_at: Timestamp,
    pub(crate) name: String,
    pub(crate) slug: String,
}

impl Transferred {
    /// Returns whether the person owns the project.
    pub(crate) fn is_owner(&self) -> bool {
        self.role == "owner"
    }
}

/// Finds a maintainer with their role by the row's ID; `None` if they were removed.
pub(crate) async fn transferred(tx: &Tx, id: Uuid) -> Result<Option<Transferred>, DbError> {
    let sql = "SELECT m.user_id, m.role, m.updated_at, p.name, p.slug FROM project_maintainers m \
               JOIN projects p ON p.id = m.project_id WHERE m.id = $1";
    tx.one(tx.statement(sql, [id.into()])).await
}

#[derive(FromQueryResult)]
pub(crate) struct NewMaintainer {
    pub(crate) user_id: Uuid,
    pub(crate) name: String,
    pub(crate) slug: String,
}

/// Finds a maintainer by the row's ID; `None` if they were removed.
pub(crate) async fn new_maintainer(tx: &Tx, id: Uuid) -> Result<Option<NewMaintainer>, DbError> {
    let sql = "SELECT m.user_id, p.name, p.slug FROM project_maintainers m \
               JOIN projects p ON p.id = m.project_id WHERE m.id = $1";
    tx.one(tx.statement(sql, [id.into()])).await
}

/// Removes a person from all projects they maintain.
pub(crate) async fn erase(tx: &Tx, person: UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM project_maintainers WHERE user_id = $1";
    erase_rows(tx, person.0, &[sql]).await
}
