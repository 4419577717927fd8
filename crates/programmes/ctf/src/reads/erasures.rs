use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// An account of an erased competitor that the game platform has to delete.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Erasure {
    /// The ID.
    pub id: Uuid,
    /// The ID of the account on the platform.
    pub syned_user_id: String,
    /// When the competitor was erased here.
    pub created_at: Timestamp,
    /// When someone confirmed that the account is deleted.
    pub confirmed_at: Option<Timestamp>,
}

const ERASURE: &str = "e.id, e.syned_user_id, e.created_at, e.confirmed_at";

/// Finds a deletion.
///
/// # Errors
/// When the database fails.
pub async fn erasure(db: &impl Sql, id: Uuid) -> Result<Option<Erasure>, DbError> {
    let sql = format!("SELECT {ERASURE} FROM game_platform_erasures e WHERE e.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the deletions, the open ones first and then the latest, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn erasures(db: &impl Sql) -> Result<Vec<Erasure>, DbError> {
    let sql = format!(
        "SELECT {ERASURE} FROM game_platform_erasures e \
         ORDER BY e.confirmed_at IS NOT NULL, e.id DESC LIMIT 200"
    );
    db.all(db.statement(&sql, [])).await
}
