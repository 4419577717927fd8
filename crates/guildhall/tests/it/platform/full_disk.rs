//! A full disk is told in words that say what to do, breaks nothing, and is over when there is room. SQLite
//! says the same of a file that may have no more pages.

use identity::model::Role;
use platform::db::Sql as _;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use testkit::delivery::Delivery;

use crate::app::{TestApp, stories::delivery};

/// Lets the file have so many pages at most; fewer than it has are as many as it has. The one connection
/// that writes remembers it.
async fn allow(app: &TestApp, pages: i64) {
    let tx = app.context().begin().await.expect("a transaction");
    let sql = format!("PRAGMA max_page_count = {pages}");
    tx.connection().execute_unprepared(&sql).await.expect("set");
    tx.commit().await.expect("committed");
}

/// A delivery that fits in no page that is there.
fn large(number: u64) -> Delivery {
    let mut rng = testkit::rng::Rng::new(number);
    let noise: String = (0..1_000).map(|_| rng.sha()).collect();
    delivery("ping", &json!({ "zen": noise }).to_string())
}

fn is_told(status: u16, text: &str) {
    assert_eq!(status, 503, "{text}");
    assert!(
        text.contains("DISK_FULL") && text.contains("free space"),
        "{text}"
    );
}

#[tokio::test]
#[ignore = "needs SQLite"]
async fn it_is_told_breaks_nothing_and_ends() {
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
    is_told(
        refused.status().as_u16(),
        &refused.text().await.expect("text"),
    );

    // What a person does: as JSON and on a page. Small things may still find a place, but not for long.
    let wish = json!({ "name": "CI", "scopes": ["read"], "expires_in_days": 30 });
    let tokens = "/api/v1/me/tokens";
    allow(&app, 1).await;
    let mut made = 0;
    let refused = loop {
        let answer = admin.call("POST", tokens, Some(&wish)).await;
        if answer.status != 201 {
            break answer;
        }
        made += 1;
    };
    is_told(refused.status.as_u16(), &refused.text);
    allow(&app, 1).await;
    let form = [
        ("name", "CI"),
        ("scopes", "read"),
        ("expires_in_days", "30"),
    ];
    let mut page = admin.post("/settings/tokens", &form).await;
    while page.status == 200 || page.status == 303 {
        made += 1;
        page = admin.post("/settings/tokens", &form).await;
    }
    is_told(page.status.as_u16(), &page.text);

    // Reading goes on, and nothing is broken.
    let listed: Value = admin.json(tokens).await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(made));
    app.json("/api/v1/leaderboards/global").await;
    let integrity = "SELECT integrity_check AS value FROM pragma_integrity_check";
    assert_eq!(app.values(integrity).await, ["ok"]);
    let stored = app.count("SELECT count(*) FROM webhook_deliveries").await;
    assert_eq!(
        stored,
        i64::try_from(accepted).expect("few"),
        "what was accepted, and nothing else"
    );

    // With room it goes on as if nothing had been.
    allow(&app, 1 << 30).await;
    app.deliver(&[large(1_000)]).await;
    assert_eq!(admin.call("POST", tokens, Some(&wish)).await.status, 201);
    app.work().await;
    app.verify().await;
    app.finish().await;
}
