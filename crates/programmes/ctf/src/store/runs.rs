//! Statements for runs of the sync, which are also their queue.

use std::collections::HashSet;

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Kind, Query, Rows, Sql, Tx, code},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CompetitorId, SyncRunId},
    rules::{
        run_times::FullRun,
        runs::{RunOutcome, RunScope, SyncCounts, Trigger},
    },
};

pub(crate) const QUEUE: Queue = Queue { table: "game_platform_sync_runs" };

/// The columns of [`ClaimedRun`].
pub(crate) const CLAIMED: &str =
    "id, scope, started_at, attempts, total, synced, skipped, failed, calls";

/// Returns the condition on a run that can be claimed: it was interrupted, or no other one is running.
pub(crate) fn claimable(_: &mut Query) -> String {
    "(state = 'running' OR NOT EXISTS \
     (SELECT 1 FROM game_platform_sync_runs o WHERE o.state = 'running'))"
        .to_owned()
}

/// A run that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedRun {
    pub(crate) id: Uuid,
    pub(crate) scope: String,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) attempts: i64,
    pub(crate) total: i64,
    pub(crate) synced: i64,
    pub(crate) skipped: i64,
    pub(crate) failed: i64,
    pub(crate) calls: i64,
}

impl ClaimedRun {
    pub(crate) fn scope(&self) -> Result<RunScope, DbError> {
        code("game_platform_sync_runs.scope", &self.scope, RunScope::named)
    }

    /// Returns the numbers that were stored before the process ended.
    pub(crate) fn counts(&self) -> SyncCounts {
        SyncCounts {
            total: self.total,
            synced: self.synced,
            skipped: self.skipped,
            failed: self.failed,
        }
    }
}

/// A run that has not ended.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct OpenRun {
    pub(crate) id: Uuid,
    pub(crate) scope: RunScope,
    pub(crate) state: String,
}

impl OpenRun {
    pub(crate) fn is_running(&self) -> bool {
        self.state == "running"
    }
}

