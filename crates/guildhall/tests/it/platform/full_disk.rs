//! A full disk is reported with the next step, corrupts nothing, and the server recovers when there is space. SQLite
//! reports the same for a file that has reached its maximum number of pages.

use chrono::TimeDelta;
use identity::model::Role;
use platform::db::Sql as _;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::delivery::Delivery;

use crate::app::{TestApp, scenarios::delivery};

/// Limits the file to this many pages, or to its current size if that is larger. The writing connection keeps the
/// limit.
async fn allow(app: &TestApp, pages: i64) {
    let tx = app.context().begin().await.expect("a transaction");
    let sql = format!("PRAGMA max_page_count = {pages}");
    tx.connection().execute_unprepared(&sql).await.expect("set");
    tx.commit().await.expect("committed");
}

/// A delivery too large for the pages that exist.
fn large(number: u64) -> Delivery {
    let mut rng = testkit::rng::Rng::new(number);
    let noise: String = (0..1_000).map(|_| rng.sha()).collect();
    delivery("ping", &json!({ "zen": noise }).to_string())
}

fn assert_disk_full(status: u16, text: &str) {
    assert_eq!(status, 503, "{text}");
    assert!(text.contains("DISK_FULL") && text.contains("freed space"), "{text}");
}

#[tokio::test]
#[ignore = "needs SQLite"]
async fn a_full_disk_is_reported_and_the_server_recovers() {
    let app = TestApp::start().await;
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    let pages = app.count("SELECT page_count FROM pragma_page_count").await;
    allow(&app, pages + 40).await;
    let mut accepted = 0;
    let refused = loop {
        let answer = app.send(&large(accepted)).await;
        match answer.status().as_u16() {
            202 => accepted += 1,
            _ => break answer,
        }
        assert!(accepted < 100, "the disk is never full");
    };
    assert!(accepted > 0 && refused.headers().contains_key("retry-after"));
    assert_disk_full(refused.status().as_u16(), &refused.text().await.expect("text"));

    // A person's changes, as JSON and on a page. Small ones may still fit for a while.
    let token_input = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 30 });
    let tokens = "/api/v1/me/tokens";
    allow(&app, 1).await;
    let mut made = 0;
    let refused = loop {
        let answer = admin.call("POST", tokens, Some(&token_input)).await;
        if answer.status != 201 {
            break answer;
        }
        made += 1;
    };
    assert_disk_full(refused.status.as_u16(), &refused.text);
    allow(&app, 1).await;
    let form = [("name", "CI"), ("scopes", "read"), ("expires_in_days", "30")];
    let mut page = admin.post("/settings/tokens", &form).await;
    while page.status == 200 || page.status == 303 {
        made += 1;
        page = admin.post("/settings/tokens", &form).await;
    }
    assert_disk_full(page.status.as_u16(), &page.text);

    // Reading still works, also when the session would be prolonged, and nothing is corrupt.
    app.clock.advance(TimeDelta::hours(2));
    assert_eq!(admin.get("/settings/tokens").await.status, 200);
    let listed: Value = admin.json(tokens).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(made));
    app.json("/api/v1/leaderboards/global").await;
    let integrity = "SELECT integrity_check AS value FROM pragma_integrity_check";
    assert_eq!(app.values(integrity).await, ["ok"]);
    let stored = app.count("SELECT count(*) FROM webhook_deliveries").await;
    assert_eq!(
        stored,
        i64::try_from(accepted).expect("few"),
        "accepted deliveries, and nothing else"
    );

    // With space everything works again.
    allow(&app, 1 << 30).await;
    app.deliver(&[large(1_000)]).await;
    assert_eq!(admin.call("POST", tokens, Some(&token_input)).await.status, 201);
    app.work().await;
    app.verify().await;
    app.finish().await;
}
