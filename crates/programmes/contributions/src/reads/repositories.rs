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

/// Returns a text that changes with the repositories of a project, and with the progress of reading each from GitHub.
pub async fn reading_mark(db: &impl Sql, project: ProjectId) -> Result<String, DbError> {
    let listed: Vec<Uuid> = repositories(db, project).await?.iter().map(|it| it.id).collect();
    let states = github::reads::sync_states(db, listed.iter().copied()).await?;
    let marks: Vec<_> = listed.iter().map(|id| states.get(id)).collect();
    Ok(format!("{listed:?} {marks:?}"))
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
