//! The download of a person's data.

use chrono::TimeDelta;

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, person, repo},
};

const PATH: &str = "/api/v1/me/export";
const DOCUMENT: &str = "/api/v1/me/export/document";

#[tokio::test]
async fn every_module_contributes_and_only_the_person_gets_it() {
    let (app, _) = TestApp::mailing().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("wren-oak"), "2026-10-02T08:00:00Z")
            .merged("2026-10-03T08:00:00Z");
    app.deliver_all(&[&scenario]).await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    app.know_created("wren-oak", Some(at("2019-03-01T10:00:00Z"))).await;
    assert!(browser.json(PATH).await["requested_at"].is_null());
    browser.get(DOCUMENT).await.refuses(404, "NOT_FOUND", "No download is ready");
    let asked = browser.post("/settings/account/export", &[]).await;
    assert_eq!(asked.location(), "/settings/account");
    let again = browser.call("POST", PATH, None).await;
    again.refuses(429, "EXPORT_TOO_OFTEN", "within the last hour");
    let wait: u32 = again.header("retry-after").parse().expect("seconds");
    assert!((3590..=3601).contains(&wait), "{wait}");
    let again = browser.post("/settings/account/export", &[]).await;
    again.refuses_form(429, None, "within the last hour");
    browser.get(DOCUMENT).await.refuses(404, "NOT_FOUND", "wait until it is prepared");
    app.work().await;
    let page = browser.get("/settings/account").await;
    assert!(page.text.contains(">Download<"), "{}", page.text);
    let answer = browser.get(DOCUMENT).await;
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let held = answer.json();
    assert_eq!(held["identity"]["account"][0]["login"], "wren-oak");
    let github = &held["identity"]["identities"][0];
    assert_eq!(github["provider"], "github");
    let created_at = github["account_created_at"].as_str().unwrap_or_default();
    assert!(created_at.starts_with("2019-03-01T10:00:00"), "{github}");
    assert_eq!(held["identity"]["addresses"][0]["address"], "wren-oak@oak.example");
    assert_eq!(held["github"]["pull_requests"][0]["number"], 1);
    assert_eq!(held["contributions"]["contributions"][0]["project"], "season");
    let entries = held["recognition"]["entries"].as_array().expect("entries").iter();
    assert_eq!(entries.filter_map(|entry| entry["points"].as_i64()).sum::<i64>(), 60);
    assert_eq!(held["platform"]["audit"]["done"][0]["action"], "user.export");
    assert!(!answer.text.contains("token_hash"));
    let other = app.browser_of("finch-ash").await;
    other.get(DOCUMENT).await.refuses(404, "NOT_FOUND", "No download is ready");
    app.clock.advance(TimeDelta::days(7));
    browser.get(DOCUMENT).await.refuses(404, "NOT_FOUND", "No download is ready");
    app.run_schedule("SessionRetention").await;
    app.clock.advance(TimeDelta::seconds(1));
    app.run_schedule("SessionRetention").await;
    assert_eq!(app.count("SELECT count(*) FROM account_exports").await, 0);
    app.finish().await;
}
