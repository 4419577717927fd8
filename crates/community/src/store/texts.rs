use platform::db::{DbError, Sql, Tx};

use crate::model::{TextName, TextVersion};

/// The columns of a version.
pub(crate) const VERSION: &str = "id, name, version, body, author_id, restored_from, created_at";

/// Returns the newest version of a text.
pub(crate) async fn current(db: &impl Sql, name: TextName) -> Result<Option<TextVersion>, DbError> {
    let sql = format!(
        "SELECT {VERSION} FROM community_texts WHERE name = $1 ORDER BY version DESC LIMIT 1"
    );
    db.one(db.statement(&sql, [name.as_str().into()])).await
}

/// Returns a version of a text.
pub(crate) async fn version(
    db: &impl Sql,
    name: TextName,
    version: i64,
) -> Result<Option<TextVersion>, DbError> {
    let sql = format!("SELECT {VERSION} FROM community_texts WHERE name = $1 AND version = $2");
    db.one(db.statement(&sql, [name.as_str().into(), version.into()])).await
}

/// Adds a version.
pub(crate) async fn insert(tx: &Tx, new: &TextVersion) -> Result<(), DbError> {
    let sql = "INSERT INTO community_texts (id, name, version, body, author_id, restored_from, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        new.id.into(),
        new.name.as_str().into(),
        new.version.into(),
        new.body.as_str().into(),
        new.author_id.into(),
        new.restored_from.into(),
        new.created_at.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
