//! Exports of boards to a simulated Trello, and connections with every service.

use chrono::TimeDelta;
use hackathons::{
    actions::{
        change_task, connect_board, disconnect_board, export_board, leave_team, remove_old_words,
        remove_task,
    },
    model::BoardService::{self, Notion, Trello},
    rules::{board_exports::ConnectionInput, tasks::TaskInput},
};
use platform::{ActionError, audit::Actor::Operator};
use serde_json::{Value, json};
use testkit::fake_board::{Fake, Service};

use super::{
    board_connections::{Scene, input},
    scene::code,
};
use crate::app::at;

/// A move to the list of finished tasks, with a date.
pub(super) fn finished() -> TaskInput {
    TaskInput {
        state: Some("done".to_owned()),
        due_on: Some("2026-11-20".to_owned()),
        ..TaskInput::default()
    }
}

#[tokio::test]
async fn tasks_become_cards_and_a_repeated_export_changes_nothing() {
    let scene = Scene::connected(&[Trello]).await;
    let (app, trello, slug) = (&scene.app, &scene.trello, &scene.slug);
    assert_eq!(scene.exports(Trello).await, "2 cards added, 0 changed, 0 archived.");
    let lists: Vec<_> = trello.lists().into_iter().map(|list| list.name).collect();
    assert_eq!(lists, ["Open", "Doing", "Done"]);
    let cards = trello.cards();
    assert_eq!(cards[0].name, "Draw the berths");
    let desc = &cards[0].desc;
    assert!(desc.starts_with("Assignee: bo\n"), "{desc}");
    let link = format!("/hackathons/{slug}/board/");
    assert!(desc.contains(&link), "{desc}");
    assert_eq!(scene.exports(Trello).await, "0 cards added, 0 changed, 0 archived.");
    // A move, a new date and an edit on Trello are changes of the card.
    let (ada, first) = (app.hacker_id("ada").await, scene.first_task().await);
    change_task(app.context(), ada, slug, first.key(), &finished()).await.expect("moved");
    trello.edit(|card| {
        if card.name == "Paint" {
            card.desc.clear();
        }
    });
    assert_eq!(scene.exports(Trello).await, "0 cards added, 2 changed, 0 archived.");
    let cards = trello.cards();
    assert_eq!(cards[0].list, trello.lists()[2].id);
    assert_eq!(cards[0].due.as_deref(), Some("2026-11-20T12:00:00.000Z"));
    // A removed task is archived once.
    remove_task(app.context(), ada, slug, first.key()).await.expect("removed");
    assert_eq!(scene.exports(Trello).await, "0 cards added, 0 changed, 1 archived.");
    assert!(trello.cards()[0].closed);
    assert_eq!(scene.exports(Trello).await, "0 cards added, 0 changed, 0 archived.");
    assert_eq!(trello.cards().len(), 2);
    scene.app.abandon().await;
}

/// Lets the server be killed after the service created a card and before it is recorded: the card is found by its link. `count` returns the
/// number of cards at the service.
async fn is_created_once<S: Service>(
    scene: &Scene,
    (service, fake): (BoardService, &Fake<S>),
    count: impl Fn() -> usize,
) {
    let (app, recorded) = (&scene.app, "SELECT count(*) FROM board_cards");
    fake.switch(|switches| switches.lost = 1);
    scene.exports(service).await;
    let failed = scene.export(service).await;
    assert!(failed.last_error.is_some(), "{failed:?}");
    assert_eq!((count(), app.count(recorded).await), (1, 0));
    app.clock.advance(TimeDelta::minutes(1));
    app.work().await;
    assert_eq!(count(), 2);
    // Nothing is recorded after a new connection, with parts of one card.
    fake.switch(|switches| switches.largest_page = 1);
    scene.connects(service, &input(service)).await;
    let result = scene.exports(service).await;
    assert!(result.ends_with(" 0 changed, 0 archived."), "{result}");
    assert_eq!((count(), app.count(recorded).await), (2, 2));
}

#[tokio::test]
async fn no_card_is_created_twice() {
    let scene = Scene::connected(&[Trello]).await;
    let fake = &scene.trello;
    is_created_once(&scene, (Trello, fake), || fake.cards().len()).await;
    scene.app.abandon().await;
}

#[tokio::test]
async fn no_page_is_created_twice() {
    let scene = Scene::connected(&[Notion]).await;
    let fake = &scene.notion;
    is_created_once(&scene, (Notion, fake), || fake.pages().len()).await;
    scene.app.abandon().await;
}

