//! Boards of tasks of teams.

use hackathons::{
    actions::{
        add_task, archive, change_task, leave_team, remove_member, remove_old_words, remove_task,
    },
    model::{TaskId, TaskState},
    reads::{self, TaskView},
    rules::tasks::TaskInput,
};
use platform::{ActionError, audit::Actor::Operator};
use serde_json::{Value, json};

use super::scene::{code, november, publish_results};
use crate::app::{TestApp, at};

/// Returns the input of a task of an assignee; empty for no one.
pub(super) fn task(title: &str, assignee: &str) -> TaskInput {
    TaskInput {
        title: Some(title.to_owned()),
        assignee: Some(assignee.to_owned()),
        ..TaskInput::default()
    }
}

impl TestApp {
    /// Creates a hackathon while teams build: `ada` and `bo` are the team Gannet, and `cy` is the team Skua. Returns its slug.
    pub(super) async fn boarded(&self) -> String {
        let slug = self.building(november(), &["ada", "bo", "cy"]).await;
        let team = self.team_of(&slug, "ada", "Gannet").await;
        self.joins(&team, "bo").await.expect("joined");
        self.team_of(&slug, "cy", "Skua").await;
        slug
    }

    /// Lets a person add a task.
    pub(super) async fn adds_task(
        &self,
        (slug, login): (&str, &str),
        input: &TaskInput,
    ) -> Result<TaskView, ActionError> {
        let person = self.hacker_id(login).await;
        add_task(self.context(), person, slug, input).await
    }

    async fn moves_task(
        &self,
        (slug, login): (&str, &str),
        id: TaskId,
        state: &str,
    ) -> Result<TaskView, ActionError> {
        let input = TaskInput { state: Some(state.to_owned()), ..TaskInput::default() };
        let person = self.hacker_id(login).await;
        change_task(self.context(), person, slug, id, &input).await
    }

    async fn task(&self, id: TaskId) -> Option<TaskView> {
        reads::task(&self.context().db, id).await.expect("read")
    }
}

fn own(slug: &str) -> String {
    format!("/api/v1/me/hackathons/{slug}/team/tasks")
}

#[tokio::test]
async fn a_team_adds_moves_and_removes_tasks_by_the_api() {
    let app = TestApp::start().await;
    let slug = app.boarded().await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let body = json!({ "title": " Draw the berths ", "assignee": "BO", "due_on": "2026-11-20" });
    let added = ada.call("POST", &own(&slug), Some(&body)).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let added: Value = added.json();
    assert_eq!(added["title"], "Draw the berths");
    assert_eq!(added["assignee"], "bo");
    assert_eq!(added["state"], "open");
    let path = format!("{}/{}", own(&slug), added["id"].as_str().expect("an ID"));
    for (body, field, expected) in [
        (json!({ "state": "doing" }), "state", json!("doing")),
        (json!({ "assignee": null }), "assignee", Value::Null),
        (json!({ "due_on": null }), "due_on", Value::Null),
        (json!({ "title": "Draw all berths" }), "title", json!("Draw all berths")),
        (json!({}), "state", json!("doing")),
    ] {
        let changed = bo.call("PATCH", &path, Some(&body)).await;
        assert_eq!(changed.status, 200, "{body}: {}", changed.text);
        assert_eq!(changed.json()[field], expected, "{body}");
    }
    let listed = ada.json(&own(&slug)).await;
    assert_eq!(listed["items"].as_array().expect("tasks").len(), 1);
    let removed = ada.call("DELETE", &path, None).await;
    assert_eq!(removed.status, 204, "{}", removed.text);
    assert_eq!(ada.json(&own(&slug)).await, json!({ "items": [] }));
    assert_eq!(ada.call("DELETE", &path, None).await.status, 404);
    app.abandon().await;
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let app = TestApp::start().await;
    let slug = app.boarded().await;
    let ada = app.browser_of("ada").await;
    for (body, says) in [
        (json!({ "title": " " }), "The title"),
        (json!({ "title": "a".repeat(201) }), "The title"),
        (json!({ "title": "Draw", "assignee": "cy" }), "not in the team"),
        (json!({ "title": "Draw", "due_on": "soon" }), "is not a day"),
        (json!({ "title": "Draw", "state": "lost" }), "is not a state"),
    ] {
        let refused = ada.call("POST", &own(&slug), Some(&body)).await;
        assert_eq!(refused.status, 422, "{body}: {}", refused.text);
        assert!(refused.text.contains(says), "{}", refused.text);
    }
    let of_gannet = app.adds_task((&slug, "ada"), &task("Draw", "")).await;
    let id = of_gannet.expect("added").key();
    // The task of another team is unknown, whatever is done with it.
    let cy = app.hacker_id("cy").await;
    assert_eq!(code(app.moves_task((&slug, "cy"), id, "done").await), "NOT_FOUND");
    assert_eq!(code(remove_task(app.context(), cy, &slug, id).await), "NOT_FOUND");
    leave_team(app.context(), cy, &slug).await.expect("left");
    let alone = app.adds_task((&slug, "cy"), &task("Draw", "")).await;
    assert_eq!(code(alone), "NO_TEAM");
    app.hacker("dee").await;
    let stranger = app.adds_task((&slug, "dee"), &task("Draw", "")).await;
    assert_eq!(code(stranger), "NOT_A_PARTICIPANT");
    for _ in 1..200 {
        let added = app.adds_task((&slug, "ada"), &task("Draw", "")).await;
        added.expect("added");
    }
    let full = app.adds_task((&slug, "bo"), &task("Draw", "")).await;
    assert_eq!(code(full), "TOO_MANY_TASKS");
    app.abandon().await;
}

