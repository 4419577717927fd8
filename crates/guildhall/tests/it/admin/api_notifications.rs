//! `/api/v1/admin/notifications`, `/api/v1/admin/alerts`.

use identity::model::Role;
use platform::outbox::Refusal;
use serde_json::json;

use crate::{
    app::TestApp,
    messages::{message_states, write},
};

const PATH: &str = "/api/v1/admin/notifications";

#[tokio::test]
async fn the_outbox_is_searched_and_message_contents_stay_private() {
    let (app, mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    assert_eq!(admin.json(PATH).await, json!({ "items": [], "next_cursor": null }));
    let channels = format!("{PATH}/channels");
    assert_eq!(admin.json(&channels).await, json!({ "items": [] }));
    mailbox.refuse([Refusal::Never("no such mailbox".to_owned())]);
    write(&app, "one").await;
    app.work().await;
    for occurrence in ["two", "three"] {
        write(&app, occurrence).await;
    }
    let list = admin.json(PATH).await;
    let items = list["items"].as_array().expect("items");
    assert_eq!(items.len(), 3);
    let dead = &items[2];
    assert_eq!(
        (&dead["state"], &dead["error"], &dead["channel"], &dead["kind"]),
        (&json!("dead"), &json!("no such mailbox"), &json!("email"), &json!("test"))
    );
    for secret in ["Hello", "wren@oak.example", "unsubscribe"] {
        assert!(!list.to_string().contains(secret), "{list}");
    }
    let held = json!({ "items": [{ "channel": "email", "waiting": 2, "done": 0, "dead": 1 }] });
    assert_eq!(admin.json(&channels).await, held);
    for (asked, count) in [
        ("state=dead", 1),
        ("state=waiting", 2),
        ("state=done", 0),
        ("channel=push", 0),
        ("channel=email&kind=test", 3),
        ("kind=nothing", 0),
        ("recipient=operators", 0),
        ("recipient=unknown-login", 0),
        ("limit=2", 2),
    ] {
        let found = admin.json(&format!("{PATH}?{asked}")).await;
        assert_eq!(found["items"].as_array().map(Vec::len), Some(count), "{asked}");
    }
    let first = admin.json(&format!("{PATH}?limit=2")).await;
    let cursor = first["next_cursor"].as_str().expect("more");
    let rest = admin.json(&format!("{PATH}?limit=2&cursor={cursor}")).await;
    assert_eq!(rest["items"][0]["id"], dead["id"]);
    admin.get(&format!("{PATH}?state=lost")).await.refuses(
        400,
        "BAD_QUERY",
        "Use waiting, done, given_up or dead",
    );
    admin.get(&format!("{PATH}?cursor=x")).await.refuses(400, "BAD_CURSOR", "Start without");
    app.abandon().await;
}

#[tokio::test]
async fn a_dead_letter_is_retried_once_and_recorded_in_the_audit_log() {
    let (app, mailbox) = TestApp::mailing().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    mailbox.refuse([Refusal::Never("no such mailbox".to_owned())]);
    write(&app, "").await;
    app.work().await;
    let list = admin.json(PATH).await;
    let id = list["items"][0]["id"].as_str().expect("an id");
    let retry = format!("{PATH}/{id}/retry");
    assert_eq!(admin.call("POST", &retry, None).await.status, 202);
    admin.call("POST", &retry, None).await.refuses(409, "NOT_A_DEAD_LETTER", "did not fail");
    let unknown = format!("{PATH}/nothing/retry");
    admin.call("POST", &unknown, None).await.refuses(409, "NOT_A_DEAD_LETTER", "did not fail");
    app.work().await;
    assert_eq!(message_states(&app).await, ["sent: taken"]);
    let noted = "SELECT count(*) FROM audit_logs WHERE action = 'message.retry'";
    assert_eq!(app.count(noted).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn alerts_are_listed() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let path = "/api/v1/admin/alerts";
    assert_eq!(admin.json(path).await, json!({ "items": [] }));
    crate::alerts::open_alert(&app).await;
    let list = admin.json(path).await;
    let alert = &list["items"][0];
    assert_eq!(
        (&alert["kind"], &alert["severity"], &alert["alerts_sent"], &alert["resolved_at"]),
        (&json!("ledger_mismatch"), &json!("critical"), &json!(1), &json!(null))
    );
    app.abandon().await;
}
