use kernel::Timestamp;
use platform::db::{DbError, Sql};

use crate::model::Failures;

/// Counts the deliveries since an instant, and those of them that failed and are not applied.
pub(crate) async fn failures_since(db: &impl Sql, since: Timestamp) -> Result<Failures, DbError> {
    let sql = "SELECT count(*) AS received, count(CASE WHEN dead_at IS NOT NULL \
               OR (completed_at IS NULL AND last_error IS NOT NULL) THEN 1 END) AS failed \
               FROM webhook_deliveries WHERE body IS NOT NULL AND received_at >= $1";
    let found: Option<Failures> = db.one(db.statement(sql, [since.into()])).await?;
    Ok(found.unwrap_or_default())
}