#[tokio::test]
async fn only_members_and_organizers_learn_of_a_board() {
    let app = TestApp::start().await;
    let slug = app.boarded().await;
    app.adds_task((&slug, "ada"), &task("Draw the berths", "bo")).await.expect("added");
    let page = format!("/hackathons/{slug}/teams/gannet/board");
    let api = format!("/api/v1/hackathons/{slug}/teams/gannet/tasks");
    app.hacker("mo").await;
    app.hacker("dee").await;
    hackathons::actions::add_staff(
        app.context(),
        Operator,
        &slug,
        "mo",
        hackathons::model::StaffRole::Mentor,
    )
    .await
    .expect("a mentor");
    for (login, status) in
        [("organizer", 200), ("ada", 200), ("cy", 404), ("mo", 404), ("dee", 404)]
    {
        let browser = app.browser_of(login).await;
        for path in [&page, &api] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, status, "{login} at {path}: {}", answer.text);
            assert_eq!(answer.text.contains("Draw the berths"), status == 200);
        }
        let unknown = browser.get(&page.replace("gannet", "unknown")).await;
        assert_eq!(unknown.status, 404, "{login}");
    }
    let organizer = app.browser_of("organizer").await;
    let shown = organizer.get(&page).await.text;
    assert!(!shown.contains("/move\"") && !shown.contains("Add a task"), "{shown}");
    let teams = organizer.get(&format!("/hackathons/{slug}/teams")).await;
    assert!(teams.text.contains(&page), "{}", teams.text);
    let own = organizer.get(&format!("/hackathons/{slug}/board")).await;
    assert!(own.text.contains("You have no team"), "{}", own.text);
    app.abandon().await;
}

