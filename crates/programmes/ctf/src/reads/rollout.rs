use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::syncs::FailureKind;
use crate::{
    rules::{rollout::SuccessRate, rollout_cohort::RosterCounts},
    store::sync_people::READY,
};

/// A roster that is not archived.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CohortRoster {
    pub id: Uuid,
    pub name: String,
    competitors: i64,
    on_platform: i64,
    pending: i64,
    reported: i64,
}

impl CohortRoster {
    /// Returns the numbers of its competitors.
    #[must_use]
    pub fn counts(&self) -> RosterCounts {
        RosterCounts {
            competitors: self.competitors,
            on_platform: self.on_platform,
            pending: self.pending,
            reported: self.reported,
        }
    }
}

/// Lists the rosters that are not archived, by name, with the numbers of their competitors, and of those about whom a report was
/// made after an instant.
///
/// # Errors
/// When the database fails.
pub async fn cohort_rosters(
    db: &impl Sql,
    reported_after: Timestamp,
) -> Result<Vec<CohortRoster>, DbError> {
    let sql = format!(
        "SELECT r.id, r.name, count(p.id) AS competitors, count(p.game_platform_id) AS on_platform, \
         count(CASE WHEN {READY} THEN p.id END) AS pending, \
         count(CASE WHEN p.game_platform_id IS NOT NULL AND EXISTS (SELECT 1 FROM ctf_discrepancies d \
         WHERE d.competitor_id = p.id AND d.created_at > $1) THEN p.id END) AS reported \
         FROM rosters r LEFT JOIN competitors p ON p.roster_id = r.id AND p.left_at IS NULL \
         AND p.erased_at IS NULL AND p.confirmed_at IS NOT NULL \
         WHERE r.archived_at IS NULL GROUP BY r.id, r.name ORDER BY r.name, r.id"
    );
    db.all(db.statement(&sql, [reported_after.into()])).await
}

/// An approved coach or assistant of a roster that is not archived.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CohortCoach {
    pub roster_id: Uuid,
    pub coach_id: Uuid,
    pub user_id: Uuid,
    #[sea_orm(skip)]
    pub login: String,
    /// The person as lists show them.
    #[sea_orm(skip)]
    pub who: Who,
    /// When they last opened a dashboard.
    pub last_seen_at: Option<Timestamp>,
    pub rating: Option<i64>,
}

/// Lists the approved coaches and assistants of all rosters that are not archived, in the order in which they got them.
///
/// # Errors
/// When the database fails.
pub async fn cohort_coaches(db: &impl Sql) -> Result<Vec<CohortCoach>, DbError> {
    let sql = "SELECT b.roster_id, c.id AS coach_id, c.user_id, c.last_seen_at, c.rating \
               FROM roster_coaches b JOIN coaches c ON c.id = b.coach_id \
               JOIN rosters r ON r.id = b.roster_id \
               WHERE c.approved AND r.archived_at IS NULL ORDER BY b.created_at, b.id";
    let mut found: Vec<CohortCoach> = db.all(db.statement(sql, [])).await?;
    let people = found.iter().map(|coach| UserId::new(coach.user_id));
    let known = identity::reads::who(db, people).await?;
    for coach in &mut found {
        coach.who = known.get(&UserId::new(coach.user_id)).cloned().unwrap_or_default();
        coach.login.clone_from(&coach.who.login);
    }
    Ok(found)
}

/// Counts the competitors who were asked for after an instant, and those of them whose last sync succeeded.
///
/// # Errors
/// When the database fails.
pub async fn sync_rate(db: &impl Sql, after: Timestamp) -> Result<SuccessRate, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        asked: i64,
        succeeded: i64,
    }
    let sql = "SELECT count(*) AS asked, count(CASE WHEN last_result = 'success' THEN 1 END) AS succeeded \
               FROM game_platform_sync_state WHERE last_attempt_at > $1 AND last_result IS NOT NULL";
    let row: Option<Row> = db.one(db.statement(sql, [after.into()])).await?;
    Ok(row.map_or_else(SuccessRate::default, |row| SuccessRate {
        asked: row.asked,
        succeeded: row.succeeded,
    }))
}

/// Counts the failures after an instant by kind, the most frequent first.
///
/// # Errors
/// When the database fails.
pub async fn failure_kinds_since(
    db: &impl Sql,
    after: Timestamp,
) -> Result<Vec<FailureKind>, DbError> {
    let sql = "SELECT kind, max(message) AS message, count(*) AS failures FROM game_platform_sync_failures \
               WHERE created_at > $1 GROUP BY kind ORDER BY count(*) DESC, kind";
    db.all(db.statement(sql, [after.into()])).await
}

/// The numbers of runs that ended.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct RunCounts {
    /// The number of runs, except those that were switched off.
    pub ended: i64,
    /// The number of successful ones.
    pub succeeded: i64,
}

/// Counts the runs that ended after an instant.
///
/// # Errors
/// When the database fails.
pub async fn run_counts(db: &impl Sql, after: Timestamp) -> Result<RunCounts, DbError> {
    let sql = "SELECT count(*) AS ended, count(CASE WHEN outcome = 'success' THEN 1 END) AS succeeded \
               FROM game_platform_sync_runs \
               WHERE state = 'finished' AND finished_at > $1 AND outcome <> 'switched_off'";
    let found = db.one(db.statement(sql, [after.into()])).await?;
    Ok(found.unwrap_or_default())
}

/// The response times of runs, in milliseconds.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct ResponseTimes {
    /// The highest median of a run.
    pub slowest_p50_ms: Option<i64>,
    /// The highest 95th percentile of a run.
    pub slowest_p95_ms: Option<i64>,
    /// The median of the last run.
    pub last_p50_ms: Option<i64>,
    /// The 95th percentile of the last run.
    pub last_p95_ms: Option<i64>,
}

/// Returns the response times of the runs that were requested after an instant.
///
/// # Errors
/// When the database fails.
pub async fn response_times(db: &impl Sql, after: Timestamp) -> Result<ResponseTimes, DbError> {
    let last = |column: &str| {
        format!(
            "(SELECT l.{column} FROM game_platform_sync_runs l WHERE l.created_at > $1 \
             AND l.call_p95_ms IS NOT NULL ORDER BY l.id DESC LIMIT 1)"
        )
    };
    let sql = format!(
        "SELECT max(call_p50_ms) AS slowest_p50_ms, max(call_p95_ms) AS slowest_p95_ms, \
         {} AS last_p50_ms, {} AS last_p95_ms FROM game_platform_sync_runs \
         WHERE created_at > $1 AND call_p95_ms IS NOT NULL",
        last("call_p50_ms"),
        last("call_p95_ms")
    );
    let found = db.one(db.statement(&sql, [after.into()])).await?;
    Ok(found.unwrap_or_default())
}
