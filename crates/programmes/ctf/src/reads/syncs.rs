use std::collections::HashMap;

use chrono::TimeDelta;
use kernel::Timestamp;
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use ui::format::Instant;
use uuid::Uuid;

use crate::{
    model::SyncRunId,
    rules::{
        profile::shown_name,
        run_times::FullTimes,
        runs::{RunOutcome, RunScope, SyncCounts, Trigger},
        sync_health::SyncHealth,
    },
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct SyncRunView {
    pub id: Uuid,
    /// When it was requested.
    pub created_at: Timestamp,
    /// The stored trigger.
    pub trigger: Trigger,
    /// The stored scope.
    pub scope: RunScope,
    /// `queued`, `running` or `finished`.
    pub state: String,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// The number of competitors.
    pub total: i64,
    /// The number of those with something new.
    pub synced: i64,
    /// The number of those without news, and those who were left out.
    pub skipped: i64,
    /// The number of those that failed.
    pub failed: i64,
    pub teams_total: i64,
    /// Teams of which something was sent.
    pub teams_synced: i64,
    /// Teams of which nothing was to be sent.
    pub teams_skipped: i64,
    /// The number of those that failed.
    pub teams_failed: i64,
    /// The requests to the platform.
    pub calls: i64,
    /// The milliseconds within which half of the requests ended.
    pub call_p50_ms: Option<i64>,
    /// The milliseconds within which 95 % of them ended.
    pub call_p95_ms: Option<i64>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// Absent before the end.
    pub outcome: Option<RunOutcome>,
}

impl SyncRunView {
    #[must_use]
    pub fn competitors(&self) -> SyncCounts {
        SyncCounts {
            total: self.total,
            synced: self.synced,
            skipped: self.skipped,
            failed: self.failed,
        }
    }

    #[must_use]
    pub fn teams(&self) -> SyncCounts {
        SyncCounts {
            total: self.teams_total,
            synced: self.teams_synced,
            skipped: self.teams_skipped,
            failed: self.teams_failed,
        }
    }

    /// Returns when it was requested, for pages.
    #[must_use]
    pub fn at(&self) -> Instant {
        Instant(self.created_at)
    }

    /// Returns whether it has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.state == "finished"
    }

    #[must_use]
    pub fn scope(&self) -> &'static str {
        self.scope.heading()
    }

    #[must_use]
    pub fn trigger(&self) -> &'static str {
        self.trigger.heading()
    }

    /// Returns the state or the outcome in words.
    #[must_use]
    pub fn said(&self) -> &'static str {
        match (self.outcome, self.state.as_str()) {
            (Some(outcome), _) => outcome.heading(),
            (None, "running") => "Running",
            (None, "queued") => "Waiting",
            (None, _) => "Ended",
        }
    }

    /// Returns the class of the color of the state.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self.outcome {
            Some(RunOutcome::Success) => "t-vert",
            Some(RunOutcome::SwitchedOff) => "t-argent",
            Some(RunOutcome::EndedEarly) => "t-or",
            Some(RunOutcome::Failure | RunOutcome::Rejected) => "t-gules",
            None => "t-azure",
        }
    }

    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        self.duration_ms.map(|milliseconds| milliseconds / 1_000)
    }
}

const RUN: &str = "id, created_at, trigger, scope, state, started_at, finished_at, total, synced, skipped, \
     failed, teams_total, teams_synced, teams_skipped, teams_failed, calls, call_p50_ms, call_p95_ms, \
     duration_ms, outcome";

