use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::Serialize;

/// A delivery as operators see it.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct DeliveryView {
    /// GitHub's id of it.
    pub delivery_id: String,
    /// `pull_request`, `push` …
    pub event: String,
    /// What happened, when the body says it in a word.
    pub action: Option<String>,
    /// GitHub's id of the repository.
    pub repository_github_id: Option<i64>,
    /// When it came.
    pub received_at: Timestamp,
    /// How often it was tried since it last became pending.
    pub attempts: i64,
    /// When it was done, if it is.
    pub completed_at: Option<Timestamp>,
    /// When it was given up, if it was.
    pub dead_at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// What it changed, or why it changed nothing.
    pub outcome: Option<String>,
}

/// The newest deliveries, or the newest dead letters.
///
/// # Errors
/// When the database fails.
pub async fn deliveries(
    db: &impl Sql,
    only_dead: bool,
    limit: u32,
) -> Result<Vec<DeliveryView>, DbError> {
    let which = match only_dead {
        true => "WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id DESC",
        false => "ORDER BY id DESC",
    };
    let sql = format!(
        "SELECT delivery_id, event, action, repository_github_id, received_at, attempts, completed_at, \
         dead_at, last_error, outcome FROM webhook_deliveries {which} LIMIT $1"
    );
    db.all(db.statement(&sql, [limit.into()])).await
}
