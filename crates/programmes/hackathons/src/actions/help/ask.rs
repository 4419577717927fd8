use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, own_team, participant};
use crate::{
    access,
    model::{HelpRequestId, HelpState},
    reads::{self, HackathonView, HelpRequestView},
    rules::help::{HelpDetails, HelpInput, may_ask},
    store::help,
};

/// Asks mentors for help for the team of a person. Returns the request.
///
/// # Errors
/// When a field is missing or not valid, the person has no place or no team, teams do not build now, or the team has an open request.
pub async fn ask_for_help(
    context: &Context,
    person: UserId,
    slug: &str,
    input: &HelpInput,
) -> Result<HelpRequestView, ActionError> {
    let details = HelpDetails::read(input)?;
    let tx = context.begin().await?;
    let (hackathon, application) = participant(&tx, context, slug, person).await?;
    if !application.status.holds_place() {
        return Err(without_place(&hackathon).into());
    }
    let (team, _) = own_team(&tx, &hackathon, person).await?;
    let last = reads::last_help_request(&tx, team.key()).await?;
    let now = context.now();
    let has_open = last.is_some_and(|last| last.state.is_open());
    may_ask(&hackathon.title, hackathon.phase(now), has_open)?;
    let id = HelpRequestId::new(context.ids.next());
    let key = hackathon.key();
    help::insert(&tx, id, key, team.key(), person, &details, now).await?;
    let after = json!({ "request": id.0, "team": team.id });
    let act = act_on(&hackathon, Actor::Person(person.0), "help.ask", Some(after));
    audit::record(&tx, context, act).await?;
    let asked = reads::help_request(&tx, id).await?;
    tx.commit().await?;
    Ok(asked.ok_or_else(access::unknown_help_request)?)
}

fn without_place(hackathon: &HackathonView) -> Problem {
    let detail = format!(
        "You have no place at {} yet, so mentors cannot help you. Your application decides about it.",
        hackathon.title
    );
    Problem::new(ProblemKind::Forbidden, "NO_PLACE", detail)
}

/// Withdraws the open request of the team of a person.
///
/// # Errors
/// When the person has no team, their team has no open request, or the hackathon is over.
pub async fn withdraw_help(
    context: &Context,
    person: UserId,
    slug: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let (hackathon, _) = participant(&tx, context, slug, person).await?;
    let (team, _) = own_team(&tx, &hackathon, person).await?;
    let last = reads::last_help_request(&tx, team.key()).await?;
    let open = last.filter(|last| last.state.is_open()).ok_or_else(|| {
        let detail = "Your team has no open request for help. Reload the page.";
        Problem::new(ProblemKind::Conflict, "NO_HELP_REQUEST", detail)
    })?;
    help::set_state(&tx, open.key(), HelpState::Withdrawn, None, "", context.now()).await?;
    let after = json!({ "request": open.id, "team": team.id });
    let act = act_on(&hackathon, Actor::Person(person.0), "help.withdraw", Some(after));
    audit::record(&tx, context, act).await?;
    Ok(tx.commit().await?)
}
