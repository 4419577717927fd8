//! Rows of the permission matrix for the boards of teams, and real tasks for their members.

use hackathons::{
    actions::{add_task, change_task, connect_board, disconnect_board, export_board, remove_task},
    model::{BoardService::Trello, TaskId},
    rules::tasks::TaskInput,
};
use identity::model::UserId;

use super::{
    app::{ORGANIZER, held_by, private},
    board_connections::input,
    scene::application,
};
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::Hidden, Form, NONE, Row},
    },
};

const TASK: Form = &[("title", "Draw the berths"), ("due_on", "2026-11-20")];
const CONNECTION: Form = &[("key", "key"), ("token", "token"), ("board", "harborboard")];
const DATABASE: Form =
    &[("notion_token", "token"), ("notion_board", "4a7b0c1d2e3f4a5b8c6d7e8f90a1b2c3")];
const DOING: Form = &[("state", "doing")];

/// The rows. `hush` is private and takes applications, and has no teams.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/board", "/hackathons/hush/board", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/board", "/hackathons/hush/board", NONE, Hidden(ORGANIZER, 422)),
    ("GET", "/hackathons/{slug}/board/{task}", "/hackathons/hush/board/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/board/{task}", "/hackathons/hush/board/01900000-0000-7000-8000-000000000002", TASK, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/board/{task}/move", "/hackathons/hush/board/01900000-0000-7000-8000-000000000002/move", DOING, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/board/{task}/remove", "/hackathons/hush/board/01900000-0000-7000-8000-000000000002/remove", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/board/{task}/remove", "/hackathons/hush/board/01900000-0000-7000-8000-000000000002/remove", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/teams/{team}/board", "/hackathons/hush/teams/unknown/board", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/teams/{team}/tasks", "/api/v1/hackathons/hush/teams/unknown/tasks", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/me/hackathons/{slug}/team/tasks", "/api/v1/me/hackathons/hush/team/tasks", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/api/v1/me/hackathons/{slug}/team/tasks", "/api/v1/me/hackathons/hush/team/tasks", TASK, Hidden(ORGANIZER, 404)),
    ("PATCH", "/api/v1/me/hackathons/{slug}/team/tasks/{id}", "/api/v1/me/hackathons/hush/team/tasks/01900000-0000-7000-8000-000000000002", DOING, Hidden(ORGANIZER, 404)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/team/tasks/{id}", "/api/v1/me/hackathons/hush/team/tasks/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/board/export", "/hackathons/hush/board/export", NONE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/board/export/{service}", "/hackathons/hush/board/export/notion", DATABASE, Hidden(ORGANIZER, 409)),
    ("POST", "/hackathons/{slug}/board/export/{service}/run", "/hackathons/hush/board/export/trello/run", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/board/export/{service}/disconnect", "/hackathons/hush/board/export/trello/disconnect", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/me/hackathons/{slug}/team/exports", "/api/v1/me/hackathons/hush/team/exports", NONE, Hidden(ORGANIZER, 409)),
    ("GET", "/api/v1/me/hackathons/{slug}/team/exports/{service}", "/api/v1/me/hackathons/hush/team/exports/trello", NONE, Hidden(ORGANIZER, 409)),
    ("PUT", "/api/v1/me/hackathons/{slug}/team/exports/{service}", "/api/v1/me/hackathons/hush/team/exports/trello", CONNECTION, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/me/hackathons/{slug}/team/exports/{service}", "/api/v1/me/hackathons/hush/team/exports/trello", NONE, Hidden(ORGANIZER, 404)),
    ("DELETE", "/api/v1/me/hackathons/{slug}/team/exports/{service}", "/api/v1/me/hackathons/hush/team/exports/trello", NONE, Hidden(ORGANIZER, 404)),
];

/// Makes a team of the person in a private hackathon.
const TEAM: Make = |app, login| Box::pin(async move { vec![teamed(app, login).await] });

/// Makes such a team, and names it.
const NAMED: Make =
    |app, login| Box::pin(async move { vec![teamed(app, login).await, "gannet".to_owned()] });

/// Makes such a team with a task.
const TASKED: Make = |app, login| {
    Box::pin(async move {
        let slug = teamed(app, login).await;
        let id = added(app, &slug, login).await;
        vec![slug, id.0.to_string()]
    })
};

/// Makes such a team, and names a service.
const WITH_TRELLO: Make =
    |app, login| Box::pin(async move { vec![teamed(app, login).await, "trello".to_owned()] });
const WITH_NOTION: Make =
    |app, login| Box::pin(async move { vec![teamed(app, login).await, "notion".to_owned()] });

/// Makes such a team whose board is connected with Trello.
const CONNECTED: Make = |app, login| {
    Box::pin(async move {
        let slug = teamed(app, login).await;
        connected(app, &slug, login).await;
        vec![slug, "trello".to_owned()]
    })
};

/// The routes with real tasks.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/hackathons/{slug}/board", TEAM, TASK, 303),
    ("GET", "/hackathons/{slug}/board/{task}", TASKED, NONE, 200),
    ("POST", "/hackathons/{slug}/board/{task}", TASKED, TASK, 303),
    ("POST", "/hackathons/{slug}/board/{task}/move", TASKED, DOING, 303),
    ("GET", "/hackathons/{slug}/board/{task}/remove", TASKED, NONE, 200),
    ("POST", "/hackathons/{slug}/board/{task}/remove", TASKED, NONE, 303),
    ("GET", "/hackathons/{slug}/teams/{team}/board", NAMED, NONE, 200),
    ("GET", "/api/v1/hackathons/{slug}/teams/{team}/tasks", NAMED, NONE, 200),
    ("GET", "/api/v1/me/hackathons/{slug}/team/tasks", TEAM, NONE, 200),
    ("POST", "/api/v1/me/hackathons/{slug}/team/tasks", TEAM, TASK, 201),
    ("PATCH", "/api/v1/me/hackathons/{slug}/team/tasks/{id}", TASKED, DOING, 200),
    ("DELETE", "/api/v1/me/hackathons/{slug}/team/tasks/{id}", TASKED, NONE, 204),
    ("GET", "/hackathons/{slug}/board/export", TEAM, NONE, 200),
    ("POST", "/hackathons/{slug}/board/export/{service}", WITH_NOTION, DATABASE, 303),
    ("POST", "/hackathons/{slug}/board/export/{service}/run", CONNECTED, NONE, 303),
    ("POST", "/hackathons/{slug}/board/export/{service}/disconnect", CONNECTED, NONE, 303),
    ("GET", "/api/v1/me/hackathons/{slug}/team/exports", TEAM, NONE, 200),
    ("GET", "/api/v1/me/hackathons/{slug}/team/exports/{service}", CONNECTED, NONE, 200),
    ("PUT", "/api/v1/me/hackathons/{slug}/team/exports/{service}", WITH_TRELLO, CONNECTION, 200),
    ("POST", "/api/v1/me/hackathons/{slug}/team/exports/{service}", CONNECTED, NONE, 200),
    ("DELETE", "/api/v1/me/hackathons/{slug}/team/exports/{service}", CONNECTED, NONE, 204),
];

