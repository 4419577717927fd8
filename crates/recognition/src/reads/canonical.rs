use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A row of a board.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CanonicalRow {
    /// The board's key.
    pub key: String,
    pub user_id: Uuid,
    pub points: Points,
    /// When these points were reached.
    pub reached_at: Timestamp,
}

/// Lists all rows of all boards but those by kind of source, which exist only after entries of a second kind came, and follow
/// from the net ledger.
pub async fn canonical_rows(db: &impl Sql) -> Result<Vec<CanonicalRow>, DbError> {
    let sql = "SELECT b.key, r.user_id, r.points, r.reached_at FROM board_rows r JOIN boards b ON b.id = r.board_id \
               WHERE b.key NOT LIKE 'source:%'";
    db.all(db.statement(sql, [])).await
}

/// The net points of a person for a source and reason.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CanonicalNet {
    pub user_id: Uuid,
    pub source_kind: String,
    pub source_id: Uuid,
    /// The reason, as a code.
    pub reason: String,
    pub points: Points,
    /// When the points were earned.
    pub occurred_at: Timestamp,
}

/// Lists the ledger's net points by person, source and reason, without sums of 0.
pub async fn canonical_net(db: &impl Sql) -> Result<Vec<CanonicalNet>, DbError> {
    let sql = "SELECT p.user_id, p.source_kind, p.source_id, p.reason, p.points, p.occurred_at \
               FROM point_transactions p WHERE p.kind NOT IN ('REVERSAL', 'REDEMPTION') \
               AND NOT EXISTS (SELECT 1 FROM point_transactions x WHERE x.reverses_id = p.id)";
    db.all(db.statement(sql, [])).await
}
