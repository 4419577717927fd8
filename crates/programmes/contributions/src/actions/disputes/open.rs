use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp, truncate_to_micros};
use platform::{ActionError, Context, audit::Actor, db::Tx};
use serde_json::json;

use super::{OPEN, add, record, refused};
use crate::{
    model::{DisputeKind, DisputeState, MessageKind},
    reads::{self, Contestable},
    rules::disputes::{DisputeTarget, due, text, window_ends},
    store::disputes::{self, Dispute, DisputeOutcome},
};

/// The lock of the numbers of disputes: one transaction opens a dispute at a time.
const DISPUTES: &str = "contributions.disputes";

#[derive(Clone, Debug)]
pub struct NewDispute {
    /// The kind of decision that it contests.
    pub kind: DisputeKind,
    /// The thing: `octo-org/lantern#7`, `F-12`, or the ID of a sanction or a ban.
    pub target: String,
    /// The person's reasons.
    pub text: String,
}

/// Contests a decision that is held against a person, once and within 14 days. Returns the number of the dispute.
///
/// # Errors
/// When the target or the text is not valid, the person has nothing of this kind to contest, the time is over, or they
/// contested it before.
pub async fn open_dispute(
    context: &Context,
    person: UserId,
    new: &NewDispute,
) -> Result<i64, ActionError> {
    let target = DisputeTarget::read(new.kind, new.target.trim())?;
    let text = text(&new.text)?;
    let mut tx = context.begin().await?;
    tx.serialize(DISPUTES).await?;
    let now = truncate_to_micros(context.now());
    let found = reads::contestable(&tx, person, &target, now).await?;
    let found = found.ok_or_else(|| not_held(new))?;
    check(&tx, person, &found, now).await?;
    let dispute = Dispute {
        id: context.ids.next().into(),
        number: disputes::last_number(&tx).await? + 1,
        kind: found.kind,
        opened_by: person,
        target_id: found.target_id,
        project: found.project,
        opened_at: now,
        outcome: DisputeOutcome {
            state: DisputeState::Open,
            due_at: due(now),
            decided_by: None,
            decided_at: None,
        },
        appeal: None,
    };
    disputes::insert(&tx, &dispute).await?;
    add(&mut tx, context, dispute.id, MessageKind::Opened, person, &text).await?;
    let after = json!({ "kind": found.kind, "target": found.target_id });
    record(&tx, context, Actor::Person(person.0), OPEN, dispute.id, Some(after), None).await?;
    tx.commit().await?;
    Ok(dispute.number)
}

/// Refuses what was contested before, and what can no longer be contested.
async fn check(
    tx: &Tx,
    person: UserId,
    found: &Contestable,
    now: Timestamp,
) -> Result<(), ActionError> {
    if let Some(before) = disputes::about(tx, person, found.kind, found.target_id).await? {
        let number = before.number;
        let detail = format!("You already contested this: see dispute D-{number}.");
        return Err(refused(ProblemKind::Conflict, "ALREADY_CONTESTED", detail));
    }
    let until = window_ends(found.since);
    if now > until {
        let until = until.format("%-d %B %Y, %H:%M UTC");
        let detail = format!("This could be contested until {until}.");
        return Err(refused(ProblemKind::Conflict, "CONTEST_CLOSED", detail));
    }
    Ok(())
}

fn not_held(new: &NewDispute) -> Problem {
    let target = new.target.trim();
    let detail = match new.kind {
        DisputeKind::Score => format!("You have no pull request {target} in a project here."),
        DisputeKind::Flag => format!("No confirmed flag {target} concerns you."),
        DisputeKind::Sanction => format!("You have no sanction {target} that is in force."),
        DisputeKind::Ban => format!("You have no ban {target} that is in force."),
    };
    Problem::not_found(format!("{detail} See /me/standing.")).at("target")
}
