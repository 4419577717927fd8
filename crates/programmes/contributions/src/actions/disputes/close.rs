use kernel::{Timestamp, truncate_to_micros};
use platform::{ActionError, Context, audit::Actor};
use serde_json::json;

use super::{CLOSE, locked, record};
use crate::{
    model::{DisputeKind, DisputeState},
    reads,
    store::disputes,
};

/// Closes the open disputes, and the open appeals, of bans that ended or were lifted or replaced: there is nothing left to
/// decide. Returns their number.
///
/// # Errors
/// When the database fails.
pub async fn close_disputes_of_ended_bans(context: &Context) -> Result<usize, ActionError> {
    let now = truncate_to_micros(context.now());
    let open = disputes::open_of_kind(&context.db, DisputeKind::Ban).await?;
    let mut closed = 0;
    for number in reads::of_ended_bans(&context.db, &open, now).await? {
        if close(context, number, now).await? {
            closed += 1;
        }
    }
    Ok(closed)
}

/// Closes a dispute, unless someone decided it meanwhile. A ban that is over stays so.
async fn close(context: &Context, number: i64, now: Timestamp) -> Result<bool, ActionError> {
    let tx = context.begin().await?;
    let dispute = locked(&tx, number).await?;
    if !disputes::close(&tx, dispute.id, now).await? {
        return Ok(false);
    }
    let after = json!({ "state": DisputeState::Closed });
    record(&tx, context, Actor::Operator, CLOSE, dispute.id, Some(after), None).await?;
    tx.commit().await?;
    Ok(true)
}
