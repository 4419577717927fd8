use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{act_on, changeable};
use crate::{
    access,
    model::{HELP_TAKEN, HelpRequestId, StaffRole},
    reads::{self, HackathonView, HelpRequestView},
    rules::help::{HelpHolder, HelpStep, admit, read_answer},
    store::help,
};

/// Takes a request for help, hands it back, or closes it with an answer, for a mentor, or for a person who organizes the hackathon. Of mentors who take one at once,
/// exactly one gets it. The team is notified when it is taken. Repeating a step changes nothing. Returns the request.
///
/// # Errors
/// When the person is no longer a mentor, the request is unknown or closed, another mentor has it, no one took it before it is closed, the answer is missing or not
/// valid, or the hackathon is over.
pub async fn step_help(
    context: &Context,
    person: UserId,
    organizes: bool,
    slug: &str,
    id: HelpRequestId,
    step: HelpStep,
    answer: &str,
) -> Result<HelpRequestView, ActionError> {
    let answer = match step {
        HelpStep::Close => read_answer(answer)?,
        HelpStep::Take | HelpStep::HandBack => String::new(),
    };
    let mut tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let request = request_of(&tx, &hackathon, id).await?;
    let role = reads::role_in(&tx, hackathon.key(), person).await?;
    if !organizes && role != Some(StaffRole::Mentor) {
        return Err(access::not_mentor(&hackathon).into());
    }
    if !admit(request.state, holder(&request, person), step, organizes)? {
        return Ok(request);
    }
    let now = context.now();
    let mentor = match step {
        HelpStep::Take => Some(person.0),
        HelpStep::HandBack => None,
        HelpStep::Close => request.mentor_id,
    };
    help::set_state(&tx, id, step.state(), mentor, &answer, now).await?;
    let action = match step {
        HelpStep::Take => "help.take",
        HelpStep::HandBack => "help.hand_back",
        HelpStep::Close => "help.close",
    };
    let after = json!({ "request": id.0, "team": request.team_id });
    let act = act_on(&hackathon, Actor::Person(person.0), action, Some(after));
    audit::record(&tx, context, act).await?;
    if step == HelpStep::Take {
        tx.wake(HELP_TAKEN, [id.0], context.ids.as_ref(), now).await?;
    }
    let stepped = request_of(&tx, &hackathon, id).await?;
    tx.commit().await?;
    Ok(stepped)
}

/// Finds a request of a hackathon. The caller holds the lock of the hackathon's row.
async fn request_of(
    tx: &Tx,
    hackathon: &HackathonView,
    id: HelpRequestId,
) -> Result<HelpRequestView, ActionError> {
    let found = reads::help_request(tx, id).await?;
    let own = found.filter(|it| it.hackathon_id == hackathon.id);
    Ok(own.ok_or_else(access::unknown_help_request)?)
}

fn holder(request: &HelpRequestView, person: UserId) -> HelpHolder<'_> {
    match request.mentor_id {
        None => HelpHolder::Free,
        Some(mentor) if mentor == person.0 => HelpHolder::Own,
        Some(_) => HelpHolder::Other(request.mentor.as_deref().unwrap_or("Another mentor")),
    }
}
