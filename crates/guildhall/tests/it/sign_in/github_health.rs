//! GitHub's state in the health checks.

use platform::outside::{Condition, ServiceCheck};

use super::scene;
use crate::app::TestApp;

async fn github_check(app: &TestApp) -> (u16, serde_json::Value) {
    let answer = app.get("/api/health").send().await.expect("an answer");
    let status = answer.status().as_u16();
    let health: serde_json::Value = answer.json().await.expect("JSON");
    (status, health["checks"]["github"].clone())
}

/// Returns GitHub's condition among the services.
fn github(found: &[ServiceCheck]) -> &Condition {
    let found = found.iter().find(|found| found.name == "github");
    &found.expect("GitHub is a service").condition
}

/// Starts a server whose GitHub is unreachable: nothing listens on its port.
async fn with_unreachable_github() -> TestApp {
    let app = TestApp::with(|config| {
        config.github_client_id = Some("guildhall".to_owned());
        config.github_client_secret = Some("fake-secret".to_owned().into());
        config.github_api_url = "http://127.0.0.1:9".to_owned();
    });
    app.await
}

#[tokio::test]
async fn a_github_that_answers_is_healthy() {
    let (_github, app) = scene().await;
    // The health endpoint itself sends no request.
    assert_eq!(github_check(&app).await, (200, "not_checked".into()));
    app.server.outside.look(app.context()).await;
    assert_eq!(github_check(&app).await, (200, "healthy".into()));
    app.finish().await;
}

#[tokio::test]
async fn an_unreachable_github_is_degraded() {
    let app = with_unreachable_github().await;
    let found = app.server.outside.look(app.context()).await;
    let Condition::Failing(why) = github(&found) else {
        panic!("{found:?}");
    };
    assert!(why.contains("cannot connect"), "{why}");
    assert_eq!(github_check(&app).await, (503, "degraded".into()));
    app.finish().await;
}

#[tokio::test]
async fn unknown_app_credentials_are_reported() {
    let (_github, app) = scene().await;
    let mut config = (*app.server.config).clone();
    config.github_client_secret = Some("another".to_owned().into());
    let services = guildhall::MODULES.services(&config, &app.server.post);
    let found = services.look(app.context()).await;
    let Condition::Failing(why) = github(&found) else {
        panic!("{found:?}");
    };
    assert!(why.contains("check its client ID and its secret"), "{why}");
    app.finish().await;
}

#[tokio::test]
async fn a_switched_off_github_gets_no_requests() {
    let app = with_unreachable_github().await;
    let sql = "UPDATE feature_flags SET enabled = false WHERE name = 'github_sign_in'";
    app.change(sql).await.expect("switched");
    app.context().flags.look(&app.context().db).await.expect("flags");
    let found = app.server.outside.look(app.context()).await;
    assert_eq!(github(&found), &Condition::SwitchedOff);
    assert_eq!(github_check(&app).await, (200, "switched_off".into()));
    app.finish().await;
}
