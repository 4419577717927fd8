//! Statements for the state of the sync of each person. Rows are created on demand: operators may delete them at any time.

use kernel::Timestamp;
use platform::db::{DbError, Kind, Rows, Sql as _, Tx};

use crate::model::SyncResult;

/// The result of asking about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) user: String,
    pub(crate) at: Option<Timestamp>,
    /// The message of the failure; `None` for a success.
    pub(crate) error: Option<String>,
    /// The cursor of on-demand learning, if it advances.
    pub(crate) odl_at: Option<Timestamp>,
    /// The cursor of Flash CTFs, if it advances.
    pub(crate) flash_at: Option<Timestamp>,
    pub(crate) accessed_at: Option<Timestamp>,
    /// When the totals were stored, if they were.
    pub(crate) totals_at: Option<Timestamp>,
    /// True if the stored totals are out of date.
    pub(crate) needs_totals: bool,
}

/// Records attempts. Without a new value, cursors and the time of the totals stay.
pub(crate) async fn record(tx: &Tx, attempts: &[Attempt]) -> Result<(), DbError> {
    let mut rows = Rows::new([
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
    ]);
    for attempt in attempts {
        let result = match attempt.error {
            None => SyncResult::Success,
            Some(_) => SyncResult::Failure,
        };
        let failures = i64::from(attempt.error.is_some());
        rows.push([
            attempt.user.as_str().into(),
            attempt.at.into(),
            result.as_str().into(),
            attempt.error.clone().into(),
            attempt.odl_at.into(),
            attempt.flash_at.into(),
            attempt.accessed_at.into(),
            attempt.totals_at.into(),
            attempt.needs_totals.into(),
            failures.into(),
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
    ]
    .map(kept)
    .join(", ");
    let sql = format!(
        "INSERT INTO {T} (syned_user_id, last_attempt_at, last_result, error_message, last_odl_synced_at, \
         last_flash_ctf_synced_at, last_remote_accessed_at, totals_refreshed_at, needs_totals_refresh, \
         consecutive_failures) SELECT r.user_id, r.at, r.result, r.error, r.odl_at, r.flash_at, \
         r.accessed_at, r.totals_at, r.needs, r.failures FROM {rows} WHERE TRUE \
         ON CONFLICT (syned_user_id) DO UPDATE SET last_attempt_at = excluded.last_attempt_at, \
         last_result = excluded.last_result, error_message = excluded.error_message, {kept}, \
         needs_totals_refresh = excluded.needs_totals_refresh OR \
         ({T}.needs_totals_refresh AND excluded.totals_refreshed_at IS NULL), \
         consecutive_failures = CASE WHEN excluded.last_result = 'success' THEN 0 \
         ELSE {T}.consecutive_failures + 1 END"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Forgets the failure of a person.
pub(crate) async fn clear_error(tx: &Tx, user: &str) -> Result<(), DbError> {
    let sql = "UPDATE game_platform_sync_state SET last_result = NULL, error_message = NULL, \
               consecutive_failures = 0 WHERE syned_user_id = $1 AND last_result = 'failure'";
    tx.run(tx.statement(sql, [user.into()])).await?;
    Ok(())
}
