//! The contributor whom visitors can sign in as takes part in the hackathon in which teams are at work, with a team that has not
//! submitted yet, and took part in those that are judged or have results.

use identity::{
    actions::know_accounts,
    model::{Authority, DemoPeople, UserId},
};
use platform::{Context, module::Services};

use super::{Cast, events::DemoHackathon};
use crate::{
    actions::{add_task, apply, ask_for_help, create_team, join_team, save_submission, step_help},
    rules::{
        applications::ApplicationInput,
        help::{HelpInput, HelpStep},
        submissions::SubmissionInput,
        tasks::TaskInput,
    },
};

const TEAM: &str = "Leading Lights";

/// The place of the person who joins them among the participants.
const MATE: usize = 5;

/// The tasks of the team, with their states. Those of others than the last are done by the contributor.
const TASKS: [(&str, &str); 3] = [
    ("Read the positions of the lights", "done"),
    ("Show the lights on a phone", "doing"),
    ("Record a minute of the buoy", "open"),
];

/// Finds the contributor; `None` if no one can sign in as others.
pub(super) async fn find(services: &Services) -> anyhow::Result<Option<(UserId, String)>> {
    let people = services.extensions.get::<DemoPeople>().cloned().unwrap_or_default();
    let Some(person) = people.0.iter().find(|person| person.part == "contributor") else {
        return Ok(None);
    };
    let tx = services.context.begin().await?;
    let account = person.account.clone();
    let known = know_accounts(&tx, &services.context, Authority::Github, [account]).await?;
    tx.commit().await?;
    let found = known.get(&person.account.github_id).map(|known| known.user_id);
    Ok(found.map(|id| (id, person.account.login.clone())))
}

/// Returns the contributor, if they take part in a hackathon.
fn guest_of<'a>(cast: &'a Cast, event: &DemoHackathon) -> Option<&'a (UserId, String)> {
    cast.guest.as_ref().filter(|_| event.has_guest())
}

/// Lets the contributor apply, before all places are taken.
pub(super) async fn apply_first(
    context: &Context,
    cast: &Cast,
    event: &DemoHackathon,
) -> anyhow::Result<()> {
    let Some((person, _)) = guest_of(cast, event) else {
        return Ok(());
    };
    let input = ApplicationInput {
        motivation: "I have only sent small fixes so far, and want to see something through."
            .to_owned(),
        skills: "Rust, testing".to_owned(),
        conduct_version: 1,
        is_looking_for_team: true,
        ..ApplicationInput::default()
    };
    apply(context, *person, event.slug, "", &input).await?;
    Ok(())
}

/// Lets the contributor join the team of others in a hackathon in which they form none.
pub(super) async fn join_others(
    context: &Context,
    cast: &Cast,
    event: &DemoHackathon,
    code: &str,
) -> anyhow::Result<()> {
    if let Some((person, _)) = guest_of(cast, event).filter(|_| !event.is_at_work()) {
        join_team(context, *person, code).await?;
    }
    Ok(())
}

/// Lets the contributor form a team with another participant.
pub(super) async fn form_team(
    context: &Context,
    cast: &Cast,
    event: &DemoHackathon,
) -> anyhow::Result<()> {
    let Some((person, login)) = guest_of(cast, event).filter(|_| event.is_at_work()) else {
        return Ok(());
    };
    let team = create_team(context, *person, event.slug, TEAM).await?;
    join_team(context, cast.people[MATE].0, &team.invite_code).await?;
    for (title, state) in TASKS {
        let input = TaskInput {
            title: Some(title.to_owned()),
            state: Some(state.to_owned()),
            assignee: (state != "open").then(|| login.clone()),
            ..TaskInput::default()
        };
        add_task(context, *person, event.slug, &input).await?;
    }
    Ok(())
}

/// Lets the contributor write a draft of what their team submits, and ask for help, which the organizer gives.
pub(super) async fn be_helped(context: &Context, cast: &Cast, slug: &str) -> anyhow::Result<()> {
    let Some((person, _)) = &cast.guest else {
        return Ok(());
    };
    let draft = SubmissionInput {
        title: TEAM.to_owned(),
        summary: "The lights of the coast on a phone, also where there is no network.".to_owned(),
        ..SubmissionInput::default()
    };
    save_submission(context, *person, slug, &draft).await?;
    let help = HelpInput {
        topic: "Which of the two lists of lights is the newer one?".to_owned(),
        place: "Table 5".to_owned(),
    };
    let asked = ask_for_help(context, *person, slug, &help).await?;
    step_help(context, cast.organizer, true, slug, asked.key(), HelpStep::Take, "").await?;
    Ok(())
}
