//! The board of tasks of a team: of the viewer, and of any team for organizers.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult, QueryString, Undo,
    format::{segment, tame},
    redirect, redirect_with_undo, show,
};
use uuid::Uuid;

use super::HackathonCard;
use crate::{
    access::{Insider, ReadBoard, no_team, unknown_task},
    actions,
    model::TaskState,
    reads::{self, HackathonView, MemberView, TaskView, TeamView},
    rules::tasks::{TASK_TITLE, TaskInput},
};

/// The number of tasks of a list that the page shows together with the other lists.
const ROWS: usize = 15;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/hackathons/{slug}/board", get(page).post(add))
        .route("/hackathons/{slug}/board/{task}", get(form).post(save))
        .route("/hackathons/{slug}/board/{task}/move", post(step))
        .route("/hackathons/{slug}/board/{task}/remove", get(ask_to_remove).post(remove))
        .route("/hackathons/{slug}/teams/{team}/board", get(of_team))
}

/// A list of the board.
struct Column {
    state: TaskState,
    /// The tasks that the page shows.
    shown: Vec<TaskView>,
    /// The number of all tasks of the list.
    count: i64,
    /// True if the page shows only some of them.
    is_cut: bool,
}

impl Column {
    fn of(state: TaskState, tasks: &[TaskView], most: usize) -> Self {
        let own = tasks.iter().filter(|task| task.state == state);
        let all: Vec<_> = own.cloned().collect();
        Self {
            state,
            count: all.len() as i64,
            is_cut: all.len() > most,
            shown: all.into_iter().take(most).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "hackathon_board.html")]
struct BoardPage {
    card: HackathonCard,
    team: Option<TeamView>,
    members: Vec<MemberView>,
    columns: Vec<Column>,
    /// The list that the page shows alone.
    only: Option<TaskState>,
    /// True if the viewer is in the team.
    is_own: bool,
    /// True if the viewer does not take part.
    is_staff: bool,
    form: Form,
}

impl BoardPage {
    fn may_change(&self) -> bool {
        self.is_own && self.card.is_changeable() && self.team.is_some()
    }

    fn is_empty(&self) -> bool {
        self.columns.iter().all(|column| column.count == 0)
    }

    /// Returns the address of the page.
    fn here(&self) -> String {
        match &self.team {
            Some(team) if !self.is_own => {
                format!("{}/teams/{}/board", self.card.address(), segment(&team.slug))
            }
            _ => format!("{}/board", self.card.address()),
        }
    }
}

/// The list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BoardQuery {
    list: String,
}

/// `GET /hackathons/{slug}/board`.
async fn page(
    State(context): State<Context>,
    insider: Insider,
    QueryString(query): QueryString<BoardQuery>,
) -> PageResult {
    own_board(&context, &insider, &query, Form::default()).await
}

async fn own_board(
    context: &Context,
    insider: &Insider,
    query: &BoardQuery,
    form: Form,
) -> PageResult {
    let (id, person) = (insider.hackathon.key(), insider.viewer.user_id);
    let own = reads::team_of(&context.db, id, person).await?;
    let team = own.map(|(team, _)| team);
    let is_staff = !insider.takes_part();
    render(context, &insider.hackathon, team, true, is_staff, query, form).await
}

/// `GET /hackathons/{slug}/teams/{team}/board`: for organizers and members of the team.
async fn of_team(
    State(context): State<Context>,
    ReadBoard { hackathon, team }: ReadBoard,
    QueryString(query): QueryString<BoardQuery>,
) -> PageResult {
    render(&context, &hackathon, Some(team), false, false, &query, Form::default()).await
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    team: Option<TeamView>,
    is_own: bool,
    is_staff: bool,
    query: &BoardQuery,
    form: Form,
) -> PageResult {
    let db = &context.db;
    let (tasks, members) = match &team {
        Some(team) => {
            (reads::tasks(db, team.key()).await?, reads::members(db, [team.key()]).await?)
        }
        None => (Vec::new(), Vec::new()),
    };
    let only = TaskState::named(&query.list);
    let states = TaskState::ALL.iter().copied();
    let states = states.filter(|state| only.is_none_or(|only| only == *state));
    let most = only.map_or(ROWS, |_| usize::MAX);
    show(&BoardPage {
        card: HackathonCard::of(hackathon, context.now()),
        columns: states.map(|state| Column::of(state, &tasks, most)).collect(),
        team,
        members,
        only,
        is_own,
        is_staff,
        form,
    })
}

/// The fields of the forms of a task.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct TaskFields {
    title: String,
    assignee: String,
    due_on: String,
    state: String,
}

impl TaskFields {
    fn input(self) -> TaskInput {
        TaskInput {
            title: Some(self.title),
            assignee: Some(self.assignee),
            due_on: Some(self.due_on),
            state: (!self.state.is_empty()).then_some(self.state),
        }
    }
}

/// `POST /hackathons/{slug}/board`: adds a task.
async fn add(
    State(context): State<Context>,
    insider: Insider,
    Filled(fields, form): Filled<TaskFields>,
) -> Result<Response, PageError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    match actions::add_task(&context, person, &hackathon.slug, &fields.input()).await {
        Ok(task) => {
            let said = format!("{} is on the board", tame(&task.title));
            Ok(redirect(&board(hackathon), &said))
        }
        Err(error) => {
            let query = BoardQuery::default();
            let again = |form| own_board(&context, &insider, &query, form);
            form.refused(error, again).await
        }
    }
}

