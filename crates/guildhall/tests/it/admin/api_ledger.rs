use std::time::Duration;

use identity::model::Role;
use serde_json::json;

use crate::app::{TestApp, browser::Browser};

const PATH: &str = "/api/v1/admin/ledger/checks";

#[tokio::test]
async fn a_check_is_queued_once_and_reports_its_result() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    assert_eq!(admin.json(PATH).await, json!({ "items": [] }));
    for is_queued in [true, false] {
        let asked = admin.call("POST", PATH, None).await;
        assert_eq!(asked.status, 202);
        assert_eq!(asked.json(), json!({ "is_queued": is_queued }));
    }
    let waiting = admin.json(PATH).await;
    assert_eq!(waiting["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(waiting["items"][0]["state"], "waiting");
    let jobs = app.server.start_jobs();
    let done =
        "SELECT count(*) FROM jobs WHERE completed_at IS NOT NULL AND name = 'LedgerVerification'";
    for _ in 0..600 {
        if app.count(done).await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    jobs.stop().await;
    let check = admin.json(PATH).await["items"][0].clone();
    assert_eq!(check["state"], "passed", "{check}");
    assert_eq!(check["outcome"], "no mismatches");
    assert!(check["ended_at"].is_string() && check["error"].is_null());
    app.finish().await;
}

#[tokio::test]
async fn only_admins_can_check_the_ledger() {
    let app = TestApp::start().await;
    let moderator = app.browser_with("wren-oak", Role::Moderator).await;
    let anonymous = Browser::new(&app);
    for method in ["GET", "POST"] {
        let refused = moderator.call(method, PATH, None).await;
        refused.refuses(403, "ROLE_REQUIRED", "Only admins can do this");
        let unknown = anonymous.call(method, PATH, None).await;
        unknown.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
    }
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0);
    app.finish().await;
}
