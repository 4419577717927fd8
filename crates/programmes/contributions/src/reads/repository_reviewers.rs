use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A maintainer of the project of a repository.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct RepositoryMaintainer {
    pub(crate) repository_id: Uuid,
    /// The name of the project.
    pub(crate) project: String,
    pub(crate) user_id: Uuid,
    /// 1 if the person has reviewed a pull request of the project, else 0.
    pub(crate) has_reviewed: i64,
}

/// Lists the maintainers of the projects of repositories in the order in which they became maintainers. Repositories without a
/// project, and those of archived projects, are left out.
///
/// # Errors
/// When the database fails.
pub(crate) async fn maintainers_of_repositories(
    db: &impl Sql,
    repositories: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<RepositoryMaintainer>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(repositories), "r");
    let sql = format!(
        "SELECT x.repository_id, p.name AS project, m.user_id, CAST(CASE WHEN EXISTS (SELECT 1 FROM pr_reviews v \
         JOIN contributions c ON c.pull_request_id = v.pull_request_id AND c.project_id = p.id \
         WHERE v.reviewer_id = m.user_id AND NOT v.is_automatic AND v.action NOT IN ('STARTED_REVIEW', 'RELEASED')) \
         THEN 1 ELSE 0 END AS bigint) AS has_reviewed \
         FROM {rows} JOIN project_repositories x ON x.repository_id = r.id \
         JOIN projects p ON p.id = x.project_id AND p.archived_at IS NULL \
         JOIN project_maintainers m ON m.project_id = p.id ORDER BY m.id"
    );
    db.all(query.statement(sql)).await
}