async fn are_waited_for<S: Service>(scene: &Scene, service: BoardService, fake: &Fake<S>) {
    let app = &scene.app;
    fake.switch(|switches| {
        switches.limited = 1;
        switches.retry_after = 30;
    });
    scene.exports(service).await;
    let error = scene.export(service).await.last_error.expect("a reason");
    assert!(error.contains("continues in 30 s"), "{error}");
    let calls = fake.calls();
    app.clock.advance(TimeDelta::seconds(29));
    app.work().await;
    assert_eq!(fake.calls(), calls, "not before the time");
    // Waiting for the service uses up no attempts, however often it is needed.
    for _ in 0..10 {
        fake.switch(|switches| switches.limited = 1);
        app.clock.advance(TimeDelta::seconds(31));
        app.work().await;
        let error = scene.export(service).await.last_error.expect("a reason");
        assert!(error.contains("continues in 30 s"), "{error}");
    }
    app.clock.advance(TimeDelta::seconds(31));
    fake.switch(|switches| switches.errors = 1);
    app.work().await;
    let error = scene.export(service).await.last_error.expect("a reason");
    assert!(error.contains("does not respond"), "{error}");
    app.clock.advance(TimeDelta::minutes(1));
    app.work().await;
    let ended = scene.export(service).await;
    let result = ended.outcome.expect("a result");
    assert!(result.starts_with("2 "), "{result}");
    assert_eq!((ended.last_error, ended.due_at), (None, None));
}

#[tokio::test]
async fn limits_and_outages_are_waited_for() {
    let scene = Scene::connected(&[Trello, Notion]).await;
    are_waited_for(&scene, Trello, &scene.trello).await;
    are_waited_for(&scene, Notion, &scene.notion).await;
    scene.app.abandon().await;
}

#[tokio::test]
async fn reasons_that_only_the_team_can_change_are_shown() {
    let scene = Scene::connected(&[Trello]).await;
    let trello = &scene.trello;
    trello.switch(|switches| switches.rejected = true);
    let result = scene.exports(Trello).await;
    assert!(result.contains("Connect again"), "{result}");
    let bo = scene.app.browser_of("bo").await;
    let address = format!("/hackathons/{}/board/export", scene.slug);
    let page = bo.get(&address).await.text;
    assert!(page.contains("Connect again") && !page.contains("Export now"), "{page}");
    trello.switch(|switches| {
        switches.rejected = false;
        switches.read_only = true;
    });
    let result = scene.exports(Trello).await;
    assert!(result.contains("rejected the key or the token"), "{result}");
    trello.switch(|switches| switches.read_only = false);
    for (wrong, reason) in [
        (
            ConnectionInput { board: "anotherboard".to_owned(), ..input(Trello) },
            "knows no such board",
        ),
        (ConnectionInput { token: "wrong".to_owned(), ..input(Trello) }, "rejected"),
    ] {
        scene.connects(Trello, &wrong).await;
        let result = scene.exports(Trello).await;
        assert!(result.contains(reason), "{result}");
    }
    assert_eq!(trello.cards(), []);
    scene.app.abandon().await;
}

fn body(service: BoardService) -> Value {
    let ConnectionInput { key, token, board } = input(service);
    match service {
        Trello => json!({ "key": key, "token": token, "board": board }),
        Notion => json!({ "token": token, "board": board }),
    }
}

/// Returns the form of a service on the page. Its fields have names of their own.
fn form(service: BoardService, board: &str) -> Vec<(&'static str, String)> {
    let ConnectionInput { key, token, .. } = input(service);
    let board = board.to_owned();
    match service {
        Trello => vec![("trello_key", key), ("trello_token", token), ("trello_board", board)],
        Notion => vec![("notion_token", token), ("notion_board", board)],
    }
}

