use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::{Value, json};

/// Exports a person's rows in this module: the pull requests that they opened, and their reviews.
pub async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("repository", Kind::Text),
        ("number", Kind::Int),
        ("title", Kind::Text),
        ("state", Kind::Text),
        ("head_ref", Kind::Text),
        ("opened_at", Kind::At),
        ("closed_at", Kind::At),
        ("merged_at", Kind::At),
    ];
    let sql = "SELECT r.full_name AS repository, p.number, p.title, p.state, p.head_ref, \
               p.opened_at, p.closed_at, p.merged_at FROM pull_requests p \
               JOIN repositories r ON r.id = p.repository_id WHERE p.author_id = $1 ORDER BY p.opened_at";
    let pulls = own_rows(db, person.0, &columns, sql).await?;
    let columns = [
        ("repository", Kind::Text),
        ("number", Kind::Int),
        ("state", Kind::Text),
        ("submitted_at", Kind::At),
    ];
    let sql = "SELECT r.full_name AS repository, p.number, g.state, g.submitted_at \
               FROM github_reviews g JOIN pull_requests p ON p.id = g.pull_request_id \
               JOIN repositories r ON r.id = p.repository_id WHERE g.reviewer_id = $1 \
               ORDER BY g.submitted_at";
    let reviews = own_rows(db, person.0, &columns, sql).await?;
    Ok(json!({ "pull_requests": pulls, "reviews": reviews }))
}
