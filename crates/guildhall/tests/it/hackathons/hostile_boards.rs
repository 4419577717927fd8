//! Boards at services that answer without end or at length: that is the result of the team, and no failure of the
//! server.

use axum::{Json, Router, routing::get};
use hackathons::model::BoardService::Trello;
use serde_json::json;
use testkit::{fake_notion::FakeNotion, fake_trello::FakeTrello};
use tokio::net::TcpListener;

use super::{
    board_connections::{Scene, input},
    boards::task,
};
use crate::app::TestApp;

/// Connects the board of a team with a service that answers each request for cards with the same text. Returns the
/// result of an export.
async fn exported(cards: String) -> String {
    let lists = json!([
        { "id": "a1", "name": "Open" }, { "id": "a2", "name": "Doing" }, { "id": "a3", "name": "Done" }
    ]);
    let routes = Router::new()
        .route("/1/boards/{board}/lists", get(move || async move { Json(lists) }))
        .route("/1/boards/{board}/cards", get(move || async move { cards }));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let serving = tokio::spawn(async move { axum::serve(listener, routes).await });
    let app = TestApp::with(|config| config.trello_api_url = url).await;
    let slug = app.boarded().await;
    app.adds_task((&slug, "ada"), &task("Paint", "")).await.expect("added");
    let trello = FakeTrello::start().await.expect("a free port");
    let notion = FakeNotion::start().await.expect("a free port");
    let scene = Scene { app, trello, notion, slug };
    scene.connects(Trello, &input(Trello)).await;
    let result = scene.exports(Trello).await;
    let ended = scene.export(Trello).await;
    assert_eq!((ended.due_at, ended.last_error), (None, None), "the server does not fail");
    scene.app.abandon().await;
    serving.abort();
    result
}

#[tokio::test]
async fn the_same_page_again_and_again_ends_an_export() {
    let card = json!({ "id": "c1", "name": "Mole", "desc": "", "due": null, "closed": false, "idList": "a1" });
    let result = exported(json!([card]).to_string()).await;
    assert!(result.contains("Connect again with a board for your team"), "{result}");
}

#[tokio::test]
async fn a_page_that_is_too_large_ends_an_export() {
    let result = exported("a".repeat(17 << 20)).await;
    assert!(result.contains("larger than 16 MiB. Connect again"), "{result}");
}
