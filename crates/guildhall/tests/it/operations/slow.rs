//! Slow requests and slow statements: `/admin/slow` and its JSON.

use std::sync::Arc;

use axum::{Router, routing::get};
use chrono::TimeDelta;
use identity::model::Role;
use operations::actions::store_slow;
use platform::{
    db::{Engine, Sql as _},
    slow::{self, SlowRequest, SlowRequests},
    web::{Stack, serve},
};
use serde_json::json;

use crate::app::TestApp;

fn request(app: &TestApp, person: Option<uuid::Uuid>) -> SlowRequest {
    SlowRequest {
        at: app.context().now(),
        method: "GET".to_owned(),
        route: "/people/{login}".to_owned(),
        status: 200,
        milliseconds: 2_345,
        person,
        address: Some("2001:db8:7:8::9".parse().expect("an address")),
        agent: Some("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned()),
    }
}

#[tokio::test]
async fn slow_requests_are_listed_without_addresses_and_kept_for_two_weeks() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let empty = admin.get("/admin/slow").await.text;
    assert!(empty.contains("Nothing was slow in the last 14 days."), "{empty}");
    let slow = SlowRequests::of(&app.server);
    slow.note(request(&app, Some(app.person_id("finch-ash").await)));
    slow.note(request(&app, None));
    store_slow(app.context(), &slow).await.expect("stored");
    app.clock.advance(TimeDelta::minutes(1));
    app.server.traffic().store(app.context()).await;
    let pages = "UPDATE request_minutes SET pages_kept = 7, pages_rendered = 1";
    app.change(pages).await.expect("planted");
    let page = admin.get("/admin/slow").await.text;
    assert!(page.contains("people/") && page.contains("2.3\u{a0}s"), "{page}");
    assert!(page.contains("2001:db8:7::/48") && !page.contains("2001:db8:7:8"), "{page}");
    assert!(page.contains("87 %") && page.contains("of 8 pages for everyone"), "{page}");
    assert!(page.contains("Requests today") && page.contains("Over 1 s"), "{page}");
    assert!(page.contains("Firefox on Linux") && page.contains("A visitor"), "{page}");
    let found = admin.json("/api/v1/admin/slow").await;
    let requests = found["requests"].as_array().expect("requests");
    let by: Vec<_> = requests.iter().filter_map(|request| request["login"].as_str()).collect();
    assert_eq!((requests.len(), by), (2, vec!["finch-ash"]));
    assert_eq!(
        (&requests[0]["milliseconds"], &requests[0]["status"]),
        (&json!(2_345), &json!(200))
    );
    assert!(
        requests[0]["network"] == "2001:db8:7::/48" && found["statements"].is_array(),
        "{found}"
    );
    app.clock.advance(TimeDelta::days(15));
    let report = app.run_schedule("OperationsRetention").await;
    assert!(report.contains("2 slow requests"), "{report}");
    app.finish().await;
}

#[tokio::test]
async fn slow_statements_are_added_up_by_text() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    let wait = match db.engine() {
        Engine::Sqlite => {
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < $1) SELECT count(*) FROM n"
        }
        Engine::Postgres => "SELECT count(*) FROM pg_sleep(CAST($1 AS bigint) / 10000000.0)",
    };
    for _ in 0..2 {
        db.count(db.statement(wait, [6_000_000_i64.into()])).await.expect("counted");
        let slow = SlowRequests::of(&app.server);
        store_slow(app.context(), &slow).await.expect("stored");
    }
    let found = operations::reads::slow_statements(db).await.expect("read");
    let found = found.iter().find(|row| row.statement == wait).expect("the statement");
    assert!(found.runs == 2 && found.total_ms >= found.max_ms && found.max_ms >= 500, "{found:?}");
    let step = match db.engine() {
        Engine::Sqlite => "SCAN n",
        Engine::Postgres => "Function Scan on pg_sleep",
    };
    assert!(found.plan.as_deref().is_some_and(|plan| plan.contains(step)), "{found:?}");
    app.finish().await;
}

#[tokio::test]
async fn plans_need_no_values_and_run_nothing() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    app.browser_of("wren-oak").await;
    // Twice, because PostgreSQL keeps what a connection prepares.
    for _ in 0..2 {
        for sql in [
            "SELECT id FROM users WHERE id = $1 LIMIT $2",
            "SELECT count(*) FROM users",
            "DELETE FROM users WHERE login = $1",
        ] {
            let plan = db.explain(sql).await.expect(sql);
            assert!(plan.is_some_and(|plan| plan.contains("users")), "{sql}");
        }
        for sql in ["DROP TABLE users", "SELECT 1; DELETE FROM users"] {
            assert_eq!(db.explain(sql).await.expect(sql), None, "{sql}");
        }
        assert!(db.explain("SELECT id FROM no_table").await.is_err());
    }
    assert_eq!(app.count("SELECT count(*) FROM users").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_request_over_a_second_is_noted_by_its_route() {
    let app = TestApp::start().await;
    let slow = SlowRequests::of(&app.server);
    let wait = async || tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    let routes = Router::new().route("/wait/{name}", get(wait)).route("/fast", get(async || "ok"));
    let router = Stack::default().with_state(Arc::clone(&slow), slow::watch).around(routes);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(serve(listener, router, Default::default()));
    for path in ["/fast", "/wait/x"] {
        let answer = reqwest::get(format!("{url}{path}")).await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    let taken = slow.take();
    let routes: Vec<&str> = taken.iter().map(|one| &*one.route).collect();
    assert_eq!(routes, ["/wait/{name}"]);
    assert!(taken[0].milliseconds >= 1_000, "{taken:?}");
    app.finish().await;
}
