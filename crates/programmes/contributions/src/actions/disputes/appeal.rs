use identity::model::UserId;
use kernel::{Problem, ProblemKind, truncate_to_micros};
use platform::{ActionError, Context, audit::Actor};

use super::{APPEAL, add, ban_over, locked, record, refused};
use crate::{
    model::{DisputeState, MessageKind},
    reads,
    rules::disputes::{due, is_appealable, text, window_ends},
    store::disputes::{self, Appeal, Dispute, DisputeOutcome},
};

/// Appeals the decision of a dispute to an admin, once and within 14 days.
///
/// # Errors
/// When the person has no dispute with the number, the text is empty or too long, it is not decided or granted as a
/// whole, the time is over, there is an appeal, or it contests a ban that is over.
pub async fn appeal(
    context: &Context,
    person: UserId,
    number: i64,
    typed: &str,
) -> Result<(), ActionError> {
    let text = text(typed)?;
    let mut tx = context.begin().await?;
    let dispute = locked(&tx, number).await?;
    if dispute.opened_by != person {
        return Err(Problem::not_found(format!("You have no dispute D-{number}.")).into());
    }
    let now = truncate_to_micros(context.now());
    check(&dispute, now)?;
    if reads::is_ban_over(&tx, &dispute, now).await? {
        return Err(ban_over(number));
    }
    let appeal = Appeal {
        id: context.ids.next(),
        opened_at: now,
        outcome: DisputeOutcome {
            state: DisputeState::Open,
            due_at: due(now),
            decided_by: None,
            decided_at: None,
        },
    };
    disputes::insert_appeal(&tx, dispute.id, &appeal).await?;
    add(&mut tx, context, dispute.id, MessageKind::Appealed, person, &text).await?;
    record(&tx, context, Actor::Person(person.0), APPEAL, dispute.id, None, None).await?;
    Ok(tx.commit().await?)
}

fn check(dispute: &Dispute, now: kernel::Timestamp) -> Result<(), ActionError> {
    let number = dispute.number;
    if dispute.appeal.is_some() {
        let detail = format!("You already appealed the decision of D-{number}.");
        return Err(refused(ProblemKind::Conflict, "ALREADY_APPEALED", detail));
    }
    if dispute.outcome.state == DisputeState::Closed {
        return Err(ban_over(number));
    }
    let Some(decided_at) = dispute.outcome.decided_at else {
        let detail = format!("Dispute D-{number} is not decided, so there is nothing to appeal.");
        return Err(refused(ProblemKind::Conflict, "DISPUTE_OPEN", detail));
    };
    if !is_appealable(dispute.kind, dispute.outcome.state) {
        let detail = format!("Dispute D-{number} was granted, so there is nothing to appeal.");
        return Err(refused(ProblemKind::Conflict, "APPEAL_CLOSED", detail));
    }
    let until = window_ends(decided_at);
    if now > until {
        let until = until.format("%-d %B %Y, %H:%M UTC");
        let detail = format!("The decision of D-{number} could be appealed until {until}.");
        return Err(refused(ProblemKind::Conflict, "APPEAL_CLOSED", detail));
    }
    Ok(())
}
