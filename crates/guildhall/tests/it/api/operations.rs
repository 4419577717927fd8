//! The routes for operators.

use serde_json::json;

use crate::app::{TestApp, scenarios::delivery};

#[tokio::test]
async fn health_reports_waiting_work() {
    let app = TestApp::start().await;
    app.deliver(&[delivery("ping", "{}")]).await;
    let health = app.json("/api/health").await;
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["timestamp"], "2026-11-01T00:00:00Z");
    assert!(health["version"].is_string());
    let jobs = json!({ "status": "healthy", "deliveries_waiting": 1, "deliveries_dead": 0, "wake_ups": 0 });
    assert_eq!(health["checks"]["jobs"], jobs);
    assert_eq!(health["checks"]["database"], "healthy");
    for service in ["redis", "openai", "github", "game_platform"] {
        assert_eq!(health["checks"][service], "not_configured");
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_server_without_its_database_is_live_and_not_ready() {
    let app = TestApp::start().await;
    for (path, status) in [("/livez", 200), ("/readyz", 200)] {
        assert_eq!(app.get(path).send().await.expect("an answer").status(), status);
    }
    app.server.context.db.close().await;
    for (path, status) in [("/livez", 200), ("/readyz", 503), ("/api/health", 503)] {
        let answer = app.get(path).send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{path}");
        let waits = answer.headers().contains_key("retry-after");
        assert_eq!(waits, status == 503, "{path}");
    }
    let health = app.get("/api/health").send().await.expect("an answer");
    let health: serde_json::Value = health.json().await.expect("JSON");
    assert_eq!(
        (&health["status"], &health["checks"]["database"]),
        (&json!("unhealthy"), &json!("unhealthy"))
    );
    for path in ["/api/v1/projects", "/api/v1/leaderboards/global", "/api/v1/people/octocat"] {
        let answer = app.get(path).send().await.expect("an answer");
        assert!(answer.headers().contains_key("retry-after"), "{path}");
        app.refuses(path, 503, "DATABASE_UNAVAILABLE", "cannot use its database").await;
    }
    for path in ["/", "/projects", "/leaderboards"] {
        let page = app.get(path).send().await.expect("an answer");
        assert_eq!(page.status(), 503, "{path}");
        assert!(page.headers().contains_key("retry-after"), "{path}");
        let page = page.text().await.expect("text");
        assert!(page.contains("The server is not available"), "{path}: {page}");
    }
    // A delivery that cannot be stored is not acknowledged.
    let answer = app.send(&delivery("ping", "{}")).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers().contains_key("retry-after")),
        (503, true)
    );
    app.abandon().await;
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let app = TestApp::start().await;
    let given = app.get("/livez").header("x-request-id", "octocat-0001").send().await;
    let given = given.expect("an answer");
    assert_eq!(given.headers()["x-request-id"], "octocat-0001");
    for odd in ["short", "has spaces in it", &"x".repeat(65)] {
        let answer = app.get("/nowhere").header("x-request-id", odd).send().await;
        let answer = answer.expect("an answer");
        assert_ne!(answer.headers()["x-request-id"], odd);
    }
    // Generated ids are unique among all processes, even with the same process id.
    let mut fresh = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let answer = app.get("/livez").send().await.expect("an answer");
        let id = answer.headers()["x-request-id"].to_str().expect("text");
        let id: uuid::Uuid = id.parse().expect("a UUID");
        assert_eq!(id.get_version_num(), 7);
        fresh.insert(id);
    }
    assert_eq!(fresh.len(), 3);
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_address_is_a_problem() {
    let app = TestApp::start().await;
    app.refuses("/api/v1/nothing", 404, "NOT_FOUND", "").await;
    app.finish().await;
}
