//! Deliveries that state more than their repository can know. Anyone who has the secret of a repository's webhook can
//! write them.

use identity::model::Role;
use serde_json::{Value, json};

use super::{
    call::Call,
    hooks::{OTHERS as HOSTILE, OWN as GENUINE, app},
};
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Returns the body of the delivery that opens a pull request, with some of its fields replaced.
fn opened(id: i64, name: &str, login: &str, replaced: &[(&str, Value)]) -> Vec<u8> {
    let scenario = Scenario::opened(&repo(id, name), 1, &person(login), "2026-10-02T08:00:00Z");
    let mut body: Value = serde_json::from_slice(scenario.deliveries[0].bytes()).expect("JSON");
    for (pointer, value) in replaced {
        *body.pointer_mut(pointer).expect("a field") = value.clone();
    }
    body.to_string().into_bytes()
}

async fn deliver(app: &TestApp, body: Vec<u8>, (hook, secret): (i64, &str)) {
    let call = Call::new("pull_request", body).of_hook(hook, secret);
    assert_eq!(call.answer(app).await.0, 202);
    app.work().await;
}

#[tokio::test]
async fn a_known_account_is_not_renamed_rekinded_or_redated() {
    let app = app().await;
    deliver(&app, opened(1, "lantern", "hexacat", &[]), GENUINE).await;
    let hostile = [
        ("/pull_request/user/login", json!("mallory[bot]")),
        ("/pull_request/user/type", json!("Bot")),
        ("/pull_request/user/avatar_url", json!("https://mallory.example/avatar")),
        ("/pull_request/updated_at", json!("2999-01-01T00:00:00Z")),
    ];
    let before = app.json("/api/v1/people/hexacat").await;
    deliver(&app, opened(2, "harbor", "hexacat", &hostile), HOSTILE).await;
    assert_eq!(app.json("/api/v1/people/hexacat").await, before);
    let later = "SELECT count(*) FROM users WHERE login_seen_at > (SELECT max(received_at) FROM webhook_deliveries)";
    assert_eq!(app.count(later).await, 0, "instants are not after their receipt");
    let renamed = "SELECT count(*) FROM user_logins WHERE login LIKE 'mallory%'";
    assert_eq!(app.count(renamed).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_login_of_a_person_who_signed_in_is_not_taken_over() {
    let app = app().await;
    let own = app.browser_of("wren-oak").await;
    let id = app.json("/api/v1/people/wren-oak").await["id"].clone();
    let fake = [
        ("/pull_request/user/id", json!(666)),
        ("/pull_request/updated_at", json!("2999-01-01T00:00:00Z")),
    ];
    deliver(&app, opened(2, "harbor", "wren-oak", &fake), HOSTILE).await;
    assert_eq!(app.json("/api/v1/people/wren-oak").await["id"], id);
    assert_ne!(app.json("/api/v1/people/666.github").await["id"], id);

    // So a login still names one account, whose rights change.
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let role = json!({ "role": "moderator" });
    let granted = admin.call("PUT", "/api/v1/admin/people/wren-oak/role", Some(&role)).await;
    assert_eq!(granted.status, 204, "{}", granted.text);
    assert_eq!(own.json("/api/v1/me").await["role"], "moderator");
    let moderators = "SELECT count(*) FROM users WHERE role = 'moderator'";
    assert_eq!(app.count(moderators).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_first_account_known_by_a_login_keeps_it_until_github_names_another() {
    let app = app().await;
    deliver(&app, opened(1, "lantern", "wren-oak", &[]), GENUINE).await;
    let genuine = app.json("/api/v1/people/wren-oak").await["id"].clone();
    let fake = [("/pull_request/user/id", json!(666))];
    deliver(&app, opened(2, "harbor", "Wren-Oak", &fake), HOSTILE).await;
    assert_eq!(app.json("/api/v1/people/wren-oak").await["id"], genuine);
    let other = app.json("/api/v1/people/666.github").await["id"].clone();
    assert_ne!(other, genuine);

    // A stranger names a login first; then its owner signs in.
    let fake = [("/pull_request/user/id", json!(667))];
    deliver(&app, opened(2, "harbor", "hexacat", &fake), HOSTILE).await;
    let stranger = app.json("/api/v1/people/hexacat").await["id"].clone();
    let own = app.browser_of("hexacat").await;
    assert_eq!(app.json("/api/v1/people/hexacat").await["id"], own.json("/api/v1/me").await["id"]);
    assert_eq!(app.json("/api/v1/people/667.github").await["id"], stranger);
    app.finish().await;
}

/// Logins of old accounts, managed users and apps, and logins that GitHub never allowed.
#[tokio::test]
async fn odd_logins_lose_no_fact() {
    let app = app().await;
    let long = "a".repeat(3 << 20);
    let odd = ["-wren", "wren-", "w--r", "wren_acme", "_", "renovate[bot]"];
    let refused = ["", "wren\noak", "/ban?x=", "boss.id", "<b>", &long];
    for (number, login) in (1..).zip(odd.into_iter().chain(refused)) {
        let account = json!({ "id": 1_000 + number, "login": login, "type": "User" });
        let named = [
            ("/number", json!(number)),
            ("/pull_request/number", json!(number)),
            ("/pull_request/id", json!(2_000 + number)),
            ("/pull_request/user", account.clone()),
            ("/pull_request/merged_by", account.clone()),
            ("/repository/owner", account.clone()),
            ("/sender", account),
        ];
        deliver(&app, opened(1, "lantern", "hexacat", &named), GENUINE).await;
        let pull = app.json(&format!("/api/v1/pull-requests/octo-org/lantern/{number}")).await;
        let placeholder = format!("{}.github", 1_000 + number);
        let expected = if odd.contains(&login) { login } else { &placeholder };
        assert_eq!(pull["author"], expected, "{login:.60}: {pull}");
    }
    app.finish().await;
}

#[tokio::test]
async fn names_of_repositories_that_github_does_not_allow_are_dead_letters() {
    let mut app = app().await;
    app.may_leave_work();
    let names = ["lantern", "octo-org/", "octo-org/../x", "octo-org/a b", "octo-org/a?b"];
    for name in names {
        let named = [("/repository/full_name", json!(name))];
        deliver(&app, opened(2, "harbor", "hexacat", &named), HOSTILE).await;
    }
    let errors = app
        .values("SELECT last_error AS value FROM webhook_deliveries WHERE dead_at IS NOT NULL")
        .await;
    let of = |field: &str| errors.iter().filter(|error| error.starts_with(field)).count();
    assert_eq!(of("repository.full_name: "), names.len(), "{errors:?}");
    assert!(errors.iter().all(|error| error.len() < 300), "{errors:?}");
    assert_eq!(app.count("SELECT count(*) FROM pull_requests").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_name_of_another_repository_does_not_take_its_pages() {
    let app = app().await;
    let title = [("/pull_request/title", json!("The genuine one"))];
    deliver(&app, opened(1, "lantern", "hexacat", &title), GENUINE).await;
    let hostile = [
        ("/pull_request/title", json!("The hostile one")),
        ("/pull_request/updated_at", json!("2999-01-01T00:00:00Z")),
        ("/repository/full_name", json!("octo-org/lantern")),
    ];
    deliver(&app, opened(2, "harbor", "mallory", &hostile), HOSTILE).await;
    let shown = app.json("/api/v1/pull-requests/octo-org/lantern/1").await;
    assert_eq!(shown["title"], "The genuine one");
    app.finish().await;
}

#[tokio::test]
async fn times_after_the_receipt_are_moved_to_it() {
    let app = app().await;
    let future = json!("2999-01-01T00:00:00Z");
    let merged = [
        ("/pull_request/created_at", future.clone()),
        ("/pull_request/updated_at", future.clone()),
        ("/pull_request/state", json!("closed")),
        ("/pull_request/closed_at", future.clone()),
        ("/pull_request/merged_at", future),
    ];
    deliver(&app, opened(2, "harbor", "hexacat", &merged), HOSTILE).await;
    let shown = app.json("/api/v1/pull-requests/octo-org/harbor/1").await;
    for field in ["opened_at", "merged_at", "closed_at"] {
        assert_eq!(shown[field], "2026-11-01T00:00:00Z", "{field}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_servers_secret_does_not_count_for_a_repository_with_its_own_webhook() {
    let app = app().await;
    let body = || opened(1, "lantern", "hexacat", &[]);
    let shared = Call::new("pull_request", body());
    shared.refused(&app, 401, "BAD_SIGNATURE", "has its own webhook").await;
    let unknown = Call::new("pull_request", body()).of_hook(999, crate::app::SECRET);
    unknown.refused(&app, 401, "BAD_SIGNATURE", "has its own webhook").await;
    app.finish().await;
}

#[tokio::test]
async fn stored_text_is_bounded() {
    let app = app().await;
    let long = "word ".repeat(100_000);
    let labels: Vec<Value> =
        (0..10).map(|number| json!({ "name": format!("{number} {long}") })).collect();
    let large = [
        ("/pull_request/title", json!(long)),
        ("/pull_request/labels", json!(labels)),
        ("/pull_request/head/ref", json!(long)),
    ];
    deliver(&app, opened(2, "harbor", "hexacat", &large), HOSTILE).await;
    let stored = "SELECT CAST(length(title) + length(head_ref) + length(labels) AS bigint) FROM pull_requests";
    assert!(app.count(stored).await < 2_000);
    app.finish().await;
}