fn board(hackathon: &HackathonView) -> String {
    format!("{}/board", hackathon.address())
}

#[derive(Template)]
#[template(path = "hackathon_task.html")]
struct TaskPage {
    card: HackathonCard,
    task: TaskView,
    members: Vec<MemberView>,
    form: Form,
}

impl TaskPage {
    fn due_on(&self) -> &str {
        self.task.due_on.as_deref().unwrap_or_default()
    }

    fn assignee(&self) -> &str {
        self.task.assignee.as_deref().unwrap_or_default()
    }
}

/// Finds a task of the team of the viewer.
async fn own_task(context: &Context, insider: &Insider, id: Uuid) -> Result<TaskView, WebError> {
    let (db, person) = (&context.db, insider.viewer.user_id);
    let own = reads::team_of(db, insider.hackathon.key(), person).await?;
    let (team, _) = own.ok_or_else(no_team)?;
    let found = reads::task(db, id.into()).await?;
    let task = found.filter(|task| task.team_id == team.id);
    Ok(task.ok_or_else(unknown_task)?)
}

/// `GET /hackathons/{slug}/board/{task}`: the form of a task.
async fn form(
    State(context): State<Context>,
    insider: Insider,
    Address((_, id)): Address<(String, Uuid)>,
) -> PageResult {
    edit(&context, &insider, id, Form::default()).await
}

async fn edit(context: &Context, insider: &Insider, id: Uuid, form: Form) -> PageResult {
    let task = own_task(context, insider, id).await?;
    show(&TaskPage {
        card: HackathonCard::of(&insider.hackathon, context.now()),
        members: reads::members(&context.db, [task.team_id.into()]).await?,
        task,
        form,
    })
}

/// `POST /hackathons/{slug}/board/{task}`: changes a task.
async fn save(
    State(context): State<Context>,
    insider: Insider,
    Address((slug, id)): Address<(String, Uuid)>,
    Filled(fields, form): Filled<TaskFields>,
) -> Result<Response, PageError> {
    let person = insider.viewer.user_id;
    match actions::change_task(&context, person, slug.as_str(), id.into(), &fields.input()).await {
        Ok(task) => {
            let said = format!("{} is saved", tame(&task.title));
            Ok(redirect(&board(&insider.hackathon), &said))
        }
        Err(error) => {
            let again = |form| edit(&context, &insider, id, form);
            form.refused(error, again).await
        }
    }
}

/// The field of the form that moves a task.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct MoveFields {
    state: String,
}

/// `POST /hackathons/{slug}/board/{task}/move`: moves a task to another list.
async fn step(
    State(context): State<Context>,
    insider: Insider,
    Address((slug, id)): Address<(String, Uuid)>,
    Filled(fields, _): Filled<MoveFields>,
) -> Result<Response, PageError> {
    let input = TaskInput { state: Some(fields.state), ..TaskInput::default() };
    let person = insider.viewer.user_id;
    let moved = actions::change_task(&context, person, slug.as_str(), id.into(), &input).await;
    let task = moved.map_err(WebError::from)?;
    let list = task.state.heading().to_lowercase();
    let said = format!("{} is now: {list}", tame(&task.title));
    Ok(redirect(&board(&insider.hackathon), &said))
}

/// `GET /hackathons/{slug}/board/{task}/remove`: asks before a task is removed.
async fn ask_to_remove(
    State(context): State<Context>,
    insider: Insider,
    Address((_, id)): Address<(String, Uuid)>,
) -> PageResult {
    let task = own_task(&context, &insider, id).await?;
    let back = board(&insider.hackathon);
    show(&Confirmation {
        question: format!("Remove {}?", tame(&task.title)),
        consequence:
            "The task leaves the board for all members of your team. You can undo this directly afterwards."
                .to_owned(),
        facts: vec![
            ("List", task.state.heading().to_owned()),
            ("Assignee", task.assignee.clone().unwrap_or_default()),
            ("Due", task.due_on.clone().unwrap_or_default()),
        ],
        action: format!("{back}/{id}/remove"),
        fields: Vec::new(),
        button: "Remove task".to_owned(),
        is_ending: true,
        back: format!("{back}/{id}"),
    })
}

/// `POST /hackathons/{slug}/board/{task}/remove`.
async fn remove(
    State(context): State<Context>,
    insider: Insider,
    Address((slug, id)): Address<(String, Uuid)>,
) -> Result<Response, PageError> {
    let person = insider.viewer.user_id;
    let removed = actions::remove_task(&context, person, slug.as_str(), id.into()).await;
    let task = removed.map_err(WebError::from)?;
    let said = format!("{} is removed", tame(&task.title));
    let path = board(&insider.hackathon);
    let undo = Undo::by(&path)
        .with("title", task.title)
        .with("assignee", task.assignee.unwrap_or_default())
        .with("due_on", task.due_on.unwrap_or_default());
    Ok(redirect_with_undo(&path, &said, &undo))
}
