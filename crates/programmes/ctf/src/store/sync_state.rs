//! Statements for the state of the sync of each person. Rows are created on demand: operators may delete them at any time.

use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql, Tx};
use sea_orm::FromQueryResult;

use crate::model::{CompetitorId, SyncResult};

/// The end of asking about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum AttemptEnd {
    #[default]
    Succeeded,
    /// All answers were stored, and the platform states more than it lists, with a message.
    Partial(String),
    /// At least one call failed, with its message.
    Failed(String),
    /// There is nothing to ask for, for this reason.
    Skipped(String),
}

impl AttemptEnd {
    /// Returns the stored result and message. One who is skipped has no result.
    fn stored(&self) -> (Option<SyncResult>, Option<String>) {
        match self {
            Self::Succeeded => (Some(SyncResult::Success), None),
            Self::Partial(message) => (Some(SyncResult::Success), Some(message.clone())),
            Self::Failed(message) => (Some(SyncResult::Failure), Some(message.clone())),
            Self::Skipped(reason) => (None, Some(reason.clone())),
        }
    }
}

/// The result of asking about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyncAttempt {
    pub(crate) competitor: CompetitorId,
    /// The ID on the platform.
    pub(crate) user: String,
    pub(crate) at: Timestamp,
    pub(crate) end: AttemptEnd,
    /// The cursor of on-demand learning, if it advances.
    pub(crate) odl_at: Option<Timestamp>,
    /// The cursor of Flash CTFs, if it advances.
    pub(crate) flash_at: Option<Timestamp>,
    pub(crate) accessed_at: Option<Timestamp>,
    /// When the totals were stored, if they were.
    pub(crate) totals_at: Option<Timestamp>,
    /// True if the stored totals are out of date.
    pub(crate) needs_totals: bool,
    /// The number of rows of solves and events from now on, if it is known. Rows that are missing later were deleted.
    pub(crate) stored_rows: Option<i64>,
}

impl SyncAttempt {
    /// Creates an attempt that succeeded without any news.
    pub(crate) fn new(competitor: CompetitorId, user: &str, at: Timestamp) -> Self {
        Self {
            competitor,
            user: user.to_owned(),
            at,
            end: AttemptEnd::Succeeded,
            odl_at: None,
            flash_at: None,
            accessed_at: None,
            totals_at: None,
            needs_totals: false,
            stored_rows: None,
        }
    }
}

/// Records attempts. Without a new value, cursors and the time of the totals stay. Nothing is stored about competitors who
/// were erased meanwhile: the caller has locked their rows.
pub(crate) async fn record(tx: &Tx, attempts: &[SyncAttempt]) -> Result<(), DbError> {
    let mut rows = Rows::new([
        ("competitor_id", Kind::Uuid),
        ("user_id", Kind::Text),
        ("at", Kind::At),
        ("result", Kind::Text),
        ("error", Kind::Text),
        ("odl_at", Kind::At),
        ("flash_at", Kind::At),
        ("accessed_at", Kind::At),
        ("totals_at", Kind::At),
        ("needs", Kind::Bool),
        ("failures", Kind::Int),
        ("stored", Kind::Int),
    ]);
    for attempt in attempts {
        let (result, message) = attempt.end.stored();
        let failures = i64::from(result == Some(SyncResult::Failure));
        rows.push([
            attempt.competitor.into(),
            attempt.user.as_str().into(),
            attempt.at.into(),
            result.map(SyncResult::as_str).map(str::to_owned).into(),
            message.into(),
            attempt.odl_at.into(),
            attempt.flash_at.into(),
            attempt.accessed_at.into(),
            attempt.totals_at.into(),
            attempt.needs_totals.into(),
            failures.into(),
            attempt.stored_rows.into(),
        ]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    const T: &str = "game_platform_sync_state";
    let kept = |column: &str| format!("{column} = coalesce(excluded.{column}, {T}.{column})");
    let kept = [
        "last_odl_synced_at",
        "last_flash_ctf_synced_at",
        "last_remote_accessed_at",
        "totals_refreshed_at",
        "stored_rows",
    ]
    .map(kept)
    .join(", ");
    let sql = format!(
        "INSERT INTO {T} (syned_user_id, last_attempt_at, last_result, error_message, last_odl_synced_at, \
         last_flash_ctf_synced_at, last_remote_accessed_at, totals_refreshed_at, needs_totals_refresh, \
         consecutive_failures, stored_rows) SELECT r.user_id, r.at, r.result, r.error, r.odl_at, r.flash_at, \
         r.accessed_at, r.totals_at, r.needs, r.failures, r.stored FROM {rows} CROSS JOIN competitors p \
         WHERE p.id = r.competitor_id AND p.erased_at IS NULL \
         ON CONFLICT (syned_user_id) DO UPDATE SET last_attempt_at = excluded.last_attempt_at, \
         last_result = excluded.last_result, error_message = excluded.error_message, {kept}, \
         needs_totals_refresh = excluded.needs_totals_refresh OR \
         ({T}.needs_totals_refresh AND excluded.totals_refreshed_at IS NULL), \
         consecutive_failures = CASE WHEN excluded.last_result = 'failure' \
         THEN {T}.consecutive_failures + 1 ELSE 0 END"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Forgets the failure of a person, or why they were skipped.
pub(crate) async fn clear_error(tx: &Tx, user: &str) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_sync_state SET last_result = NULL, error_message = NULL, \
               consecutive_failures = 0 WHERE syned_user_id = $1 \
               AND (last_result = 'failure' OR error_message IS NOT NULL)";
    tx.run(tx.statement(sql, [user.into()])).await?;
    Ok(())
}

/// Returns whether the last attempt to ask about a person left an error.
pub(crate) async fn has_error(db: &impl Sql, user: &str) -> Result<bool, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        last_result: Option<SyncResult>,
        error_message: Option<String>,
    }
    let sql =
        "SELECT last_result, error_message FROM game_platform_sync_state WHERE syned_user_id = $1";
    let row: Option<Row> = db.one(db.statement(sql, [user.into()])).await?;
    Ok(row.is_some_and(|row| {
        row.last_result == Some(SyncResult::Failure) || row.error_message.is_some()
    }))
}
