use kernel::Points;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// People whose IDs follow each other.
#[derive(Clone, Copy)]
pub(crate) struct Range {
    /// The ID before the first.
    pub(crate) after: Uuid,
    /// The last ID.
    pub(crate) last: Uuid,
}

/// The sum of a person's entries from one account, without redemptions.
#[derive(FromQueryResult)]
pub(crate) struct Earned {
    pub(crate) user_id: Uuid,
    pub(crate) identity_id: Uuid,
    pub(crate) points: Points,
}

/// Sums the entries of people by account. Accounts without entries are absent.
pub(crate) async fn earned(db: &impl Sql, of: Range) -> Result<Vec<Earned>, DbError> {
    let sql = "SELECT user_id, identity_id, \
               CAST(sum(CASE WHEN kind <> 'REDEMPTION' THEN points ELSE 0 END) AS bigint) AS points \
               FROM point_transactions WHERE user_id > $1 AND user_id <= $2 \
               GROUP BY user_id, identity_id ORDER BY user_id, identity_id";
    db.all(db.statement(sql, [of.after.into(), of.last.into()])).await
}
