//! Exports of boards to a simulated Trello.

use chrono::TimeDelta;
use hackathons::{
    actions::{
        change_task, connect_board, disconnect_board, export_board, leave_team, remove_old_words,
        remove_task,
    },
    reads::{self, ExportView},
    rules::{tasks::TaskInput, trello::ConnectionInput},
};
use platform::{ActionError, audit::Actor::Operator};
use serde_json::json;
use testkit::fake_trello::{BOARD, FakeTrello, KEY, TOKEN};

use super::{boards::task, scene::code};
use crate::app::{TestApp, at};

fn connection(token: &str, board: &str) -> ConnectionInput {
    ConnectionInput {
        key: KEY.to_owned(),
        token: token.to_owned(),
        board: board.to_owned(),
    }
}

/// Starts a server and a simulated Trello, with a team whose leader `ada` connected its board, which has two tasks. Returns the hackathon.
async fn connected() -> (TestApp, FakeTrello, String) {
    let trello = FakeTrello::start().await.expect("a free port");
    let url = trello.url().to_owned();
    let app = TestApp::with(|config| config.trello_api_url = url).await;
    let slug = app.boarded().await;
    for (title, assignee) in [("Draw the berths", "bo"), ("Paint", "")] {
        app.adds_task((&slug, "ada"), &task(title, assignee))
            .await
            .expect("added");
    }
    app.connects(&slug, &connection(TOKEN, BOARD)).await;
    (app, trello, slug)
}

impl TestApp {
    async fn connects(&self, slug: &str, input: &ConnectionInput) -> ExportView {
        let ada = self.hacker_id("ada").await;
        let connected = connect_board(self.context(), ada, slug, input).await;
        connected.expect("connected")
    }

    /// Requests an export and works on it.
    async fn exports(&self, slug: &str) -> ExportView {
        let ada = self.hacker_id("ada").await;
        export_board(self.context(), ada, slug)
            .await
            .expect("requested");
        self.work().await;
        self.export_of(slug).await.expect("connected")
    }

    async fn export_of(&self, slug: &str) -> Option<ExportView> {
        let id = self.hackathon_view(slug).await.key();
        let db = &self.context().db;
        let team = reads::team_with_slug(db, id, "gannet").await;
        let team = team.expect("read").expect("a team");
        reads::board_export(db, team.key()).await.expect("read")
    }

    async fn first_task(&self, slug: &str) -> reads::TaskView {
        let id = self.hackathon_view(slug).await.key();
        let db = &self.context().db;
        let team = reads::team_with_slug(db, id, "gannet").await;
        let team = team.expect("read").expect("a team");
        reads::tasks(db, team.key()).await.expect("read").remove(0)
    }
}

