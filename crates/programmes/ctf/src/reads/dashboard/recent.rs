use std::collections::BTreeSet;

use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::PRESENT;
use crate::model::{RosterId, SolveSource};

#[derive(Clone, Debug, FromQueryResult, Serialize, Deserialize)]
pub struct RecentSolve {
    pub competitor_id: Uuid,
    pub title: String,
    /// The stored domain.
    pub domain: String,
    pub points: i64,
    pub solved_at: Timestamp,
    pub source: SolveSource,
}

/// Returns the latest solves of the competitors on a roster from an instant on, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn recent_solves(
    db: &impl Sql,
    roster: RosterId,
    from: Timestamp,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<RecentSolve>, DbError> {
    let sql = format!(
        "SELECT s.competitor_id, s.title, s.domain, s.points, s.solved_at, s.source \
         FROM competitors c CROSS JOIN game_platform_challenge_solves s \
         WHERE c.roster_id = $1 AND {PRESENT} AND s.competitor_id = c.id \
         AND s.solved_at >= $2 AND s.solved_at < $3 AND s.vanished_at IS NULL \
         ORDER BY s.solved_at DESC, s.id LIMIT $4"
    );
    let values = [roster.into(), from.into(), to.into(), limit.into()];
    db.all(db.statement(&sql, values)).await
}

/// A Flash CTF, as the competitors on a roster took part in it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct FlashMomentum {
    pub event_id: String,
    pub name: String,
    /// When it began.
    pub started_at: Timestamp,
    /// The number of competitors on the roster who took part.
    pub competitors: i64,
    pub solves: i64,
    pub points: i64,
    /// The points that they could have earned.
    pub possible: i64,
}

impl FlashMomentum {
    /// Returns the share of the possible points in whole percent; `None` if the platform states no maximum.
    #[must_use]
    pub fn share(&self) -> Option<i64> {
        let hundredfold = self.points.saturating_mul(100);
        (self.possible > 0).then(|| hundredfold / self.possible)
    }
}

/// Returns the last Flash CTFs before an instant, latest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn flash_momentum(
    db: &impl Sql,
    roster: RosterId,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<FlashMomentum>, DbError> {
    let sql = format!(
        "SELECT e.event_id, max(e.name) AS name, min(e.started_at) AS started_at, count(*) AS competitors, \
         CAST(sum(e.challenges_solved) AS bigint) AS solves, CAST(sum(e.points_earned) AS bigint) AS points, \
         CAST(sum(e.max_points_possible) AS bigint) AS possible \
         FROM competitors c CROSS JOIN game_platform_flash_ctf_events e \
         WHERE c.roster_id = $1 AND {PRESENT} AND e.competitor_id = c.id AND e.started_at < $2 \
         AND e.vanished_at IS NULL GROUP BY e.event_id ORDER BY 3 DESC, e.event_id LIMIT $3"
    );
    let values = [roster.into(), to.into(), limit.into()];
    db.all(db.statement(&sql, values)).await
}

/// Returns the competitors on a roster who took part in a Flash CTF.
///
/// # Errors
/// When the database fails.
pub async fn entrants(
    db: &impl Sql,
    roster: RosterId,
    event: &str,
) -> Result<BTreeSet<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = format!(
        "SELECT c.id FROM competitors c CROSS JOIN game_platform_flash_ctf_events e \
         WHERE c.roster_id = $1 AND {PRESENT} AND e.competitor_id = c.id AND e.event_id = $2 \
         AND e.vanished_at IS NULL"
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [roster.into(), event.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
