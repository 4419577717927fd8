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
        let rows = || due.iter().copied();
        tx.lock_rows("submissions", rows().map(|id| id.0)).await?;
        submissions::lock_due(&tx, &due, now).await?;
        request_checks(&mut tx, context, rows(), CheckTrigger::Deadline).await?;
        tx.commit().await?;
        frozen += due.len();
    }
}

/// Opens the frozen submissions of a hackathon again, or those of one team or person, whose deadline was moved into the future.
/// Those that came after the earlier deadline and before the new one are no longer late. The caller holds the lock of the
/// hackathon's row.
///
/// # Errors
/// When the submissions were frozen, and decisions were made about them.
pub(super) async fn reopen_submissions(
    tx: &Tx,
    hackathon: &HackathonView,
    by: Option<Submitter>,
    (closes_at, now): (Timestamp, Timestamp),
) -> Result<(), ActionError> {
    let key = hackathon.key();
    let own = match by {
        Some(by) => reads::submission_by(tx, key, by).await?.map(|it| it.key()),
        None => None,
    };
    let opened = match (by, own) {
        (Some(_), own) => own.into_iter().collect(),
        (None, _) => reads::submitted_ids(tx, key).await?,
    };
    if hackathon.timeline().submission_closes_at <= now && (by.is_none() || own.is_some()) {
        may_reopen(reads::decided(tx, key, own).await?)?;
    }
    tx.lock_rows("submissions", opened.iter().map(|id| id.0))
        .await?;
    Ok(submissions::unlock(tx, &opened, closes_at).await?)
}
