use identity::model::UserId;
use platform::db::{DbError, Kind, Sql, own_rows};
use serde_json::{Value, json};

use super::canonical::expanded;

/// Exports a person's rows in this module: contributions with their explanations, the projects that they maintain, and
/// the rules that they published.
pub async fn export(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("project", Kind::Text),
        ("state", Kind::Text),
        ("opened_at", Kind::At),
        ("merged_at", Kind::At),
        ("opening_points", Kind::Int),
        ("merge_points", Kind::Int),
        ("opening_explanation", Kind::Text),
        ("merge_explanation", Kind::Text),
    ];
    let sql = "SELECT p.slug AS project, c.state, c.opened_at, c.merged_at, c.opening_points, \
               c.merge_points, c.opening_explanation, c.merge_explanation FROM contributions c \
               JOIN projects p ON p.id = c.project_id WHERE c.author_id = $1 ORDER BY c.opened_at";
    let mut contributions = own_rows(db, person.0, &columns, sql).await?;
    for contribution in contributions.as_array_mut().into_iter().flatten() {
        for part in ["opening_explanation", "merge_explanation"] {
            if let Value::String(stored) = contribution[part].take() {
                contribution[part] = expanded(stored).into();
            }
        }
    }
    let columns = [
        ("project", Kind::Text),
        ("role", Kind::Text),
        ("created_at", Kind::At),
    ];
    let sql = "SELECT p.slug AS project, m.role, m.created_at FROM project_maintainers m \
               JOIN projects p ON p.id = m.project_id WHERE m.user_id = $1 ORDER BY p.slug";
    let maintains = own_rows(db, person.0, &columns, sql).await?;
    let columns = [
        ("project", Kind::Text),
        ("version", Kind::Int),
        ("published_at", Kind::At),
    ];
    let sql = "SELECT p.slug AS project, v.version, v.published_at FROM project_rules v \
               JOIN projects p ON p.id = v.project_id WHERE v.published_by_id = $1 \
               ORDER BY v.published_at, p.slug";
    let published = own_rows(db, person.0, &columns, sql).await?;
    Ok(json!({
        "contributions": contributions, "maintains": maintains, "published_rules": published,
    }))
}