/// Creates a private hackathon in which a person leads the team Gannet. Returns its slug.
pub(super) async fn teamed(app: &TestApp, login: &str) -> String {
    let organizer = app.hacker("organizer").await;
    let slug = held_by(app, organizer, private()).await;
    let code = app.hackathon_view(&slug).await.invite_code;
    let person = app.hacker(login).await;
    hackathons::actions::apply(app.context(), person, &slug, &code, &application())
        .await
        .expect("applied");
    app.team_of(&slug, login, "Gannet").await;
    slug
}

async fn added(app: &TestApp, slug: &str, login: &str) -> TaskId {
    let person = app.hacker(login).await;
    let input = TaskInput { title: Some("Draw the berths".to_owned()), ..TaskInput::default() };
    let added = add_task(app.context(), person, slug, &input).await;
    added.expect("added").key()
}

async fn connected(app: &TestApp, slug: &str, login: &str) {
    let person = app.hacker(login).await;
    connect_board(app.context(), person, slug, Trello, &input(Trello)).await.expect("connected");
}

/// Lets the person add, move and remove tasks; at the end, they have one that they wrote, and a connection of their board.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let (context, slug) = (app.context(), teamed(app, login).await);
    let removed = added(app, &slug, login).await;
    remove_task(context, person, &slug, removed).await.expect("removed");
    let id = added(app, &slug, login).await;
    let input = TaskInput {
        assignee: Some(login.to_owned()),
        state: Some("doing".to_owned()),
        ..TaskInput::default()
    };
    change_task(context, person, &slug, id, &input).await.expect("changed");
    connected(app, &slug, login).await;
    export_board(context, person, &slug, Trello).await.expect("requested");
    disconnect_board(context, person, &slug, Trello).await.expect("disconnected");
    connected(app, &slug, login).await;
}
