use identity::model::UserId;
use kernel::ProblemKind;
use platform::{
    ActionError, Context,
    audit::Actor,
    db::{DbError, Tx},
};

use super::{WRITE, add, locked, record, refused};
use crate::{
    actions::repeated::is_repeated,
    model::{DisputeId, DisputeState, MessageKind},
    rules::disputes::{MOST_MESSAGES, text},
    store::disputes,
};

/// Adds a message to the thread of a dispute that is open, or whose appeal is. The caller has checked that the person may
/// see it. A request that is repeated within a minute adds nothing.
///
/// # Errors
/// When the number is unknown, the text is empty or too long, nothing is open, or the thread has 100 entries.
pub async fn write_message(
    context: &Context,
    person: UserId,
    number: i64,
    typed: &str,
) -> Result<(), ActionError> {
    let text = text(typed)?;
    let mut tx = context.begin().await?;
    let dispute = locked(&tx, number).await?;
    let appeal = dispute.appeal.as_ref().map(|appeal| &appeal.outcome);
    let mut outcomes = [Some(&dispute.outcome), appeal].into_iter().flatten();
    if !outcomes.any(|outcome| outcome.state == DisputeState::Open) {
        let detail = format!("Dispute D-{number} is no longer open, so its thread is closed.");
        return Err(refused(ProblemKind::Conflict, "DISPUTE_DECIDED", detail));
    }
    if is_written(&tx, context, dispute.id, person, &text).await? {
        return Ok(());
    }
    if disputes::count_messages(&tx, dispute.id).await? >= MOST_MESSAGES {
        let detail =
            format!("The thread of D-{number} has {MOST_MESSAGES} entries. It awaits a decision.");
        return Err(refused(ProblemKind::Conflict, "THREAD_FULL", detail));
    }
    add(&mut tx, context, dispute.id, MessageKind::Message, person, &text).await?;
    record(&tx, context, Actor::Person(person.0), WRITE, dispute.id, None, None).await?;
    Ok(tx.commit().await?)
}

/// Returns whether the person has just written the same.
async fn is_written(
    tx: &Tx,
    context: &Context,
    dispute: DisputeId,
    person: UserId,
    text: &str,
) -> Result<bool, DbError> {
    let (messages, now) = (disputes::messages(tx, dispute).await?, context.now());
    Ok(messages.iter().any(|earlier| {
        earlier.kind == MessageKind::Message
            && earlier.author_id == person.0
            && earlier.text.as_deref() == Some(text)
            && is_repeated(earlier.created_at, now)
    }))
}
