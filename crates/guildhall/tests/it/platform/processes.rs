//! The rows of servers and workers, and what follows from them: `/api/health`, `/admin/health` and alerts.

use chrono::TimeDelta;
use identity::model::Role;
use platform::{
    alerts,
    processes::{Life, OwnProcess},
};
use serde_json::{Value, json};

use crate::app::TestApp;

async fn begin(app: &TestApp, kind: &'static str) -> Life {
    let own = OwnProcess { kind, version: "0.1.0+abc1234", does_jobs: kind == "worker" };
    Life::begin(&app.server, own).await
}

/// Returns the status of `/api/health`, and what it says of the background jobs.
async fn jobs(app: &TestApp) -> (u16, Value) {
    let answer = app.get("/api/health").send().await.expect("an answer");
    let status = answer.status().as_u16();
    let health: Value = answer.json().await.expect("JSON");
    (status, health["checks"]["jobs"]["status"].clone())
}

/// Returns the details of a failed check.
fn problem<'a>(health: &'a Value, check: &str) -> Option<&'a str> {
    let mut findings = health["findings"].as_array().expect("findings").iter();
    let found = findings.find(|it| it["check"] == check && it["is_ok"] == false)?;
    found["detail"].as_str()
}

async fn look(app: &TestApp) {
    let schedules = app.server.jobs().schedules;
    let schedule = schedules.iter().find(|schedule| schedule.name() == "OperatorAlerts");
    schedule.expect("the schedule").run(app.context().clone()).await.expect("looked");
}

#[tokio::test]
async fn it_is_noticed_that_no_one_works() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    assert_eq!(
        jobs(&app).await,
        (200, json!("healthy")),
        "nothing is missed before the first start"
    );
    let (server, worker) = (begin(&app, "serve --no-jobs").await, begin(&app, "worker").await);
    let health = admin.json("/api/v1/admin/health").await;
    let kinds: Vec<_> = health["processes"].as_array().expect("a list").iter().collect();
    assert_eq!(kinds.len(), 2, "{health}");
    assert!(kinds.iter().any(|it| it["kind"] == "worker" && it["does_jobs"] == true), "{health}");
    assert_eq!(kinds[0]["since"], "2026-11-01T00:00:00Z");
    assert!(kinds[0].get("key_fingerprint").is_none(), "{health}");
    assert_eq!(problem(&health, "background jobs"), None);
    worker.end().await;
    assert_eq!(jobs(&app).await, (200, json!("healthy")), "the worker may start last");
    app.clock.advance(TimeDelta::seconds(61));
    assert_eq!(jobs(&app).await, (503, json!("degraded")));
    let health = admin.json("/api/v1/admin/health").await;
    let why = problem(&health, "background jobs").expect("a problem");
    assert!(why.contains("No process runs the background jobs"), "{why}");
    let page = admin.get("/admin/health").await.text;
    assert!(page.contains("Last contact") && page.contains(">Silent<"), "{page}");
    look(&app).await;
    assert!(alerts::is_open(&app.context().db, alerts::NO_JOBS).await.expect("read"));
    let worker = begin(&app, "worker").await;
    assert_eq!(jobs(&app).await, (200, json!("healthy")));
    look(&app).await;
    assert!(!alerts::is_open(&app.context().db, alerts::NO_JOBS).await.expect("read"));
    server.end().await;
    worker.end().await;
    assert_eq!(app.count("SELECT count(*) FROM processes").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn work_that_waits_for_an_hour_is_late() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.deliver(&[crate::app::scenarios::delivery("ping", "{}")]).await;
    app.clock.advance(TimeDelta::minutes(61));
    let worker = begin(&app, "worker").await;
    assert_eq!(jobs(&app).await, (200, json!("healthy")), "whoever has just begun has an hour");
    let earlier =
        "UPDATE processes SET created_at = (SELECT min(created_at) FROM webhook_deliveries)";
    app.change(earlier).await.expect("a worker that began with the delivery");
    assert_eq!(jobs(&app).await, (503, json!("degraded")));
    let health = admin.json("/api/v1/admin/health").await;
    let late = "Due work in the queue 'inbox' has waited for 61 minutes";
    assert!(problem(&health, "queues").is_some() && health.to_string().contains(late), "{health}");
    app.work().await;
    assert_eq!(jobs(&app).await, (200, json!("healthy")));
    worker.end().await;
    app.finish().await;
}

#[tokio::test]
async fn operators_are_alerted_to_a_replica_that_stays_behind() {
    let app = TestApp::start().await;
    let worker = begin(&app, "worker").await;
    for (line, expected) in
        [("database_replica: The replica is 90 s behind", Some("Database replica")), ("", None)]
    {
        app.change(&format!("UPDATE processes SET failing_services = '{line}'"))
            .await
            .expect("written");
        look(&app).await;
        let latest = alerts::latest(&app.context().db, 10).await.expect("alerts");
        let open =
            latest.iter().find(|it| it.kind == "service_failing" && it.resolved_at.is_none());
        let service = open.and_then(|alert| alert.title.strip_prefix("An outside service fails: "));
        assert_eq!(service, expected, "{latest:?}");
    }
    worker.end().await;
    app.finish().await;
}

#[tokio::test]
async fn a_proxy_that_is_not_trusted_is_named() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let forwarded = app.get("/livez").header("x-forwarded-for", "203.0.113.9").send().await;
    assert!(forwarded.expect("an answer").status().is_success());
    let worker = begin(&app, "worker").await;
    let health = admin.json("/api/v1/admin/health").await;
    let why = problem(&health, "trusted proxies").expect("a problem");
    assert!(why.contains("127.0.0.1") && why.contains("GUILDHALL_TRUSTED_PROXIES"), "{why}");
    worker.end().await;
    app.finish().await;
}
