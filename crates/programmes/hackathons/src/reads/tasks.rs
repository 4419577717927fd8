//! Queries for the tasks of teams.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, own_rows};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};
use ui::Who;
use uuid::Uuid;

use crate::{
    model::{TaskId, TaskState, TeamId},
    rules::tasks::TaskDetails,
};

/// A task on the board of a team.
#[derive(Clone, Debug, FromQueryResult)]
pub struct TaskView {
    pub id: Uuid,
    pub team_id: Uuid,
    /// The person who wrote the title.
    pub written_by_id: Uuid,
    pub title: String,
    pub assignee_id: Option<Uuid>,
    /// The login of the assignee.
    #[sea_orm(skip)]
    pub assignee: Option<String>,
    /// The assignee as lists show them.
    #[sea_orm(skip)]
    pub who: Option<Who>,
    /// The day on which it is due, such as `2026-11-20`.
    pub due_on: Option<String>,
    pub state: TaskState,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
}

impl TaskView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> TaskId {
        self.id.into()
    }

    /// Returns the fields that members change.
    #[must_use]
    pub fn details(&self) -> TaskDetails {
        let day = self.due_on.as_deref();
        TaskDetails {
            title: self.title.clone(),
            assignee: self.assignee_id,
            due_on: day.and_then(|day| day.parse().ok()),
            state: self.state,
        }
    }
}

const TASK: &str = "SELECT k.id, k.team_id, k.written_by_id, k.title, k.assignee_id, k.due_on, k.state, k.created_at, \
     k.updated_at FROM team_tasks k";

async fn named(db: &impl Sql, mut found: Vec<TaskView>) -> Result<Vec<TaskView>, DbError> {
    let people = found.iter().filter_map(|row| row.assignee_id.map(UserId::new));
    let known = identity::reads::who(db, people).await?;
    for row in &mut found {
        let assignee = row.assignee_id.map(UserId::new);
        row.who = assignee.and_then(|assignee| known.get(&assignee).cloned());
        row.assignee = row.who.as_ref().map(|who| who.login.clone());
    }
    Ok(found)
}

pub async fn task(db: &impl Sql, id: TaskId) -> Result<Option<TaskView>, DbError> {
    let sql = format!("{TASK} WHERE k.id = $1");
    let found = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// Lists the tasks of a team, those that are due first before those without a date.
pub async fn tasks(db: &impl Sql, team: TeamId) -> Result<Vec<TaskView>, DbError> {
    let sql =
        format!("{TASK} WHERE k.team_id = $1 ORDER BY k.due_on IS NULL, k.due_on, k.id LIMIT 200");
    let found = db.all(db.statement(&sql, [team.into()])).await?;
    named(db, found).await
}

/// Returns the number of tasks of a team.
pub async fn task_count(db: &impl Sql, team: TeamId) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM team_tasks k WHERE k.team_id = $1";
    db.count(db.statement(sql, [team.into()])).await
}

/// Exports the tasks whose title a person wrote, and those that they have.
pub(super) async fn export_tasks(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let columns = [
        ("hackathon", Kind::Text),
        ("team", Kind::Text),
        ("title", Kind::Text),
        ("due_on", Kind::Text),
        ("state", Kind::Text),
        ("created_at", Kind::At),
        ("updated_at", Kind::At),
    ];
    let select = "SELECT h.title AS hackathon, t.name AS team, k.title, k.due_on, k.state, k.created_at, k.updated_at \
                  FROM team_tasks k JOIN hackathons h ON h.id = k.hackathon_id JOIN teams t ON t.id = k.team_id WHERE";
    let written = format!("{select} k.written_by_id = $1 ORDER BY k.id");
    let assigned = format!("{select} k.assignee_id = $1 ORDER BY k.id");
    Ok(json!({
        "written": own_rows(db, person.0, &columns, &written).await?,
        "assigned": own_rows(db, person.0, &columns, &assigned).await?,
    }))
}
