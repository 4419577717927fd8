//! Statements for reports that a number is wrong.

use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};
use uuid::Uuid;

use crate::model::{CompetitorId, DiscrepancyId, Reporter};

/// A report to insert: both sums at this time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewDiscrepancy {
    pub(crate) id: DiscrepancyId,
    pub(crate) competitor: CompetitorId,
    pub(crate) reporter: Reporter,
    /// The solves and points that are stored here.
    pub(crate) here: (i64, i64),
    /// The numbers that the platform stated last.
    pub(crate) there: (Option<i64>, Option<i64>),
}

/// Inserts a report. The caller has checked that the competitor has none that is open.
pub(crate) async fn insert(tx: &Tx, new: NewDiscrepancy, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO ctf_discrepancies (id, created_at, competitor_id, reporter, solves_here, points_here, \
               solves_there, points_there) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        new.id.into(),
        now.into(),
        new.competitor.into(),
        new.reporter.as_str().into(),
        new.here.0.into(),
        new.here.1.into(),
        new.there.0.into(),
        new.there.1.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Resolves the open report about an erased competitor, whose numbers no one can compare.
pub(crate) async fn close(
    tx: &Tx,
    competitor: CompetitorId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE ctf_discrepancies SET resolved_at = $1 \
               WHERE competitor_id = $2 AND resolved_at IS NULL";
    tx.run(tx.statement(sql, [now.into(), competitor.into()])).await?;
    Ok(())
}

/// Resolves a report; returns whether it was open.
pub(crate) async fn resolve(
    tx: &Tx,
    id: DiscrepancyId,
    by: Option<Uuid>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE ctf_discrepancies SET resolved_at = $1, resolved_by_id = $2 \
               WHERE id = $3 AND resolved_at IS NULL";
    let values = [now.into(), by.into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}
