use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;

use super::running_sync;
use crate::{
    model::{CoachId, CompetitorId, RosterId},
    rules::runs::RunScope,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SyncProgress {
    /// The number of competitors with a result.
    pub done: i64,
    /// The number of competitors; 0 until they are known.
    pub total: i64,
}

impl SyncProgress {
    #[must_use]
    pub fn words(&self) -> String {
        match self.total {
            0 => "A sync has begun.".to_owned(),
            total => format!("A sync is in progress: {} of {total} competitors.", self.done),
        }
    }
}

/// Returns the progress of the sync that is running, if it is one of everyone on a roster.
///
/// # Errors
/// When the database fails.
pub async fn sync_progress(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Option<SyncProgress>, DbError> {
    let Some(run) = running_sync(db).await? else {
        return Ok(None);
    };
    let counts = run.competitors();
    match (run.scope, run.started_at) {
        (RunScope::Roster(own), _) if own == roster => Ok(Some(SyncProgress {
            done: counts.synced + counts.skipped + counts.failed,
            total: counts.total,
        })),
        (RunScope::All, Some(began)) => of_roster(db, roster, began).await,
        (RunScope::Coach(coach), Some(began)) if coaches(db, roster, coach).await? => {
            of_roster(db, roster, began).await
        }
        _ => Ok(None),
    }
}

/// Returns how many of the competitors of a roster whom a run asks for have a result since it began.
async fn of_roster(
    db: &impl Sql,
    roster: RosterId,
    began: Timestamp,
) -> Result<Option<SyncProgress>, DbError> {
    let sql = "SELECT count(CASE WHEN y.last_attempt_at >= $2 THEN 1 END) AS done, count(*) AS total \
               FROM competitors p JOIN rosters r ON r.id = p.roster_id \
               LEFT JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
               WHERE p.roster_id = $1 AND r.archived_at IS NULL AND p.game_platform_id IS NOT NULL \
               AND p.left_at IS NULL AND p.erased_at IS NULL AND p.confirmed_at IS NOT NULL \
               AND p.release_withdrawn_at IS NULL AND (p.release_signed OR p.is_18_or_over)";
    let found: Option<SyncProgress> =
        db.one(db.statement(sql, [roster.into(), began.into()])).await?;
    Ok(found.filter(|progress| progress.total > 0))
}

async fn coaches(db: &impl Sql, roster: RosterId, coach: CoachId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM roster_coaches b WHERE b.roster_id = $1 AND b.coach_id = $2";
    let statement = db.statement(sql, [roster.into(), coach.into()]);
    Ok(db.count(statement).await? > 0)
}

/// Returns a text that changes with the stored solves and events of a roster, and with the progress of its sync.
///
/// # Errors
/// When the database fails.
pub async fn roster_mark(db: &impl Sql, roster: RosterId) -> Result<String, DbError> {
    let sql = "SELECT CAST(coalesce(sum(s.revision), 0) AS bigint) FROM competitors p \
               JOIN game_platform_stats s ON s.competitor_id = p.id WHERE p.roster_id = $1";
    let changes = db.count(db.statement(sql, [roster.into()])).await?;
    let progress = sync_progress(db, roster).await?;
    Ok(format!("{changes} {progress:?}"))
}

/// Returns a text that changes with the stored solves and events of a competitor, and with each attempt to sync them.
///
/// # Errors
/// When the database fails.
pub async fn competitor_mark(db: &impl Sql, competitor: CompetitorId) -> Result<String, DbError> {
    #[derive(Debug, FromQueryResult)]
    struct Row {
        revision: Option<i64>,
        attempted_at: Option<Timestamp>,
    }
    let sql = "SELECT s.revision, y.last_attempt_at AS attempted_at FROM competitors p \
               LEFT JOIN game_platform_stats s ON s.competitor_id = p.id \
               LEFT JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
               WHERE p.id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [competitor.into()])).await?;
    Ok(row.map_or_else(String::new, |row| format!("{:?} {:?}", row.revision, row.attempted_at)))
}
