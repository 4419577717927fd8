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

/// A maintainer with their project.
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
