//! `/api/v1/admin/audit`.

use identity::model::Role;
use serde_json::{Value, json};

use super::scene;
use crate::app::{TestApp, browser::Browser, client};

const PATH: &str = "/api/v1/admin/audit";

async fn found(admin: &Browser<'_>, query: &str) -> Vec<String> {
    let list = admin.json(&format!("{PATH}?{query}")).await;
    let items = list["items"].as_array().expect("items").clone();
    let line = |item: Value| {
        let text = |name: &str| item[name].as_str().unwrap_or("-").to_owned();
        let after = item["after"]["role"].as_str().unwrap_or("-").to_owned();
        [text("actor"), text("action"), text("target"), after].join(" ")
    };
    items.into_iter().map(line).collect()
}

#[tokio::test]
async fn entries_are_found_by_actor_action_target_and_time() {
    let app = scene().await;
    let admin = app.browser_of("finch-ash").await;
    let first = "operator user.grant finch-ash admin";
    let second = "finch-ash user.grant wren-oak moderator";
    let third = "finch-ash user.grant wren-oak user";
    let id = app.person_id("wren-oak").await;
    for (query, lines) in [
        ("", vec![third, second, first]),
        ("actor=operator", vec![first]),
        ("actor=FINCH-ash", vec![third, second]),
        ("actor=unknown-login", vec![]),
        ("action=user.grant", vec![third, second, first]),
        ("action=flag.change", vec![]),
        ("target=wren-oak", vec![third, second]),
        (&format!("target={id}"), vec![third, second]),
        ("since=2026-11-03", vec![third]),
        ("until=2026-11-01", vec![first]),
        ("since=2026-11-02&until=2026-11-02", vec![second]),
    ] {
        assert_eq!(found(&admin, query).await, lines, "{query}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cursor_continues_the_list() {
    let app = scene().await;
    let admin = app.browser_of("finch-ash").await;
    let whole = found(&admin, "").await;
    let (mut parts, mut cursor) = (Vec::new(), String::new());
    loop {
        let query = format!("limit=1{cursor}");
        parts.extend(found(&admin, &query).await);
        let list = admin.json(&format!("{PATH}?{query}")).await;
        let Some(next) = list["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(parts, whole);
    app.finish().await;
}

#[tokio::test]
async fn invalid_filters_are_refused() {
    let app = scene().await;
    let admin = app.browser_of("finch-ash").await;
    for (query, code, words) in [
        ("since=yesterday", "BAD_QUERY", "since is 'yesterday'"),
        ("until=2026-13-01", "BAD_QUERY", "Use a date"),
        ("cursor=x", "BAD_CURSOR", "Start without a cursor"),
        ("limit=0", "BAD_LIMIT", "between 1 and 100"),
    ] {
        let answer = admin.get(&format!("{PATH}?{query}")).await;
        answer.refuses(400, code, words);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_entry_shows_the_network_of_its_request() {
    let app = TestApp::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
    })
    .await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    let grant = client()
        .put(format!("{}/api/v1/admin/people/wren-oak/role", app.url))
        .header("x-forwarded-for", "203.0.113.77")
        .header("x-request-id", "a-request-of-ours")
        .header("sec-fetch-site", "same-origin")
        .json(&json!({ "role": "moderator" }));
    let granted = admin.send(grant, "/api/v1/admin/people").await;
    assert_eq!(granted.status, 204, "{}", granted.text);
    let list = admin.json(&format!("{PATH}?limit=1")).await;
    let line = &list["items"][0];
    assert_eq!(line["request_id"], "a-request-of-ours");
    let network = line["network"].as_str().expect("a network");
    assert!(network.starts_with("203.0.113"), "{network}");
    assert!(!network.contains("77"), "never the whole address");
    let list = admin.json(&format!("{PATH}?actor=operator")).await;
    assert_eq!(list["items"][0]["request_id"], Value::Null);
    app.finish().await;
}