/// Lists the runs that have not ended, the running one first.
pub(crate) async fn open(db: &impl Sql) -> Result<Vec<OpenRun>, DbError> {
    let sql = "SELECT id, scope, state FROM game_platform_sync_runs \
               WHERE state IN ('queued', 'running') ORDER BY state = 'running' DESC, id";
    db.all(db.statement(sql, [])).await
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NewRun {
    pub(crate) id: SyncRunId,
    pub(crate) scope: RunScope,
    pub(crate) trigger: Trigger,
    pub(crate) requested_by: Option<Uuid>,
}

/// Inserts a run, which is due now.
pub(crate) async fn insert(tx: &Tx, run: NewRun, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO game_platform_sync_runs (id, created_at, trigger, scope, state, requested_by_id, due_at) \
               VALUES ($1, $2, $3, $4, 'queued', $5, $2)";
    let values = [
        run.id.into(),
        now.into(),
        run.trigger.as_str().into(),
        run.scope.to_string().into(),
        run.requested_by.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Inserts a full run that did not take place, because the integration is switched off.
pub(crate) async fn insert_paused(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO game_platform_sync_runs (id, created_at, trigger, scope, state, finished_at, \
               completed_at, outcome) VALUES ($1, $2, $3, $4, 'finished', $2, $2, $5)";
    let values = [
        id.into(),
        now.into(),
        Trigger::Schedule.as_str().into(),
        RunScope::All.to_string().into(),
        RunOutcome::SwitchedOff.as_str().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Notes that a run is the one of requests with a key. Each word names a key and a scope.
pub(crate) async fn add_key(tx: &Tx, id: SyncRunId, word: &str) -> Result<(), DbError> {
    let sql =
        "UPDATE game_platform_sync_runs SET request_keys = request_keys || $1 || ' ' WHERE id = $2";
    tx.run(tx.statement(sql, [word.into(), id.into()])).await?;
    Ok(())
}

/// Finds the run of requests with a key since an instant, with its words.
pub(crate) async fn of_key(
    db: &impl Sql,
    key: &str,
    since: Timestamp,
) -> Result<Option<(SyncRunId, String)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        request_keys: String,
    }
    let sql = "SELECT id, request_keys FROM game_platform_sync_runs WHERE created_at > $1 \
               AND replace(request_keys, $2, '') <> request_keys ORDER BY id DESC LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [since.into(), key.into()])).await?;
    Ok(row.map(|row| (row.id.into(), row.request_keys)))
}

/// Returns when a run of this scope was last requested, if it was after an instant.
pub(crate) async fn last_of(
    db: &impl Sql,
    scope: RunScope,
    since: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let sql = "SELECT created_at FROM game_platform_sync_runs WHERE created_at > $1 AND scope = $2 \
               ORDER BY id DESC LIMIT 1";
    let values = [since.into(), scope.to_string().into()];
    let row: Option<Row> = db.one(db.statement(sql, values)).await?;
    Ok(row.map(|row| row.created_at))
}

/// Marks a claimed run as running, unless another one is. The caller serializes starts.
pub(crate) async fn start(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE game_platform_sync_runs SET state = 'running', \
               started_at = coalesce(started_at, $1) WHERE id = $2 AND claimed_by = $3 \
               AND NOT EXISTS (SELECT 1 FROM game_platform_sync_runs o \
               WHERE o.state = 'running' AND o.id <> $2)";
    let values = [now.into(), id.into(), worker.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Returns a claimed run to the queue, because another one is running.
pub(crate) async fn wait(tx: &Tx, worker: Uuid, id: Uuid, until: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_sync_runs SET due_at = $1, claimed_by = NULL, \
               attempts = attempts - 1 WHERE id = $2 AND claimed_by = $3";
    let values = [until.into(), id.into(), worker.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RunNumbers {
    pub(crate) competitors: SyncCounts,
    pub(crate) teams: SyncCounts,
    pub(crate) calls: i64,
    /// The milliseconds within which half of the calls ended; `None` without a call of this process.
    pub(crate) call_p50_ms: Option<i64>,
    /// The milliseconds within which 95 % of the calls ended.
    pub(crate) call_p95_ms: Option<i64>,
}

/// Stores the numbers of a run, if this worker still has it.
pub(crate) async fn note(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    numbers: &RunNumbers,
) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_sync_runs SET total = $1, synced = $2, skipped = $3, failed = $4, \
               teams_total = $5, teams_synced = $6, teams_skipped = $7, teams_failed = $8, calls = $9, \
               call_p50_ms = coalesce($10, call_p50_ms), call_p95_ms = coalesce($11, call_p95_ms) \
               WHERE id = $12 AND claimed_by = $13";
    let (people, teams) = (numbers.competitors, numbers.teams);
    let values = [
        people.total.into(),
        people.synced.into(),
        people.skipped.into(),
        people.failed.into(),
        teams.total.into(),
        teams.synced.into(),
        teams.skipped.into(),
        teams.failed.into(),
        numbers.calls.into(),
        numbers.call_p50_ms.into(),
        numbers.call_p95_ms.into(),
        id.into(),
        worker.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Ends a run. Returns false if another worker has it now.
pub(crate) async fn finish(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    outcome: RunOutcome,
    duration_ms: i64,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sql = "UPDATE game_platform_sync_runs SET state = 'finished', finished_at = $1, outcome = $2, \
               duration_ms = $3, due_at = NULL, claimed_by = NULL, completed_at = $1, last_error = NULL \
               WHERE id = $4 AND claimed_by = $5";
    let values =
        [now.into(), outcome.as_str().into(), duration_ms.into(), id.into(), worker.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Ends runs that became dead letters, so that others can run.
pub(crate) async fn bury(tx: &Tx, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_sync_runs SET state = 'finished', finished_at = $1, outcome = $2 \
               WHERE dead_at IS NOT NULL AND state <> 'finished'";
    let values = [now.into(), RunOutcome::Failure.as_str().into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// A failure of a run. The message contains no names.
#[derive(Clone, Debug)]
pub(crate) struct RunFailure {
    pub(crate) competitor: CompetitorId,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

pub(crate) async fn insert_failures(
    tx: &Tx,
    context: &Context,
    run: Uuid,
    failures: &[RunFailure],
) -> Result<(), DbError> {
    if failures.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("competitor_id", Kind::Uuid),
        ("kind", Kind::Text),
        ("message", Kind::Text),
    ]);
    for failed in failures {
        rows.push([
            context.ids.next().into(),
            failed.competitor.into(),
            failed.kind.into(),
            failed.message.as_str().into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(context.now()));
    let run = query.bind(run);
    let sql = format!(
        "INSERT INTO game_platform_sync_failures (id, created_at, run_id, competitor_id, kind, message) \
         SELECT r.id, {now}, {run}, r.competitor_id, r.kind, r.message FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

pub(crate) async fn failed(db: &impl Sql, run: Uuid) -> Result<HashSet<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        competitor_id: Uuid,
    }
    let sql = "SELECT DISTINCT competitor_id FROM game_platform_sync_failures WHERE run_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [run.into()])).await?;
    Ok(rows.into_iter().map(|row| row.competitor_id).collect())
}

/// Deletes old failures; returns their number.
pub(crate) async fn prune_failures(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "DELETE FROM game_platform_sync_failures WHERE created_at < $1";
    tx.run(tx.statement(sql, [before.into()])).await
}

/// Lists the last full runs, the latest first, as many as decide when the next one is due.
pub(crate) async fn last_full(db: &impl Sql) -> Result<Vec<FullRun>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
        outcome: Option<RunOutcome>,
    }
    let sql = "SELECT created_at, outcome FROM game_platform_sync_runs WHERE scope = 'all' \
               ORDER BY id DESC LIMIT 12";
    let rows: Vec<Row> = db.all(db.statement(sql, [])).await?;
    let run = |row: Row| FullRun { requested_at: row.created_at, outcome: row.outcome };
    Ok(rows.into_iter().map(run).collect())
}
