//! Statements for the tasks of teams.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql as _, Tx};

use crate::{
    model::{HackathonId, TaskId, TeamId},
    rules::tasks::TaskDetails,
};

/// Inserts a task of a team. The caller holds the lock of the hackathon's row.
pub(crate) async fn insert(
    tx: &Tx,
    id: TaskId,
    hackathon: HackathonId,
    team: TeamId,
    person: UserId,
    details: &TaskDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "INSERT INTO team_tasks (id, created_at, updated_at, hackathon_id, team_id, written_by_id, title, \
               assignee_id, due_on, state) VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = [
        id.into(),
        now.into(),
        hackathon.into(),
        team.into(),
        person.into(),
        details.title.as_str().into(),
        details.assignee.into(),
        details.due_on.map(|day| day.to_string()).into(),
        details.state.as_str().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Changes a task. `person` wrote its title last.
pub(crate) async fn update(
    tx: &Tx,
    id: TaskId,
    person: UserId,
    details: &TaskDetails,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE team_tasks SET written_by_id = $2, title = $3, assignee_id = $4, due_on = $5, state = $6, \
               updated_at = $7 WHERE id = $1";
    let values = [
        id.into(),
        person.into(),
        details.title.as_str().into(),
        details.assignee.into(),
        details.due_on.map(|day| day.to_string()).into(),
        details.state.as_str().into(),
        now.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn delete(tx: &Tx, id: TaskId) -> Result<(), DbError> {
    let sql = "DELETE FROM team_tasks WHERE id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

pub(crate) async fn delete_of(tx: &Tx, hackathon: HackathonId) -> Result<(), DbError> {
    let sql = "DELETE FROM team_tasks WHERE hackathon_id = $1";
    tx.run(tx.statement(sql, [hackathon.into()])).await?;
    Ok(())
}

/// Takes the tasks of a team from a person who is no longer a member.
pub(crate) async fn unassign(
    tx: &Tx,
    team: TeamId,
    person: UserId,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE team_tasks SET assignee_id = NULL, updated_at = $3 WHERE team_id = $1 AND assignee_id = $2";
    let values = [team.into(), person.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// Takes all tasks from a person, and replaces the titles that they wrote.
pub(crate) async fn forget(
    tx: &Tx,
    person: UserId,
    title: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE team_tasks SET assignee_id = NULL, updated_at = $2 WHERE assignee_id = $1";
    tx.run(tx.statement(sql, [person.into(), now.into()])).await?;
    let sql = "UPDATE team_tasks SET title = $2, updated_at = $3 WHERE written_by_id = $1";
    let values = [person.into(), title.into(), now.into()];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}
