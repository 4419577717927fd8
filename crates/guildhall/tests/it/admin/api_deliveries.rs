use serde_json::{Value, json};

use super::deliveries::{admin, dead_id, server};
use crate::app::browser::Browser;

const PATH: &str = "/api/v1/admin/deliveries";

#[tokio::test]
async fn deliveries_are_searched_with_the_filters_of_the_page() {
    let app = server().await;
    let (browser, dead) = (admin(&app).await, dead_id(&app).await);
    for (query, rows) in [
        ("", 2),
        ("state=", 2),
        ("state=dead", 1),
        ("state=done", 1),
        ("state=waiting", 0),
        (&format!("id={dead}"), 1),
        ("event=pull_request.opened", 2),
        ("event=push", 0),
        ("repository=Octo-Org/Lantern", 2),
        ("q=PULL_REQUEST&state=dead", 1),
    ] {
        let found = browser.json(&format!("{PATH}?{query}")).await;
        let items = found["items"].as_array().expect("items");
        assert_eq!(items.len(), rows, "{query}: {found}");
        assert_eq!(found["next_cursor"], Value::Null);
    }
    for (query, code, words) in [
        ("state=lost", "BAD_QUERY", "Use waiting, done or dead"),
        ("cursor=yesterday", "BAD_CURSOR", "Start without a cursor"),
        ("limit=0", "BAD_LIMIT", "between 1 and 100"),
    ] {
        let answer = browser.get(&format!("{PATH}?{query}")).await;
        answer.refuses(400, code, words);
    }
    app.abandon().await;
}

#[tokio::test]
async fn a_cursor_pages_through_all_deliveries() {
    let app = server().await;
    let browser = admin(&app).await;
    let (mut cursor, mut states) = (String::new(), Vec::new());
    loop {
        let address = match cursor.is_empty() {
            true => format!("{PATH}?limit=1"),
            false => format!("{PATH}?limit=1&cursor={cursor}"),
        };
        let part = browser.json(&address).await;
        states.push(part["items"][0]["state"].clone());
        match part["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(states, [json!("dead"), json!("done")]);
    app.abandon().await;
}

#[tokio::test]
async fn a_delivery_is_shown_with_its_error_and_payload() {
    let app = server().await;
    let (browser, dead) = (admin(&app).await, dead_id(&app).await);
    let shown = browser.json(&format!("{PATH}/{dead}")).await;
    assert_eq!(shown["state"], "dead");
    assert!(shown["error"].is_string() && shown["outcome"].is_null());
    let payload = shown["payload"].as_str().expect("a payload");
    assert!(payload.contains("<script>alert(1)</script>"), "{payload}");
    assert_eq!(shown["body_size"], payload.len());
    let missing = browser.get(&format!("{PATH}/nothing")).await;
    missing.refuses(404, "NOT_FOUND", "Unknown delivery");
    app.abandon().await;
}

#[tokio::test]
async fn dead_letters_are_retried_one_by_one_or_all_at_once() {
    let app = server().await;
    let (browser, dead) = (admin(&app).await, dead_id(&app).await);
    let path = format!("{PATH}/{dead}/retry");
    let one = browser.call("POST", &path, None).await;
    assert_eq!((one.status.as_u16(), one.json()), (202, json!({ "retried": 1 })));
    let again = browser.call("POST", &path, None).await;
    again.refuses(409, "NOT_A_DEAD_LETTER", "not a failed delivery");
    app.work().await;
    let all = format!("{PATH}/retry-dead");
    for retried in [1, 0] {
        let answer = browser.call("POST", &all, None).await;
        assert_eq!(answer.status, 202);
        assert_eq!(answer.json(), json!({ "retried": retried }));
    }
    let by = "SELECT count(*) FROM audit_logs a JOIN users u ON u.id = a.actor_id \
              WHERE a.action = 'delivery.retry' AND u.login = 'finch-ash'";
    assert_eq!(app.count(by).await, 2);
    app.abandon().await;
}

#[tokio::test]
async fn only_admins_can_read_deliveries() {
    let app = server().await;
    let person = app.browser_of("wren-oak").await;
    let dead = dead_id(&app).await;
    for path in [PATH.to_owned(), format!("{PATH}/{dead}")] {
        let refused = person.get(&path).await;
        refused.refuses(403, "ROLE_REQUIRED", "Only admins can do this");
        let anonymous = Browser::new(&app).get(&path).await;
        anonymous.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    }
    for path in [format!("{PATH}/{dead}/retry"), format!("{PATH}/retry-dead")] {
        let refused = person.call("POST", &path, None).await;
        refused.refuses(403, "ROLE_REQUIRED", "Only admins can do this");
    }
    assert_eq!(dead_id(&app).await, dead, "nothing changed");
    app.abandon().await;
}
