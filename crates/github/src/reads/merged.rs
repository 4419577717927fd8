use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ascii_lower, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A merged pull request of a person in a public repository.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MergedPull {
    pub id: Uuid,
    pub repository_id: Uuid,
    pub title: String,
    /// Label names, as a JSON array.
    labels: String,
    pub merged_at: Timestamp,
}

impl MergedPull {
    /// Returns the names of the labels.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        serde_json::from_str(&self.labels).unwrap_or_default()
    }
}

/// Returns at most `limit` merged pull requests of a person in public repositories, latest merged first.
///
/// # Errors
/// When the database fails.
pub async fn merged_of(
    db: &impl Sql,
    author: UserId,
    limit: i64,
) -> Result<Vec<MergedPull>, DbError> {
    let sql = "SELECT p.id, p.repository_id, p.title, p.labels, p.merged_at FROM pull_requests p \
               JOIN repositories g ON g.id = p.repository_id WHERE p.author_id = $1 AND p.merged_at IS NOT NULL \
               AND NOT g.is_private ORDER BY p.merged_at DESC, p.id DESC LIMIT $2";
    db.all(db.statement(sql, [author.into(), limit.into()])).await
}

/// A pull request with an issue that it closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Closes {
    pub pull_request_id: Uuid,
    pub issue_id: Uuid,
}

/// Returns the issues that pull requests close.
///
/// # Errors
/// When the database fails.
pub async fn closes(
    db: &impl Sql,
    pulls: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Closes>, DbError> {
    let mut query = db.query();
    let rows = query.rows(ids(pulls), "r");
    let select = "SELECT c.pull_request_id, i.id AS issue_id FROM";
    let sql = format!(
        "{select} {rows} JOIN closing_references c ON c.pull_request_id = r.id \
         JOIN issues i ON i.repository_id = c.repository_id AND i.number = c.number \
         UNION {select} {rows} JOIN closing_references c ON c.pull_request_id = r.id \
         JOIN repositories g ON {} = c.repository_name \
         JOIN issues i ON i.repository_id = g.id AND i.number = c.number",
        ascii_lower("g.full_name")
    );
    db.all(query.statement(sql)).await
}