#[tokio::test]
async fn the_page_works_without_script() {
    let app = TestApp::start().await;
    let slug = app.boarded().await;
    let (ada, board) = (app.browser_of("ada").await, format!("/hackathons/{slug}/board"));
    assert!(ada.get(&board).await.text.contains("No tasks yet"));
    let refused = ada.post(&board, &[("title", ""), ("due_on", "2026-11-20")]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("value=\"2026-11-20\""), "{}", refused.text);
    let form = [("title", "Draw <b>"), ("assignee", "bo"), ("due_on", "2026-11-20")];
    assert_eq!(ada.post(&board, &form).await.status, 303);
    let shown = ada.get(&board).await.text;
    assert!(shown.contains("Draw &#60;b&#62;"), "{shown}");
    let tasks = ada.json(&own(&slug)).await;
    let id = tasks["items"][0]["id"].as_str().expect("an ID").to_owned();
    let at_task = format!("{board}/{id}");
    assert_eq!(ada.post(&format!("{at_task}/move"), &[("state", "done")]).await.status, 303);
    assert_eq!(ada.get(&at_task).await.status, 200);
    let edited = [("title", "Paint"), ("assignee", ""), ("state", "doing")];
    assert_eq!(ada.post(&at_task, &edited).await.status, 303);
    let edited = [("title", ""), ("assignee", "")];
    assert_eq!(ada.post(&at_task, &edited).await.status, 422);
    let task = app.task(id.parse::<uuid::Uuid>().expect("an ID").into()).await;
    let task = task.expect("a task");
    assert_eq!((task.title.as_str(), task.state), ("Paint", TaskState::Doing));
    assert_eq!((task.assignee, task.due_on), (None, None));
    let asked = ada.get(&format!("{at_task}/remove")).await;
    assert!(asked.text.contains("Remove Paint?"), "{}", asked.text);
    assert_eq!(ada.post(&format!("{at_task}/remove"), &[]).await.status, 303);
    assert_eq!(ada.get(&at_task).await.status, 404);
    for _ in 0..16 {
        app.adds_task((&slug, "bo"), &super::boards::task("Draw", "")).await.expect("added");
    }
    let shown = ada.get(&board).await.text;
    assert!(shown.contains("All 16 tasks of this list"), "{shown}");
    let all = ada.get(&format!("{board}?list=open")).await.text;
    assert_eq!(all.matches("/move\"").count(), 16, "{all}");
    app.abandon().await;
}

#[tokio::test]
async fn tasks_outlive_their_people_and_end_with_retention() {
    let app = TestApp::start().await;
    let slug = app.boarded().await;
    let context = app.context();
    let first = app.adds_task((&slug, "bo"), &task("Words of bo", "bo")).await;
    let first = first.expect("added").key();
    let second = app.adds_task((&slug, "ada"), &task("Words of ada", "bo")).await;
    let second = second.expect("added").key();
    let ada = app.hacker_id("ada").await;
    remove_member(context, ada, &slug, "bo").await.expect("removed");
    for id in [first, second] {
        assert_eq!(app.task(id).await.expect("a task").assignee, None);
    }
    let tx = context.begin().await.expect("a transaction");
    hackathons::actions::erase(&tx, context, app.hacker_id("bo").await).await.expect("erased");
    tx.commit().await.expect("committed");
    assert_eq!(app.task(first).await.expect("a task").title, "Former task");
    assert_eq!(app.task(second).await.expect("a task").title, "Words of ada");
    app.moves_task((&slug, "ada"), second, "done").await.expect("moved");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    publish_results(context, Operator, &slug, "No project won.").await.expect("results");
    archive(context, Operator, &slug).await.expect("archived");
    for refused in [
        app.moves_task((&slug, "ada"), second, "open").await,
        app.adds_task((&slug, "ada"), &task("Draw", "")).await,
        remove_task(context, ada, &slug, second).await,
    ] {
        assert_eq!(code(refused), "HACKATHON_PHASE");
    }
    let page = app.browser_of("ada").await;
    let page = page.get(&format!("/hackathons/{slug}/board")).await.text;
    assert!(page.contains("can no longer be changed") && !page.contains("Add a task"), "{page}");
    app.clock.advance(chrono::TimeDelta::days(181));
    assert_eq!(remove_old_words(context).await.expect("removed"), 1);
    assert_eq!(app.count("SELECT count(*) FROM team_tasks").await, 0);
    assert_eq!(remove_old_words(context).await.expect("removed"), 0);
    app.abandon().await;
}
