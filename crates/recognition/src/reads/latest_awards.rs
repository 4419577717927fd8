use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A recent award.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct LatestAward {
    pub user_id: Uuid,
    pub source_id: Uuid,
    /// When the points were earned.
    pub occurred_at: Timestamp,
    /// 1 if the person had no such award before, else 0.
    pub is_first: i64,
}

/// The number of entries that are looked at, so that a rare reason does not read the whole ledger.
const LOOKED_AT: i64 = 1_000;

/// Lists the last posted awards of a reason, at most `limit` among the last [`LOOKED_AT`] entries, in the order in which they
/// were posted, latest first. Not all of these people may be named.
///
/// # Errors
/// When the database fails.
pub async fn latest_awards(
    db: &impl Sql,
    reason: &str,
    limit: i64,
) -> Result<Vec<LatestAward>, DbError> {
    // The condition on the ID makes this a search of the index, not a scan.
    let sql = "SELECT p.user_id, p.source_id, p.occurred_at, CAST(CASE WHEN EXISTS (SELECT 1 FROM point_transactions e \
         WHERE e.user_id = p.user_id AND e.reason = p.reason AND e.kind = 'AWARD' AND e.occurred_at < p.occurred_at) \
         THEN 0 ELSE 1 END AS bigint) AS is_first \
         FROM (SELECT * FROM point_transactions WHERE id > $3 ORDER BY id DESC LIMIT $4) p \
         WHERE p.reason = $1 AND p.kind = 'AWARD' AND p.points > 0 \
         ORDER BY p.id DESC LIMIT $2";
    let values = [reason.into(), limit.into(), Uuid::nil().into(), LOOKED_AT.into()];
    db.all(db.statement(sql, values)).await
}
