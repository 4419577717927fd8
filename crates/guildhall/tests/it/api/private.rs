//! Repositories that become private or are deleted on GitHub: their events are still processed and their points
//! remain, but private data is not shown.

use serde_json::{Value, json};
use testkit::delivery::Delivery;

use crate::app::{
    TestApp,
    scenarios::{Scenario, delivery, person, repo},
};

const PULL: &str = "/api/v1/pull-requests/octo-org/lantern/1";

fn event(action: &str, second: u32, private: bool) -> Delivery {
    let body = json!({
        "action": action,
        "repository": {
            "id": 1, "full_name": "octo-org/lantern", "private": private, "archived": false,
            "updated_at": format!("2026-10-05T00:00:{second:02}Z"),
        },
    });
    delivery("repository", &body.to_string())
}

/// A server with an open pull request of `octo-org/lantern`, and the delivery of its merge.
async fn app() -> (TestApp, Delivery) {
    let app = TestApp::of_lantern().await;
    let author = person("hexacat");
    let mut scenario = Scenario::opened(&repo(1, "lantern"), 1, &author, "2026-10-02T08:00:00Z")
        .merged("2026-10-06T08:00:00Z");
    let merge = scenario.deliveries.pop().expect("a merge");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    (app, merge)
}

async fn outcome_of(app: &TestApp, delivery: Delivery) -> String {
    let id = delivery.delivery;
    app.deliver(&[delivery]).await;
    app.work().await;
    let sql = format!("SELECT outcome AS value FROM webhook_deliveries WHERE delivery_id = '{id}'");
    app.values(&sql).await.remove(0)
}

async fn points(app: &TestApp) -> Value {
    app.json("/api/v1/people/hexacat").await["points"].clone()
}

#[tokio::test]
async fn a_private_repository_is_processed_and_hidden() {
    let (app, merge) = app().await;
    outcome_of(&app, event("privatized", 1, true)).await;
    assert_eq!(
        outcome_of(&app, merge).await,
        "updated #1; the repository is disabled: made private on GitHub"
    );
    app.refuses(PULL, 404, "NOT_FOUND", "does not belong to any project").await;
    assert_eq!(points(&app).await, 60);
    for path in ["projects/season", "people/hexacat/pull-requests"] {
        let shown = app.json(&format!("/api/v1/{path}")).await.to_string();
        assert!(!shown.contains("octo-org/lantern"), "{path}: {shown}");
    }
    let entries = app.json("/api/v1/people/hexacat/transactions").await;
    assert_eq!(entries["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(entries["items"][0]["source"], Value::Null);
    for path in ["/people/hexacat", "/projects/season", "/"] {
        let page = app.get(path).send().await.expect("an answer");
        let html = page.text().await.expect("HTML");
        assert!(!html.contains("octo-org/lantern") && !html.contains("Close gap"));
        let says = html.contains("in a private repository");
        assert_eq!(says, path == "/people/hexacat", "{path}: {html}");
    }
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_repository_that_is_public_again_is_shown_with_its_new_events() {
    let (app, merge) = app().await;
    for delivery in [event("privatized", 1, true), merge, event("publicized", 2, false)] {
        outcome_of(&app, delivery).await;
    }
    assert_eq!(app.json(PULL).await["state"], "MERGED");
    assert_eq!(points(&app).await, 60);
    app.finish().await;
}

#[tokio::test]
async fn a_deleted_repository_is_archived() {
    let (app, merge) = app().await;
    outcome_of(&app, event("deleted", 1, false)).await;
    let outcome = outcome_of(&app, merge).await;
    assert!(outcome.ends_with("is disabled: deleted on GitHub"));
    assert_eq!(app.json(PULL).await["points"], 60);
    app.finish().await;
}

#[tokio::test]
async fn a_repository_that_disappears_without_an_event_counts_as_private() {
    let (app, _) = app().await;
    let body = json!({
        "action": "deleted",
        "repository": { "id": 1, "updated_at": "2026-10-05T00:00:01Z" },
    });
    outcome_of(&app, delivery("repository", &body.to_string())).await;
    app.refuses(PULL, 404, "NOT_FOUND", "does not belong to any project").await;
    app.finish().await;
}
