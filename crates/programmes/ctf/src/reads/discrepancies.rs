use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{CompetitorId, DiscrepancyId, Reporter};

/// A report that a number is wrong. It names no one.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Discrepancy {
    pub id: Uuid,
    /// When it was reported.
    pub created_at: Timestamp,
    pub competitor_id: Uuid,
    pub roster_id: Uuid,
    pub roster: String,
    reporter: Reporter,
    /// The number of stored solves of on-demand learning at that time.
    pub solves_here: i64,
    pub points_here: i64,
    /// The number of solves that the platform had stated last.
    pub solves_there: Option<i64>,
    /// The points that it had stated last.
    pub points_there: Option<i64>,
    pub resolved_at: Option<Timestamp>,
}

impl Discrepancy {
    /// Returns the kind of person who reported it, in words.
    #[must_use]
    pub fn reporter(&self) -> &'static str {
        self.reporter.heading()
    }
}

const DISCREPANCY: &str = "SELECT d.id, d.created_at, d.competitor_id, p.roster_id, r.name AS roster, d.reporter, \
     d.solves_here, d.points_here, d.solves_there, d.points_there, d.resolved_at FROM ctf_discrepancies d \
     JOIN competitors p ON p.id = d.competitor_id JOIN rosters r ON r.id = p.roster_id";

/// Finds a report.
///
/// # Errors
/// When the database fails.
pub async fn discrepancy(db: &impl Sql, id: DiscrepancyId) -> Result<Option<Discrepancy>, DbError> {
    let sql = format!("{DISCREPANCY} WHERE d.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Finds the open report about a competitor.
///
/// # Errors
/// When the database fails.
pub async fn open_discrepancy(
    db: &impl Sql,
    competitor: CompetitorId,
) -> Result<Option<Discrepancy>, DbError> {
    let sql = format!("{DISCREPANCY} WHERE d.competitor_id = $1 AND d.resolved_at IS NULL");
    db.one(db.statement(&sql, [competitor.into()])).await
}

#[derive(Clone, Debug)]
pub struct OpenDiscrepancies {
    pub total: i64,
    /// The oldest.
    pub rows: Vec<Discrepancy>,
}

/// Lists the open reports, the oldest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn open_discrepancies(db: &impl Sql, limit: i64) -> Result<OpenDiscrepancies, DbError> {
    let count = "SELECT count(*) FROM ctf_discrepancies WHERE resolved_at IS NULL";
    let sql = format!("{DISCREPANCY} WHERE d.resolved_at IS NULL ORDER BY d.id LIMIT $1");
    Ok(OpenDiscrepancies {
        total: db.count(db.statement(count, [])).await?,
        rows: db.all(db.statement(&sql, [limit.into()])).await?,
    })
}

/// The number of solves of a competitor, and their points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct SolveSums {
    pub solves: i64,
    pub points: i64,
}

/// Adds up the stored solves that on-demand learning counts.
///
/// # Errors
/// When the database fails.
pub async fn stored_on_demand(
    db: &impl Sql,
    competitor: CompetitorId,
) -> Result<SolveSums, DbError> {
    let sql = "SELECT count(*) AS solves, CAST(coalesce(sum(s.points), 0) AS bigint) AS points \
               FROM game_platform_challenge_solves s WHERE s.competitor_id = $1 \
               AND (s.source = 'odl' OR s.in_both) AND s.vanished_at IS NULL";
    let found = db.one(db.statement(sql, [competitor.into()])).await?;
    Ok(found.unwrap_or_default())
}
