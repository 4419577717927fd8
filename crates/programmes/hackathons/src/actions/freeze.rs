use platform::{ActionError, Context};

use super::check::request_checks;
use crate::{model::CheckTrigger, reads, store::submissions};

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
