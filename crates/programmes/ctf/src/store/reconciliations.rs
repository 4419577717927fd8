//! Statements for comparisons with the game platform, which are also their queue.

use kernel::Timestamp;
use platform::{
    db::{DbError, Query, Sql, Tx, code},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{ReconciliationId, RosterId},
    rules::{
        compare::{CompareScope, samples},
        runs::{RunOutcome, Trigger},
    },
};

pub(crate) const QUEUE: Queue = Queue { table: "game_platform_reconciliations" };

/// The columns of [`ClaimedReconciliation`].
pub(crate) const CLAIMED: &str =
    "id, scope, attempts, position, competitors, skipped, failed, differences, calls";

/// A comparison that a worker claimed.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedReconciliation {
    pub(crate) id: Uuid,
    pub(crate) scope: String,
    pub(crate) attempts: i64,
    /// The last competitor who was compared, if the comparison was interrupted.
    pub(crate) position: Option<Uuid>,
    pub(crate) competitors: i64,
    pub(crate) skipped: i64,
    pub(crate) failed: i64,
    pub(crate) differences: i64,
    /// The requests to the platform before the process ended.
    pub(crate) calls: i64,
}

impl ClaimedReconciliation {
    pub(crate) fn scope(&self) -> Result<CompareScope, DbError> {
        code("game_platform_reconciliations.scope", &self.scope, CompareScope::named)
    }

    /// Returns the numbers that were stored before the process ended.
    pub(crate) fn numbers(&self) -> ReconciliationNumbers {
        ReconciliationNumbers {
            competitors: self.competitors,
            skipped: self.skipped,
            failed: self.failed,
            differences: self.differences,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReconciliationNumbers {
    pub(crate) competitors: i64,
    /// Competitors who were left out.
    pub(crate) skipped: i64,
    /// Competitors for whom the platform did not answer.
    pub(crate) failed: i64,
    /// Differences, also of teams and coaches.
    pub(crate) differences: i64,
}

/// Finds a comparison of a scope that has not ended.
pub(crate) async fn open(
    db: &impl Sql,
    scope: CompareScope,
) -> Result<Option<ReconciliationId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT id FROM game_platform_reconciliations \
               WHERE due_at IS NOT NULL AND scope = $1 ORDER BY id LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [scope.to_string().into()])).await?;
    Ok(row.map(|row| row.id.into()))
}

/// Returns the condition on a comparison `r` of a sample of everyone, or of a roster. It lists the scopes, because no index serves
/// a prefix in every collation.
pub(crate) fn is_sample(query: &mut Query, roster: Option<RosterId>) -> String {
    let scopes = samples(roster).map(|scope| query.bind(scope.to_string()));
    let scopes: Vec<String> = scopes.collect();
    format!("r.scope IN ({})", scopes.join(", "))
}

/// Returns when a comparison of a sample of a roster was last requested.
pub(crate) async fn last_of_roster(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Option<Timestamp>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        created_at: Timestamp,
    }
    let mut query = db.query();
    let sql = format!(
        "SELECT r.created_at FROM game_platform_reconciliations r WHERE {} ORDER BY r.id DESC LIMIT 1",
        is_sample(&mut query, Some(roster))
    );
    let row: Option<Row> = db.one(query.statement(sql)).await?;
    Ok(row.map(|row| row.created_at))
}

/// Inserts a comparison, which is due now.
pub(crate) async fn insert(
    tx: &Tx,
    id: ReconciliationId,
    trigger: Trigger,
    scope: CompareScope,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO game_platform_reconciliations (id, created_at, trigger, scope, due_at) \
               VALUES ($1, $2, $3, $4, $2)";
    let values = [id.into(), now.into(), trigger.as_str().into(), scope.to_string().into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Notes that a comparison began.
pub(crate) async fn start(tx: &Tx, id: Uuid, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_reconciliations SET started_at = coalesce(started_at, $1) WHERE id = $2";
    tx.run(tx.statement(sql, [now.into(), id.into()])).await?;
    Ok(())
}

/// Stores the progress of a comparison and the number of its requests, if this worker still has it.
pub(crate) async fn note(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    numbers: &ReconciliationNumbers,
    calls: i64,
    position: Option<Uuid>,
) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_reconciliations SET competitors = $1, skipped = $2, failed = $3, \
               differences = $4, position = coalesce($5, position), calls = $6 WHERE id = $7 AND claimed_by = $8";
    let values = [
        numbers.competitors.into(),
        numbers.skipped.into(),
        numbers.failed.into(),
        numbers.differences.into(),
        position.into(),
        calls.into(),
        id.into(),
        worker.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Ends a comparison, with the reason why it ended early and the number of its requests.
pub(crate) async fn finish(
    tx: &Tx,
    worker: Uuid,
    id: Uuid,
    outcome: RunOutcome,
    reason: Option<&str>,
    calls: i64,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_reconciliations SET outcome = $1, reason = $2, completed_at = $3, calls = $4, \
               due_at = NULL, claimed_by = NULL, last_error = NULL WHERE id = $5 AND claimed_by = $6";
    let values = [
        outcome.as_str().into(),
        reason.map(str::to_owned).into(),
        now.into(),
        calls.into(),
        id.into(),
        worker.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
