use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

/// The deliveries that were received since an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Failures {
    /// The number of all.
    pub(crate) received: i64,
    /// The number of those whose last attempt failed.
    pub(crate) failed: i64,
}

/// Counts the deliveries since an instant, and those of them that failed and are not applied.
pub(crate) async fn failures_since(db: &impl Sql, since: Timestamp) -> Result<Failures, DbError> {
    let sql = "SELECT count(*) AS received, count(CASE WHEN dead_at IS NOT NULL \
               OR (completed_at IS NULL AND last_error IS NOT NULL) THEN 1 END) AS failed \
               FROM webhook_deliveries WHERE body IS NOT NULL AND received_at >= $1";
    let found: Option<Failures> = db.one(db.statement(sql, [since.into()])).await?;
    Ok(found.unwrap_or_default())
}
