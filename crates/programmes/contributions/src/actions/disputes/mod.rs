//! Actions on disputes.

mod appeal;
mod close;
mod decide;
mod grant;
mod notify;
mod open;
mod write;

pub use appeal::appeal;
pub use close::close_disputes_of_ended_bans;
pub use decide::{DisputeDecision, decide_dispute};
pub use notify::{notify_dispute, notify_override};
pub use open::{NewDispute, open_dispute};
pub use write::write_message;

use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::Value;

use crate::{
    access,
    model::{DISPUTE_CHANGED, DisputeId, MessageKind},
    store::disputes::{self, Dispute, NewMessage},
};

/// Actions that the audit log records.
const OPEN: &str = "dispute.open";
const WRITE: &str = "dispute.write";
const APPEAL: &str = "dispute.appeal";
const GRANT: &str = "dispute.grant";
const UPHOLD: &str = "dispute.uphold";
const GRANT_APPEAL: &str = "dispute.grant_appeal";
const UPHOLD_APPEAL: &str = "dispute.uphold_appeal";
const CLOSE: &str = "dispute.close";

/// Finds a dispute and locks its row: of two transactions that change it, one waits for the other, and then sees what the
/// other changed.
async fn locked(tx: &Tx, number: i64) -> Result<Dispute, ActionError> {
    let unknown = || access::unknown_dispute(number);
    let found = disputes::numbered(tx, number).await?;
    let id = found.ok_or_else(unknown)?.id;
    tx.lock_rows("disputes", [id.0]).await?;
    let found = disputes::numbered(tx, number).await?;
    Ok(found.ok_or_else(unknown)?)
}

/// Adds an entry to the thread of a dispute, and has the others notified of it.
async fn add(
    tx: &mut Tx,
    context: &Context,
    dispute: DisputeId,
    kind: MessageKind,
    author: UserId,
    text: &str,
) -> Result<(), DbError> {
    let (id, now) = (context.ids.next(), context.now());
    let new = NewMessage { id, dispute, kind, author, text };
    disputes::insert_message(tx, &new, now).await?;
    tx.wake(DISPUTE_CHANGED, [id], context.ids.as_ref(), now).await
}

/// Records an action on a dispute.
async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    dispute: DisputeId,
    after: Option<Value>,
    reason: Option<&str>,
) -> Result<(), DbError> {
    let act = Act {
        actor,
        action,
        target_kind: "dispute",
        target_id: dispute.0,
        before: None,
        after,
        reason,
    };
    audit::record(tx, context, act).await
}

/// Returns the error for a dispute of a ban that is over.
fn ban_over(number: i64) -> ActionError {
    let detail = format!(
        "The ban that dispute D-{number} contests is over, so there is nothing to decide. It ended, or \
         was lifted or replaced."
    );
    refused(ProblemKind::Conflict, "BAN_OVER", detail)
}

fn refused(kind: ProblemKind, code: &'static str, detail: impl Into<String>) -> ActionError {
    Problem::new(kind, code, detail).into()
}