#[tokio::test]
async fn leaders_connect_and_credentials_are_never_shown() {
    let scene = Scene::connected(&[Trello, Notion]).await;
    let app = &scene.app;
    let all = format!("/api/v1/me/hackathons/{}/team/exports", scene.slug);
    let page = format!("/hackathons/{}/board/export", scene.slug);
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let sealed = "SELECT count(*) FROM board_exports WHERE credentials_secret IS NOT NULL";
    assert_eq!(app.count(sealed).await, 2);
    for service in [Trello, Notion] {
        let name = service.as_str();
        let (api, own_page) = (format!("{all}/{name}"), format!("{page}/{name}"));
        let ConnectionInput { key, token, board } = input(service);
        let body = body(service);
        for (method, body) in [("PUT", Some(&body)), ("POST", None), ("DELETE", None)] {
            let refused = bo.call(method, &api, body).await;
            assert_eq!(refused.status, 403, "{method}: {}", refused.text);
            assert!(refused.text.contains("TEAM_LEADER_REQUIRED"));
        }
        assert_eq!(bo.json(&api).await["board"], *board);
        for (field, wrong) in [("token", "a b"), ("token", ""), ("board", "../members")] {
            let mut body = body.clone();
            body[field] = wrong.into();
            let refused = ada.call("PUT", &api, Some(&body)).await;
            assert_eq!(refused.status, 422, "{body}: {}", refused.text);
        }
        let wrong = form(service, "x");
        let wrong: Vec<_> = wrong.iter().map(|(name, it)| (*name, &**it)).collect();
        let refused = ada.post(&own_page, &wrong).await;
        assert_eq!(refused.status, 422);
        // The error is in the form of the service, and no other field is marked.
        let error = format!("id=\"{name}_board-e\"");
        assert!(refused.text.contains(&error), "{}", refused.text);
        assert_eq!(refused.text.matches("aria-invalid").count(), 1);
        assert_eq!(refused.text.matches("role=\"alert\"").count(), 1);
        let texts = [
            refused.text,
            ada.get(&page).await.text,
            ada.get(&api).await.text,
            ada.get(&all).await.text,
        ];
        for text in texts {
            assert!(!text.contains(&token), "{text}");
            assert!(key.is_empty() || !text.contains(&key), "{text}");
        }
        assert_eq!(ada.call("DELETE", &api, None).await.status, 204);
        assert_eq!(ada.json(&api).await["is_connected"], false);
        let refused = ada.call("POST", &api, None).await;
        assert!(refused.text.contains("BOARD_NOT_CONNECTED"), "{}", refused.text);
        assert_eq!(ada.call("PUT", &api, Some(&body)).await.status, 200);
        let right = form(service, &board);
        let right: Vec<_> = right.iter().map(|(name, it)| (*name, &**it)).collect();
        assert_eq!(ada.post(&own_page, &right).await.status, 303);
        assert_eq!(ada.post(&format!("{own_page}/run"), &[]).await.status, 303);
        app.work().await;
        let shown = ada.get(&page).await.text;
        assert!(shown.contains(" added, 0 changed"), "{shown}");
        let end = format!("{own_page}/disconnect");
        assert_eq!(ada.post(&end, &[]).await.status, 303);
        let items = ada.json(&all).await["items"].clone();
        let is_connected = items.as_array().into_iter().flatten();
        let is_connected: Vec<_> = is_connected.map(|it| &it["is_connected"]).collect();
        assert_eq!(is_connected, [false, service == Trello]);
    }
    assert_eq!(app.count("SELECT count(*) FROM board_exports").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM board_cards").await, 0);
    let unknown = ada.get(&format!("{all}/jira")).await;
    assert_eq!(unknown.status, 404, "{}", unknown.text);
    let key = json!({ "key": "key", "token": "ntn_a", "board": input(Notion).board });
    let refused = ada.call("PUT", &format!("{all}/notion"), Some(&key)).await;
    assert!(refused.text.contains("Leave out the key"), "{}", refused.text);
    let cy = app.browser_of("cy").await;
    let other = cy.json(&format!("{all}/trello")).await;
    assert_eq!(other["is_connected"], false, "another team");
    scene.app.abandon().await;
}

#[tokio::test]
async fn credentials_end_with_the_person_and_with_retention() {
    let scene = Scene::connected(&[Trello, Notion]).await;
    let (app, slug) = (&scene.app, &scene.slug);
    let context = app.context();
    let count = "SELECT count(*) FROM board_exports";
    let ada = app.hacker_id("ada").await;
    scene.exports(Trello).await;
    scene.exports(Notion).await;
    assert_eq!(app.count(count).await, 2);
    leave_team(context, ada, slug).await.expect("left");
    assert_eq!(app.count(count).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM board_cards").await, 0);
    let connects = async |person| {
        for service in [Trello, Notion] {
            connect_board(context, person, slug, service, &input(service)).await?;
        }
        Ok::<(), ActionError>(())
    };
    let bo = app.hacker_id("bo").await;
    connects(bo).await.expect("connected");
    let tx = context.begin().await.expect("a transaction");
    hackathons::actions::erase(&tx, context, bo).await.expect("erased");
    tx.commit().await.expect("committed");
    assert_eq!(app.count(count).await, 0);
    let cy = app.hacker_id("cy").await;
    connects(cy).await.expect("connected");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    super::scene::publish_results(context, Operator, slug, "No project won.")
        .await
        .expect("results");
    let refused: [Result<(), ActionError>; 2] =
        [connects(cy).await, export_board(context, cy, slug, Notion).await.map(drop)];
    for refused in refused {
        assert_eq!(code(refused), "HACKATHON_PHASE");
    }
    // Credentials can always be deleted, and are at the latest when the answers of people are.
    disconnect_board(context, cy, slug, Notion).await.expect("disconnected");
    let stored = app.count(count).await;
    app.clock.advance(TimeDelta::days(181));
    assert_eq!(remove_old_words(context).await.expect("removed"), 1);
    assert_eq!((stored, app.count(count).await), (1, 0));
    disconnect_board(context, cy, slug, Trello).await.expect("disconnected");
    scene.app.abandon().await;
}
