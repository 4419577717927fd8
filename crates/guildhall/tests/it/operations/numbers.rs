//! Use: `/admin/use`, its files and its JSON.

use chrono::TimeDelta;
use identity::model::{Role, Scope};
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn active_people_and_sign_ups_are_counted_by_day() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let before = admin.get("/admin/use").await.text;
    assert!(before.contains("Activity is counted each hour"), "{before}");
    assert_eq!(app.run_schedule("ActivityRecords").await, "1 new day of activity");
    assert_eq!(app.run_schedule("ActivityRecords").await, "0 new days of activity");
    let page = admin.get("/admin/use?by=day").await.text;
    let says =
        "1 person used this server in the last 7 days, signed in or by a token, and 1 signed up.";
    assert!(
        page.contains(says) && page.contains("Activity is known since 1 November 2026"),
        "{page}"
    );
    for title in ["Sign-ups", "Pull requests merged", "Who comes back"] {
        assert!(page.contains(title), "{title}: {page}");
    }
    for (file, row) in [("active_people", "\"2026-11-01\",1"), ("sign_ups", "\"2026-11-01\",1")] {
        let csv = admin.get(&format!("/admin/use/{file}.csv")).await.text;
        assert!(csv.contains("day,number\r\n") && csv.contains(row), "{csv}");
    }
    assert_eq!(admin.get("/admin/use/nothing.csv").await.status, 404);
    let usage = admin.json("/api/v1/admin/use?by=day").await;
    assert_eq!((&usage["active_today"], &usage["known_since"]), (&json!(1), &json!("2026-11-01")));
    let active = &usage["series"][0];
    assert_eq!((&active["code"], &active["total"]), (&json!("active_people"), &Value::Null));
    assert_eq!(active["periods"][29], json!({ "first_day": "2026-11-01", "number": 1 }));
    let unknown = admin.get("/api/v1/admin/use?by=year").await;
    assert!(unknown.status == 400 && unknown.text.contains("BAD_QUERY"), "{}", unknown.text);
    app.finish().await;
}

#[tokio::test]
async fn those_who_come_back_are_a_share_of_their_month() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    app.browser_of("rook-elm").await;
    app.run_schedule("ActivityRecords").await;
    app.clock.advance(TimeDelta::days(35));
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    app.run_schedule("ActivityRecords").await;
    let csv = admin.get("/admin/use/retention.csv").await.text;
    assert!(csv.contains("\"2026-11\",2,50,,"), "{csv}");
    app.clock.advance(TimeDelta::days(401));
    let report = app.run_schedule("OperationsRetention").await;
    assert!(report.contains("4 days of activity"), "{report}");
    app.finish().await;
}

#[tokio::test]
async fn the_person_of_a_token_is_active() {
    let app = TestApp::start().await;
    app.browser_of("wren-oak").await;
    let token = app.token("wren-oak", &[Scope::Read]).await;
    assert_eq!(app.run_schedule("ActivityRecords").await, "1 new day of activity");
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(app.run_schedule("ActivityRecords").await, "0 new days of activity");
    assert_eq!(Browser::bearing(&app, &token).get("/api/v1/me").await.status, 200);
    assert_eq!(app.run_schedule("ActivityRecords").await, "1 new day of activity");
    app.finish().await;
}
