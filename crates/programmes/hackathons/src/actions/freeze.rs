use kernel::Timestamp;
use platform::{
    ActionError, Context,
    db::{DbError, Tx},
};

use super::check::request_checks;
use crate::{
    model::{CheckTrigger, HackathonId},
    reads,
    store::submissions,
};

/// The maximum number of submissions that one transaction freezes.
const BATCH: i64 = 200;

/// Freezes the submissions whose deadline has come, and has each checked a last time. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn freeze_due(context: &Context) -> Result<usize, ActionError> {
    let mut frozen = 0;
    loop {
        let mut tx = context.begin().await?;
        let now = context.now();
        let due = reads::due_submissions(&tx, now, BATCH).await?;
        if due.is_empty() {
            return Ok(frozen);
        }
        let rows = || due.iter().copied();
        tx.lock_rows("submissions", rows().map(|id| id.0)).await?;
        submissions::lock_due(&tx, &due, now).await?;
        request_checks(&mut tx, context, rows(), CheckTrigger::Deadline).await?;
        tx.commit().await?;
        frozen += due.len();
    }
}

/// Opens the frozen submissions of a hackathon again, whose deadline was moved into the future. Those that came after the earlier
/// deadline and before the new one are no longer late. The caller holds the lock of the hackathon's row.
pub(super) async fn reopen_frozen(
    tx: &Tx,
    hackathon: HackathonId,
    closes_at: Timestamp,
) -> Result<(), DbError> {
    let submitted = reads::submitted_ids(tx, hackathon).await?;
    tx.lock_rows("submissions", submitted.into_iter().map(|id| id.0))
        .await?;
    submissions::unlock_all(tx, hackathon, closes_at).await
}