/// Finds a run.
///
/// # Errors
/// When the database fails.
pub async fn sync_run(db: &impl Sql, id: SyncRunId) -> Result<Option<SyncRunView>, DbError> {
    let sql = format!("SELECT {RUN} FROM game_platform_sync_runs WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Lists the latest runs, newest first.
///
/// # Errors
/// When the database fails.
pub async fn sync_runs(db: &impl Sql, limit: i64) -> Result<Vec<SyncRunView>, DbError> {
    let sql = format!("SELECT {RUN} FROM game_platform_sync_runs ORDER BY id DESC LIMIT $1");
    db.all(db.statement(&sql, [limit.into()])).await
}

/// Returns the run that is in progress, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn running_sync(db: &impl Sql) -> Result<Option<SyncRunView>, DbError> {
    let sql = format!("SELECT {RUN} FROM game_platform_sync_runs WHERE state = 'running'");
    db.one(db.statement(&sql, [])).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct FailureKind {
    /// The kind, one word.
    pub kind: String,
    pub message: String,
    pub failures: i64,
}

/// Counts the failures of a run by kind, the most frequent first.
///
/// # Errors
/// When the database fails.
pub async fn failure_kinds(db: &impl Sql, run: SyncRunId) -> Result<Vec<FailureKind>, DbError> {
    let sql = "SELECT kind, max(message) AS message, count(*) AS failures FROM game_platform_sync_failures \
               WHERE run_id = $1 GROUP BY kind ORDER BY count(*) DESC, kind";
    db.all(db.statement(sql, [run.into()])).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct SyncFailure {
    pub competitor_id: Uuid,
    /// The kind, one word.
    pub kind: String,
    /// The message, without names.
    pub message: String,
    /// The first name of the competitor; empty when erased.
    pub first_name: String,
    /// The last name; empty when erased.
    pub last_name: String,
}

impl SyncFailure {
    /// Returns the name as pages show it.
    #[must_use]
    pub fn name(&self) -> String {
        shown_name(&self.first_name, &self.last_name)
    }
}

/// Lists the failures of a run by kind, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn sync_failures(
    db: &impl Sql,
    run: SyncRunId,
    limit: i64,
) -> Result<Vec<SyncFailure>, DbError> {
    let sql = "SELECT f.competitor_id, f.kind, f.message, p.first_name, p.last_name \
               FROM game_platform_sync_failures f JOIN competitors p ON p.id = f.competitor_id \
               WHERE f.run_id = $1 ORDER BY f.kind, p.last_name, p.first_name, f.id LIMIT $2";
    db.all(db.statement(sql, [run.into(), limit.into()])).await
}

/// The numbers of competitors by the state of their sync.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct SyncStates {
    /// Present competitors on the platform.
    pub on_platform: i64,
    /// Confirmed competitors who are not.
    pub waiting: i64,
    /// The number of those whose last sync succeeded.
    pub succeeded: i64,
    /// The number of those whose last sync failed.
    pub failed: i64,
    /// The number of those whom the platform does not know.
    pub unknown: i64,
    /// The number of those on the platform who were not asked for yet.
    pub never_asked: i64,
    /// The number of those who could not be put on the platform.
    pub not_added: i64,
    /// The number of those whose totals are out of date.
    pub old_totals: i64,
}

/// Counts the competitors by the state of their sync.
///
/// # Errors
/// When the database fails.
pub async fn sync_states(db: &impl Sql) -> Result<SyncStates, DbError> {
    let sql = "SELECT count(CASE WHEN p.game_platform_id IS NOT NULL THEN 1 END) AS on_platform, \
               count(CASE WHEN p.game_platform_id IS NULL AND p.confirmed_at IS NOT NULL THEN 1 END) AS waiting, \
               count(CASE WHEN y.last_result = 'success' THEN 1 END) AS succeeded, \
               count(CASE WHEN y.last_result = 'failure' THEN 1 END) AS failed, \
               count(CASE WHEN y.last_result IS NULL AND y.error_message IS NOT NULL THEN 1 END) AS unknown, \
               count(CASE WHEN p.game_platform_id IS NOT NULL AND y.last_attempt_at IS NULL THEN 1 END) \
               AS never_asked, \
               count(CASE WHEN p.game_platform_sync_error IS NOT NULL THEN 1 END) AS not_added, \
               count(CASE WHEN y.needs_totals_refresh THEN 1 END) AS old_totals \
               FROM competitors p JOIN rosters r ON r.id = p.roster_id \
               LEFT JOIN game_platform_sync_state y ON y.syned_user_id = p.game_platform_id \
               WHERE p.left_at IS NULL AND p.erased_at IS NULL AND r.archived_at IS NULL";
    let found = db.one(db.statement(sql, [])).await?;
    Ok(found.unwrap_or_default())
}

/// Returns the number of requests to the platform in the last 24 hours, by the runs and the comparisons that ended in them or have
/// not ended. Those of buttons, such as for a password or a single team, are not counted.
///
/// # Errors
/// When the database fails.
pub async fn calls_of_day(db: &impl Sql, now: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT CAST(coalesce(sum(d.calls), 0) AS bigint) FROM (\
               SELECT calls FROM game_platform_sync_runs \
               WHERE (state = 'finished' AND finished_at > $1) OR state = 'running' \
               UNION ALL SELECT calls FROM game_platform_reconciliations WHERE completed_at > $1 \
               UNION ALL SELECT calls FROM game_platform_reconciliations WHERE due_at IS NOT NULL) d";
    db.count(db.statement(sql, [(now - TimeDelta::days(1)).into()])).await
}

#[derive(FromQueryResult)]
struct At {
    at: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct Ended {
    outcome: Option<RunOutcome>,
}

#[derive(FromQueryResult)]
struct FullTimesRow {
    succeeded_at: Option<Timestamp>,
    first_at: Option<Timestamp>,
    paused_at: Option<Timestamp>,
    resumed_at: Option<Timestamp>,
}

/// Returns the instants of full runs. The last pause is over with the first one that was requested later. Runs are kept forever,
/// so each instant is read from the end of an index.
async fn full_times(db: &impl Sql) -> Result<FullTimes, DbError> {
    let sql = "SELECT (SELECT max(r.finished_at) FROM game_platform_sync_runs r \
               WHERE r.scope = 'all' AND r.outcome = 'success') AS succeeded_at, \
               (SELECT min(r.created_at) FROM game_platform_sync_runs r WHERE r.scope = 'all') AS first_at, \
               p.paused_at, (SELECT min(r.created_at) FROM game_platform_sync_runs r \
               WHERE r.scope = 'all' AND r.created_at > p.paused_at) AS resumed_at \
               FROM (SELECT max(o.created_at) AS paused_at FROM game_platform_sync_runs o \
               WHERE o.scope = 'all' AND o.outcome = 'switched_off') p";
    let row: Option<FullTimesRow> = db.one(db.statement(sql, [])).await?;
    let times = |row: FullTimesRow| FullTimes {
        succeeded_at: row.succeeded_at,
        first_at: row.first_at,
        paused_at: row.paused_at,
        resumed_at: row.resumed_at,
    };
    Ok(row.map(times).unwrap_or_default())
}

/// Returns what alerts about the sync depend on.
///
/// # Errors
/// When the database fails.
pub async fn sync_health(db: &impl Sql, now: Timestamp) -> Result<SyncHealth, DbError> {
    let states = sync_states(db).await?;
    let since = now - TimeDelta::days(1);
    let asked = "SELECT count(*) FROM game_platform_sync_state \
                 WHERE last_attempt_at > $1 AND last_result IS NOT NULL";
    let failed = "SELECT count(*) FROM game_platform_sync_state \
                  WHERE last_attempt_at > $1 AND last_result = 'failure'";
    let ever = "SELECT count(*) FROM game_platform_sync_state WHERE last_attempt_at IS NOT NULL";
    let broken = "SELECT count(DISTINCT competitor_id) FROM game_platform_sync_failures \
                  WHERE created_at > $1 AND kind = 'failed'";
    let at = async |sql: &str| -> Result<Option<Timestamp>, DbError> {
        let row: Option<At> = db.one(db.statement(sql, [])).await?;
        Ok(row.and_then(|row| row.at))
    };
    let last = async |condition: &str, limit: i64| -> Result<Vec<RunOutcome>, DbError> {
        let sql = format!(
            "SELECT outcome FROM game_platform_sync_runs WHERE state = 'finished' \
             AND outcome <> 'switched_off' AND {condition} ORDER BY finished_at DESC, id DESC LIMIT {limit}"
        );
        let rows: Vec<Ended> = db.all(db.statement(&sql, [])).await?;
        Ok(rows.into_iter().filter_map(|row| row.outcome).collect())
    };
    Ok(SyncHealth {
        competitors: states.on_platform,
        asked: db.count(db.statement(asked, [since.into()])).await?,
        failed: db.count(db.statement(failed, [since.into()])).await?,
        server_errors: db.count(db.statement(broken, [(now - TimeDelta::hours(1)).into()])).await?,
        asked_ever: db.count(db.statement(ever, [])).await? > 0,
        full: full_times(db).await?,
        running_since: at(
            "SELECT max(started_at) AS at FROM game_platform_sync_runs WHERE state = 'running'",
        )
        .await?,
        last_full: last("scope = 'all'", 3).await?,
        // A run without a request, or without an answer, says nothing about the token.
        last_outcome: last(
            "(outcome = 'rejected' OR (calls > 0 AND outcome IN ('success', 'failure')))",
            1,
        )
        .await?
        .pop(),
    })
}

/// Returns the names of competitors, as pages show them.
///
/// # Errors
/// When the database fails.
pub async fn competitor_names(
    db: &impl Sql,
    competitors: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        first_name: String,
        last_name: String,
    }
    let mut query = db.query();
    let rows = query.rows(ids(competitors), "r");
    let sql = format!(
        "SELECT p.id, p.first_name, p.last_name FROM {rows} CROSS JOIN competitors p WHERE p.id = r.id"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let name = |row: Row| (row.id, shown_name(&row.first_name, &row.last_name));
    Ok(rows.into_iter().map(name).collect())
}
