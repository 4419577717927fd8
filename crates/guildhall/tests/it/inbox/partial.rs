//! Payloads that leave things out, and the account `ghost`.

use identity::model::{AccountKind, GithubAccount};
use serde_json::{Value, json};
use testkit::payloads::Account;

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, delivery, person, repo},
};

const KNOWN: &str = "SELECT kind || ' ' || coalesce(avatar_url, 'none') AS value FROM users WHERE login = 'keel-machine'";

/// Delivers a pull request whose author has only these fields.
async fn deliver(app: &TestApp, number: i64, author: Value) {
    let scenario = Scenario::opened(
        &repo(1, "lantern"),
        number,
        &person("keel-machine"),
        "2026-10-02T08:00:00Z",
    );
    let mut body: Value = serde_json::from_slice(scenario.deliveries[0].bytes()).expect("JSON");
    body["pull_request"]["user"] = author;
    app.deliver(&[delivery("pull_request", &body.to_string())]).await;
    app.work().await;
}

#[tokio::test]
async fn a_partial_payload_removes_neither_avatar_nor_kind() {
    let app = TestApp::of_lantern().await;
    let partial = json!({ "id": 77, "login": "keel-machine" });
    let full = json!({
        "id": 77, "login": "keel-machine", "type": "Bot", "avatar_url": "https://avatars.example/77"
    });
    deliver(&app, 1, partial.clone()).await;
    assert_eq!(app.values(KNOWN).await, ["unknown none"]);
    let shown = app.json("/api/v1/people/keel-machine").await;
    assert_eq!(shown["kind"], "user", "an unknown account counts as a person");
    deliver(&app, 2, full).await;
    let known = ["bot https://avatars.example/77"];
    assert_eq!(app.values(KNOWN).await, known);
    deliver(&app, 3, partial).await;
    assert_eq!(app.values(KNOWN).await, known);
    // GitHub's own answer may be partial too.
    let account = GithubAccount::new(
        77,
        "keel-machine".to_owned(),
        AccountKind::Unknown,
        app.context().now(),
    );
    app.know([account]).await;
    assert_eq!(app.values(KNOWN).await, known);
    app.finish().await;
}

#[tokio::test]
async fn a_partial_payload_does_not_make_a_bot_a_person() {
    let app = TestApp::of_lantern().await;
    let bot = json!({ "id": 77, "login": "keel-machine", "type": "Bot" });
    deliver(&app, 1, bot).await;
    deliver(&app, 1, json!({ "id": 77, "login": "keel-machine" })).await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn the_ghost_gathers_no_points() {
    let app = TestApp::of_lantern().await;
    let ghost = Account::user(10_137, "ghost");
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &ghost, "2026-10-02T08:00:00Z")
        .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    assert_eq!(app.count("SELECT count(*) FROM users WHERE login = 'ghost'").await, 0);
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
    assert_eq!(shown["author"], Value::Null);
    app.finish().await;
}

#[tokio::test]
async fn points_of_a_pull_request_without_an_author_are_reversed() {
    let app = TestApp::of_lantern().await;
    let scenario = Scenario::opened(
        &repo(1, "lantern"),
        1,
        &Account::user(10_137, "ghost"),
        "2026-10-02T08:00:00Z",
    );
    let other =
        Scenario::opened(&repo(1, "lantern"), 2, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver_all(&[&scenario, &other]).await;
    // An older release gave points to the account `ghost`.
    let planted = "INSERT INTO point_transactions (id, user_id, identity_id, source_kind, source_id, reason, \
         generation, kind, points, occurred_at, boards, explanation, created_at) \
         SELECT q.id, p.user_id, p.identity_id, p.source_kind, q.id, p.reason, 1, p.kind, p.points, \
         p.occurred_at, p.boards, p.explanation, p.created_at \
         FROM point_transactions p, pull_requests q WHERE q.number = 1";
    app.change(planted).await.expect("planted");
    let scored = "UPDATE contributions SET score = 10, opening_points = 10, opening_explanation = '{}' \
         WHERE author_id IS NULL";
    app.change(scored).await.expect("planted");
    assert_eq!(app.net_ledger().await.len(), 2);
    let mode = recognition::model::SettlementMode::Post;
    recognition::actions::rebuild(app.context(), guildhall::PROGRAMMES, mode, |_| {})
        .await
        .expect("rebuilt");
    assert_eq!(app.net_ledger().await, ["#2  pr_opened +10 2026-10"]);
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], 10);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_delivery_cannot_state_when_an_account_was_created() {
    let app = TestApp::of_lantern().await;
    let stated = json!({
        "id": 77, "login": "keel-machine", "type": "User", "created_at": "2026-10-01T08:00:00Z"
    });
    deliver(&app, 1, stated.clone()).await;
    assert_eq!(app.created("keel-machine").await, None);
    let (kind, now) = (AccountKind::User, app.context().now());
    let created_at = Some(at("2019-03-01T10:00:00Z"));
    let account = GithubAccount {
        created_at,
        ..GithubAccount::new(77, "keel-machine".to_owned(), kind, now)
    };
    app.know([account]).await;
    deliver(&app, 2, stated).await;
    assert_eq!(app.created("keel-machine").await, created_at);
    app.finish().await;
}
