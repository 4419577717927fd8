use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

#[derive(Clone, Debug, FromQueryResult)]
pub struct ConsentText {
    /// The version, from 1.
    pub version: i64,
    pub text: String,
    /// When it was published.
    pub created_at: Timestamp,
}

/// Returns the present consent text; `None` if none was published.
///
/// # Errors
/// When the database fails.
pub async fn latest_consent(db: &impl Sql) -> Result<Option<ConsentText>, DbError> {
    let sql = "SELECT version, text, created_at FROM ctf_consents ORDER BY version DESC LIMIT 1";
    db.one(db.statement(sql, [])).await
}

/// Finds a version of the consent text.
///
/// # Errors
/// When the database fails.
pub async fn consent(db: &impl Sql, version: i64) -> Result<Option<ConsentText>, DbError> {
    let sql = "SELECT version, text, created_at FROM ctf_consents WHERE version = $1";
    db.one(db.statement(sql, [version.into()])).await
}

/// Lists the latest 50 versions of the consent text, newest first.
///
/// # Errors
/// When the database fails.
pub async fn consents(db: &impl Sql) -> Result<Vec<ConsentText>, DbError> {
    let sql = "SELECT version, text, created_at FROM ctf_consents ORDER BY version DESC LIMIT 50";
    db.all(db.statement(sql, [])).await
}
