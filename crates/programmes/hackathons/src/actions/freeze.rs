use std::collections::HashSet;

use kernel::Timestamp;
use platform::{ActionError, Context, db::Tx};

use super::check::request_checks;
use crate::{
    model::{CheckTrigger, Submitter},
    reads::{self, HackathonView},
    rules::rulings::may_reopen,
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
        tx.lock_rows("submissions", due.iter().map(|id| id.0)).await?;
        // A deadline may have been moved while the rows were waited for.
        let still: HashSet<_> =
            (reads::due_submissions(&tx, now, BATCH).await?.into_iter()).collect();
        let due: Vec<_> = due.into_iter().filter(|id| still.contains(id)).collect();
        let rows = || due.iter().copied();
        submissions::lock_due(&tx, &due, now).await?;
        request_checks(&mut tx, context, rows(), CheckTrigger::Deadline).await?;
        tx.commit().await?;
        frozen += due.len();
    }
}

/// Follows a deadline that was moved to a later instant, of all submissions to a hackathon or of one team or person: what came before it
/// is no longer late, and if it is in the future, what was frozen is open again. `hackathon` is as it was before. The caller holds the
/// lock of its row.
///
/// # Errors
/// When frozen submissions would open, and decisions were made about them.
pub(super) async fn follow_deadline(
    tx: &Tx,
    hackathon: &HackathonView,
    by: Option<Submitter>,
    closes_at: Timestamp,
    now: Timestamp,
) -> Result<(), ActionError> {
    let key = hackathon.key();
    let frozen = match by {
        Some(by) => {
            let own = reads::submission_by(tx, key, by).await?;
            own.map(|it| it.key()).into_iter().collect()
        }
        None => reads::frozen_or_late(tx, key).await?,
    };
    let opens = closes_at > now && hackathon.timeline().submission_closes_at <= now;
    if opens {
        let only = by.is_some().then_some(frozen.as_slice());
        may_reopen(reads::decided(tx, key, only).await?)?;
    }
    tx.lock_rows("submissions", frozen.iter().map(|id| id.0)).await?;
    Ok(submissions::follow_deadline(tx, &frozen, closes_at, now).await?)
}
