//! Alerts about what the server answers, and about how many people come.

use axum::{Router, body::Body, extract::Request, http::StatusCode, routing::get};
use chrono::TimeDelta;
use identity::{actions::recognize, model::Device};
use platform::{alerts, module::Services, web};
use tower::ServiceExt as _;

use super::{check_alerts, counts, run, scene, subjects};
use crate::app::TestApp;

/// Answers `count` requests with a status, as a process of the server counts them.
async fn answer(process: &Services, path: &'static str, status: StatusCode, count: usize) {
    let router = Router::new().route(path, get(move || async move { status }));
    let observed = web::Stack::default().with_state(process.observation(), web::observe);
    let router = observed.around(router);
    for _ in 0..count {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        let answered = router.clone().oneshot(request).await.expect("answered");
        assert_eq!(answered.status(), status);
    }
    process.traffic().store(&process.context).await;
}

/// The kinds of the open alerts, sorted.
async fn open(app: &TestApp) -> Vec<String> {
    let latest = alerts::latest(&app.context().db, 20).await.expect("alerts");
    let open = latest.into_iter().filter(|alert| alert.resolved_at.is_none());
    let mut kinds: Vec<String> = open.map(|alert| alert.kind).collect();
    kinds.sort();
    kinds
}

#[tokio::test]
async fn failing_requests_of_all_processes_alert_operators_until_they_end() {
    let (post, app) = scene().await;
    answer(&app.server, "/api/v1/lamps", StatusCode::OK, 60).await;
    answer(&app.server, "/api/v1/lamps", StatusCode::INTERNAL_SERVER_ERROR, 6).await;
    check_alerts(&app).await;
    assert_eq!(open(&app).await, [""; 0], "too few requests say nothing");
    let other = app.sibling().await;
    answer(&other, "/lamps", StatusCode::OK, 40).await;
    check_alerts(&app).await;
    assert_eq!(open(&app).await, ["availability", "error_rate"]);
    let [slack, email, sms] = counts(&post);
    assert_eq!((slack, email, sms), (2, 4, 1), "the availability wakes people");
    let mut said = subjects(&post.taken_by("resend"));
    said.sort();
    said.dedup();
    let expected = [
        "[critical] Only 94.3 % of 106 requests were answered in the last hour",
        "[high] 5.6 % of 106 requests failed in the last 15 minutes",
    ];
    assert_eq!(said, expected);
    app.clock.advance(TimeDelta::minutes(16));
    check_alerts(&app).await;
    assert_eq!(open(&app).await, ["availability"]);
    app.clock.advance(TimeDelta::minutes(45));
    check_alerts(&app).await;
    assert_eq!(open(&app).await, [""; 0]);
    assert_eq!(counts(&post), [4, 8, 2], "both are resolved");
    app.clock.advance(TimeDelta::days(9));
    answer(&app.server, "/lamps", StatusCode::OK, 1).await;
    assert_eq!(app.count("SELECT count(*) FROM request_minutes").await, 1, "the rest is old");
    app.finish().await;
}

/// The columns of counts.
const COLUMNS: [&str; 10] = [
    "requests",
    "client_errors",
    "server_errors",
    "slow_requests",
    "api_requests",
    "api_client_errors",
    "api_server_errors",
    "pages_kept",
    "pages_rendered",
    "failed_connections",
];

/// Plants the only minute with counts; those that are not named are 0.
async fn plant(app: &TestApp, planted: &[(&str, i64)]) {
    answer(&app.server, "/lamps", StatusCode::OK, 1).await;
    let count = |column: &str| planted.iter().find(|(name, _)| *name == column);
    let new = COLUMNS.map(|column| format!("{column} = {}", count(column).map_or(0, |it| it.1)));
    app.change(&format!("UPDATE request_minutes SET {}", new.join(", "))).await.expect("planted");
}

#[tokio::test]
async fn each_condition_has_its_channels_and_ends() {
    let (post, app) = scene().await;
    let mut before = [0; 3];
    for (kind, planted, expected) in [
        ("response_time", [("requests", 200), ("slow_requests", 11)], [1, 0, 0]),
        ("api_errors", [("api_requests", 100), ("api_server_errors", 2)], [1, 2, 0]),
        ("api_errors", [("api_requests", 100), ("api_client_errors", 26)], [0, 2, 0]),
        ("database_connections", [("requests", 1), ("failed_connections", 5)], [1, 2, 0]),
        ("page_cache", [("pages_kept", 10), ("pages_rendered", 4_000)], [0, 2, 0]),
    ] {
        plant(&app, &planted).await;
        check_alerts(&app).await;
        assert_eq!(open(&app).await, [kind], "{planted:?}");
        let raised = counts(&post);
        let sent: Vec<usize> = (0..3).map(|at| raised[at] - before[at]).collect();
        assert_eq!(sent, expected, "{planted:?}");
        app.change("DELETE FROM request_minutes").await.expect("over");
        check_alerts(&app).await;
        assert_eq!(open(&app).await, [""; 0], "{planted:?}");
        before = counts(&post);
    }
    app.finish().await;
}

/// The people of these sessions use the server, which is recorded; a day passes.
async fn come(app: &TestApp, sessions: &[String]) {
    for session in sessions {
        let found = recognize(app.context(), session).await.expect("read");
        assert!(found.is_some());
    }
    run(app, "ActivityRecords").await.expect("recorded");
    app.clock.advance(TimeDelta::days(1));
}

#[tokio::test]
async fn half_of_the_people_stay_away() {
    let (post, app) = scene().await;
    let mut sessions = Vec::new();
    for number in 0..20 {
        sessions.push(app.signed_in(&format!("hacker-{number}"), &Device::default()).await);
    }
    for _ in 0..7 {
        come(&app, &sessions).await;
    }
    check_alerts(&app).await;
    assert_eq!(open(&app).await, [""; 0], "a week is not known yet");
    come(&app, &sessions[..9]).await;
    check_alerts(&app).await;
    assert_eq!(open(&app).await, ["daily_active_people"]);
    assert_eq!(counts(&post), [0, 2, 0]);
    come(&app, &sessions).await;
    check_alerts(&app).await;
    assert_eq!(open(&app).await, [""; 0]);
    app.finish().await;
}
