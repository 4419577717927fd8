use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;
use uuid::Uuid;

use super::{act_on, apply::participant, manage_team::own_team};
use crate::{
    access,
    model::TaskId,
    reads::{self, HackathonView, TaskView, TeamView},
    rules::tasks::{TaskDetails, TaskInput, may_add},
    store::tasks,
};

/// Adds a task to the board of the team of a person. Returns it.
///
/// # Errors
/// When a field is missing or not valid, the assignee is not in the team, the person has no team, it has 200 tasks, or the
/// hackathon is over.
pub async fn add_task(
    context: &Context,
    person: UserId,
    slug: &str,
    input: &TaskInput,
) -> Result<TaskView, ActionError> {
    let tx = context.begin().await?;
    let (hackathon, team) = board_of(&tx, context, slug, person).await?;
    let details = read(&tx, &team, None, input).await?;
    may_add(reads::task_count(&tx, team.key()).await?)?;
    let id = TaskId::new(context.ids.next());
    let now = context.now();
    tasks::insert(&tx, id, hackathon.key(), team.key(), person, &details, now).await?;
    record(&tx, context, &hackathon, &team, person, "task.add", id.0).await?;
    let added = own_task(&tx, &team, id).await?;
    tx.commit().await?;
    Ok(added)
}

/// Changes a task of the team of a person, or moves it to another list. Returns it. Repeating it changes nothing.
///
/// # Errors
/// When a field is not valid, the assignee is not in the team, the person has no team, the task is unknown or of another team, or
/// the hackathon is over.
pub async fn change_task(
    context: &Context,
    person: UserId,
    slug: &str,
    id: TaskId,
    input: &TaskInput,
) -> Result<TaskView, ActionError> {
    let tx = context.begin().await?;
    let (hackathon, team) = board_of(&tx, context, slug, person).await?;
    let task = own_task(&tx, &team, id).await?;
    let before = task.details();
    let details = read(&tx, &team, Some(&before), input).await?;
    if details == before {
        return Ok(task);
    }
    let writer = if details.title == before.title { task.written_by_id.into() } else { person };
    tasks::update(&tx, id, writer, &details, context.now()).await?;
    record(&tx, context, &hackathon, &team, person, "task.edit", id.0).await?;
    let changed = own_task(&tx, &team, id).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Removes a task of the team of a person. Returns what it was.
///
/// # Errors
/// When the person has no team, the task is unknown or of another team, or the hackathon is over.
pub async fn remove_task(
    context: &Context,
    person: UserId,
    slug: &str,
    id: TaskId,
) -> Result<TaskView, ActionError> {
    let tx = context.begin().await?;
    let (hackathon, team) = board_of(&tx, context, slug, person).await?;
    let task = own_task(&tx, &team, id).await?;
    tasks::delete(&tx, id).await?;
    record(&tx, context, &hackathon, &team, person, "task.remove", id.0).await?;
    tx.commit().await?;
    Ok(task)
}

/// Finds the team of a person who takes part in a hackathon that is not over, and locks the hackathon's row.
async fn board_of(
    tx: &Tx,
    context: &Context,
    slug: &str,
    person: UserId,
) -> Result<(HackathonView, TeamView), ActionError> {
    let (hackathon, _) = participant(tx, context, slug, person).await?;
    let (team, _) = own_team(tx, &hackathon, person).await?;
    Ok((hackathon, team))
}

async fn own_task(tx: &Tx, team: &TeamView, id: TaskId) -> Result<TaskView, ActionError> {
    let found = reads::task(tx, id).await?;
    let own = found.filter(|task| task.team_id == team.id);
    Ok(own.ok_or_else(access::unknown_task)?)
}

async fn read(
    tx: &Tx,
    team: &TeamView,
    before: Option<&TaskDetails>,
    input: &TaskInput,
) -> Result<TaskDetails, ActionError> {
    let members = reads::members(tx, [team.key()]).await?;
    let members: Vec<_> = members.iter().map(|it| (it.user_id, it.login.as_str())).collect();
    Ok(TaskDetails::read(before, input, &members)?)
}

async fn record(
    tx: &Tx,
    context: &Context,
    hackathon: &HackathonView,
    team: &TeamView,
    person: UserId,
    action: &'static str,
    task: Uuid,
) -> Result<(), ActionError> {
    let after = json!({ "task": task, "team": team.id });
    let act = act_on(hackathon, Actor::Person(person.0), action, Some(after));
    audit::record(tx, context, act).await?;
    Ok(())
}