fn result(export: &ExportView) -> &str {
    export.outcome.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn tasks_become_cards_and_a_repeated_export_changes_nothing() {
    let (app, trello, slug) = connected().await;
    assert_eq!(
        result(&app.exports(&slug).await),
        "2 cards added, 0 changed, 0 archived."
    );
    let lists: Vec<_> = trello.lists().into_iter().map(|list| list.name).collect();
    assert_eq!(lists, ["Open", "Doing", "Done"]);
    let cards = trello.cards();
    assert_eq!(cards[0].name, "Draw the berths");
    assert!(
        cards[0].desc.starts_with("Assignee: bo\n"),
        "{}",
        cards[0].desc
    );
    let link = format!("/hackathons/{slug}/board/");
    assert!(cards[0].desc.contains(&link), "{}", cards[0].desc);
    assert_eq!(
        result(&app.exports(&slug).await),
        "0 cards added, 0 changed, 0 archived."
    );
    // A move, a new date and an edit at Trello are changes of the card.
    let (ada, first) = (app.hacker_id("ada").await, app.first_task(&slug).await);
    let moved = TaskInput {
        state: Some("done".to_owned()),
        due_on: Some("2026-11-20".to_owned()),
        ..TaskInput::default()
    };
    change_task(app.context(), ada, (&slug, first.key()), &moved)
        .await
        .expect("moved");
    trello.edit(|card| {
        if card.name == "Paint" {
            card.desc.clear();
        }
    });
    assert_eq!(
        result(&app.exports(&slug).await),
        "0 cards added, 2 changed, 0 archived."
    );
    let cards = trello.cards();
    assert_eq!(cards[0].list, trello.lists()[2].id);
    assert_eq!(cards[0].due.as_deref(), Some("2026-11-20T12:00:00.000Z"));
    // A removed task is archived once.
    remove_task(app.context(), ada, (&slug, first.key()))
        .await
        .expect("removed");
    assert_eq!(
        result(&app.exports(&slug).await),
        "0 cards added, 0 changed, 1 archived."
    );
    assert!(trello.cards()[0].closed);
    assert_eq!(
        result(&app.exports(&slug).await),
        "0 cards added, 0 changed, 0 archived."
    );
    assert_eq!(trello.cards().len(), 2);
    app.abandon().await;
}

/// The server is killed after Trello created a card and before it is recorded: the card is found by its link.
#[tokio::test]
async fn no_card_is_created_twice() {
    let (app, trello, slug) = connected().await;
    trello.switch(|switches| switches.lost = 1);
    let failed = app.exports(&slug).await;
    assert!(failed.last_error.is_some(), "{failed:?}");
    assert_eq!(trello.cards().len(), 1);
    assert_eq!(app.count("SELECT count(*) FROM board_cards").await, 0);
    app.clock.advance(TimeDelta::minutes(1));
    app.work().await;
    assert_eq!(trello.cards().len(), 2);
    // Nothing is recorded after a new connection, with pages of one card.
    trello.switch(|switches| switches.largest_page = 1);
    app.connects(&slug, &connection(TOKEN, BOARD)).await;
    assert_eq!(
        result(&app.exports(&slug).await),
        "0 cards added, 0 changed, 0 archived."
    );
    assert_eq!(trello.cards().len(), 2);
    assert_eq!(app.count("SELECT count(*) FROM board_cards").await, 2);
    app.abandon().await;
}

#[tokio::test]
async fn limits_and_outages_are_waited_for() {
    let (app, trello, slug) = connected().await;
    trello.switch(|switches| {
        switches.limited = 1;
        switches.retry_after = 30;
    });
    let waiting = app.exports(&slug).await;
    let error = waiting.last_error.expect("a reason");
    assert!(error.contains("continues in 30 s"), "{error}");
    let calls = trello.calls();
    app.clock.advance(TimeDelta::seconds(29));
    app.work().await;
    assert_eq!(trello.calls(), calls, "not before the time");
    app.clock.advance(TimeDelta::seconds(2));
    trello.switch(|switches| switches.errors = 1);
    app.work().await;
    let failed = app.export_of(&slug).await.expect("connected");
    assert!(
        failed
            .last_error
            .is_some_and(|it| it.contains("does not respond"))
    );
    app.clock.advance(TimeDelta::minutes(1));
    app.work().await;
    let ended = app.export_of(&slug).await.expect("connected");
    assert_eq!(result(&ended), "2 cards added, 0 changed, 0 archived.");
    assert_eq!((ended.last_error, ended.due_at), (None, None));
    app.abandon().await;
}

#[tokio::test]
async fn what_only_the_team_can_change_is_shown() {
    let (app, trello, slug) = connected().await;
    trello.switch(|switches| switches.rejected = true);
    assert!(result(&app.exports(&slug).await).contains("Connect again"));
    let bo = app.browser_of("bo").await;
    let address = format!("/hackathons/{slug}/board/export");
    let page = bo.get(&address).await.text;
    assert!(
        page.contains("Connect again") && !page.contains("Export now"),
        "{page}"
    );
    trello.switch(|switches| {
        switches.rejected = false;
        switches.read_only = true;
    });
    assert!(result(&app.exports(&slug).await).contains("rejected the key or the token"));
    trello.switch(|switches| switches.read_only = false);
    app.connects(&slug, &connection(TOKEN, "anotherboard"))
        .await;
    assert!(result(&app.exports(&slug).await).contains("knows no such board"));
    app.connects(&slug, &connection("wrong", BOARD)).await;
    assert!(result(&app.exports(&slug).await).contains("rejected"));
    assert_eq!(trello.cards(), []);
    app.abandon().await;
}

#[tokio::test]
async fn leaders_connect_and_credentials_are_never_shown() {
    let (app, _trello, slug) = connected().await;
    let api = format!("/api/v1/me/hackathons/{slug}/team/export");
    let page = format!("/hackathons/{slug}/board/export");
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let body = json!({ "key": KEY, "token": TOKEN, "board": BOARD });
    for (method, body) in [("PUT", Some(&body)), ("POST", None), ("DELETE", None)] {
        let refused = bo.call(method, &api, body).await;
        assert_eq!(refused.status, 403, "{method}: {}", refused.text);
        assert!(refused.text.contains("TEAM_LEADER_REQUIRED"));
    }
    assert_eq!(bo.json(&api).await["board"], BOARD);
    for wrong in [
        json!({ "key": "", "token": TOKEN, "board": BOARD }),
        json!({ "key": KEY, "token": "a b", "board": BOARD }),
        json!({ "key": KEY, "token": TOKEN, "board": "../members" }),
    ] {
        let refused = ada.call("PUT", &api, Some(&wrong)).await;
        assert_eq!(refused.status, 422, "{wrong}: {}", refused.text);
    }
    let refused = ada
        .post(&page, &[("key", KEY), ("token", TOKEN), ("board", "x")])
        .await;
    assert_eq!(refused.status, 422);
    let sealed = "SELECT count(*) FROM board_exports WHERE credentials_secret IS NOT NULL";
    assert_eq!(app.count(sealed).await, 1);
    let texts = [
        refused.text,
        ada.get(&page).await.text,
        ada.get(&api).await.text,
    ];
    for text in texts {
        assert!(!text.contains(TOKEN) && !text.contains(KEY), "{text}");
    }
    assert_eq!(ada.call("DELETE", &api, None).await.status, 204);
    assert_eq!(ada.json(&api).await["is_connected"], false);
    let refused = ada.call("POST", &api, None).await;
    assert!(
        refused.text.contains("BOARD_NOT_CONNECTED"),
        "{}",
        refused.text
    );
    let form = [("key", KEY), ("token", TOKEN), ("board", BOARD)];
    assert_eq!(ada.post(&page, &form).await.status, 303);
    assert_eq!(ada.post(&format!("{page}/run"), &[]).await.status, 303);
    app.work().await;
    assert!(ada.get(&page).await.text.contains("2 cards added"));
    assert_eq!(
        ada.post(&format!("{page}/disconnect"), &[]).await.status,
        303
    );
    assert_eq!(app.count("SELECT count(*) FROM board_exports").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM board_cards").await, 0);
    let cy = app.browser_of("cy").await;
    assert_eq!(cy.json(&api).await["is_connected"], false, "another team");
    app.abandon().await;
}

#[tokio::test]
async fn credentials_end_with_the_person_and_with_retention() {
    let (app, _trello, slug) = connected().await;
    let context = app.context();
    let count = "SELECT count(*) FROM board_exports";
    let ada = app.hacker_id("ada").await;
    app.exports(&slug).await;
    leave_team(context, ada, &slug).await.expect("left");
    assert_eq!(app.count(count).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM board_cards").await, 0);
    let bo = app.hacker_id("bo").await;
    let input = connection(TOKEN, BOARD);
    let connects = || connect_board(context, bo, &slug, &input);
    connects().await.expect("connected");
    let tx = context.begin().await.expect("a transaction");
    hackathons::actions::erase(&tx, context, bo)
        .await
        .expect("erased");
    tx.commit().await.expect("committed");
    assert_eq!(app.count(count).await, 0);
    let cy = app.hacker_id("cy").await;
    connect_board(context, cy, &slug, &input)
        .await
        .expect("connected");
    app.clock.set(at("2026-11-29T18:00:00Z"));
    hackathons::actions::publish_results(context, Operator, &slug, "No project won.")
        .await
        .expect("results");
    let refused: [Result<(), ActionError>; 2] = [
        connect_board(context, cy, &slug, &input).await.map(drop),
        export_board(context, cy, &slug).await.map(drop),
    ];
    for refused in refused {
        assert_eq!(code(refused), "HACKATHON_PHASE");
    }
    // Credentials can always be deleted, and are at the latest when the answers of people are.
    let stored = app.count(count).await;
    app.clock.advance(TimeDelta::days(181));
    assert_eq!(remove_old_words(context).await.expect("removed"), 1);
    assert_eq!((stored, app.count(count).await), (1, 0));
    disconnect_board(context, cy, &slug)
        .await
        .expect("disconnected");
    app.abandon().await;
}
