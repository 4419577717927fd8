use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// The most rows of a list.
const MOST: i64 = 50;

/// A slow request, as it is listed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RequestRow {
    /// When it ended.
    pub created_at: Timestamp,
    pub method: String,
    /// The template of its route.
    pub route: String,
    pub status: i64,
    pub duration_ms: i64,
    pub person_id: Option<Uuid>,
    /// The network that it came from, such as `203.0.113.0/24`.
    pub network: Option<String>,
    pub agent: Option<String>,
}

/// A slow statement, as it is listed.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StatementRow {
    /// When it was last slow.
    pub last_at: Timestamp,
    /// Its text without values; cut if it is long.
    pub statement: String,
    /// The number of slow executions.
    pub runs: i64,
    /// The duration of all of them.
    pub total_ms: i64,
    pub max_ms: i64,
    /// Its plan for any values when it was last slow, if the database has one.
    pub plan: Option<String>,
}

/// Returns the last 50 slow requests, newest first.
///
/// # Errors
/// When the database fails.
pub async fn slow_requests(db: &impl Sql) -> Result<Vec<RequestRow>, DbError> {
    let sql = "SELECT created_at, method, route, status, duration_ms, person_id, network, agent \
               FROM slow_requests ORDER BY created_at DESC, id DESC LIMIT $1";
    db.all(db.statement(sql, [MOST.into()])).await
}

/// Returns the 50 statements whose slow executions took longest together.
///
/// # Errors
/// When the database fails.
pub async fn slow_statements(db: &impl Sql) -> Result<Vec<StatementRow>, DbError> {
    let sql = "SELECT last_at, statement, runs, total_ms, max_ms, plan FROM slow_statements \
               ORDER BY total_ms DESC, id LIMIT $1";
    db.all(db.statement(sql, [MOST.into()])).await
}

/// Counts the different slow statements that are kept.
pub(super) async fn count_slow_statements(db: &impl Sql) -> Result<i64, DbError> {
    db.count(db.statement("SELECT count(*) FROM slow_statements", [])).await
}
