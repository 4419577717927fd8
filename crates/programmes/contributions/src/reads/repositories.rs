use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::ProjectId;

/// Lists a project's repositories by name.
pub async fn repositories(
    db: &impl Sql,
    project: ProjectId,
) -> Result<Vec<github::reads::RepositoryNames>, DbError> {
    repositories_of(db, &[project]).await
}

/// Lists the repositories of several projects by name.
pub(crate) async fn repositories_of(
    db: &impl Sql,
    projects: &[ProjectId],
) -> Result<Vec<github::reads::RepositoryNames>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        repository_id: Uuid,
    }
    let mut query = db.query();
    let rows = query.rows(ids(projects.iter().copied()), "r");
    // CROSS JOIN makes SQLite start with the set.
    let sql = format!(
        "SELECT p.repository_id FROM {rows} CROSS JOIN project_repositories p WHERE p.project_id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    github::reads::named(db, rows.into_iter().map(|row| row.repository_id.into())).await
}
