//! People, their transactions and their pull requests.

use serde_json::{Value, json};

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// Delivers `count` pull requests of `hexacat`, a day apart; every second one is merged.
async fn deliver_work_of_hexacat(app: &TestApp, count: i64) {
    for number in 1..=count {
        let day = format!("2026-10-{number:02}T08:00:00Z");
        let scenario = Scenario::opened(&repo(1, "lantern"), number, &person("hexacat"), &day);
        let scenario = if number % 2 == 0 {
            scenario.merged(&format!("2026-10-{number:02}T18:00:00Z"))
        } else {
            scenario
        };
        app.deliver(&scenario.deliveries).await;
    }
    app.work().await;
}

/// Reads a list page by page; returns one field of each item.
async fn walk(app: &TestApp, path: &str, limit: usize, field: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.json(&format!("{path}?limit={limit}{cursor}")).await;
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= limit);
        found.extend(items.iter().map(|item| item[field].to_string()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn a_person_has_points_and_a_rank() {
    let app = TestApp::of_lantern().await;
    deliver_work_of_hexacat(&app, 2).await;
    let shown = app.json("/api/v1/people/hexacat").await;
    assert_eq!(
        (&shown["login"], &shown["points"], &shown["kind"]),
        (&json!("hexacat"), &json!(70), &json!("user"))
    );
    assert_eq!(
        (&shown["all_time_rank"]["rank"], &shown["all_time_rank"]["people"]),
        (&json!(1), &json!(1))
    );
    let without = app.json("/api/v1/people/maintainer").await;
    assert_eq!((&without["points"], &without["all_time_rank"]), (&json!(0), &Value::Null));
    app.finish().await;
}

#[tokio::test]
async fn transactions_are_paged_from_the_newest() {
    let app = TestApp::of_lantern().await;
    deliver_work_of_hexacat(&app, 6).await;
    let path = "/api/v1/people/hexacat/transactions";
    let whole = walk(&app, path, 100, "id").await;
    assert_eq!(whole.len(), 9);
    for limit in [1, 4, 9] {
        assert_eq!(walk(&app, path, limit, "id").await, whole, "by {limit}");
    }
    let mut instants = walk(&app, path, 100, "occurred_at").await;
    instants.reverse();
    assert!(instants.is_sorted());
    let newest = &app.json(path).await["items"][0];
    assert_eq!(
        (&newest["kind"], &newest["reason"], &newest["points"]),
        (&json!("AWARD"), &json!("pr_merged"), &json!(50))
    );
    let source = json!({
        "label": "octo-org/lantern #6", "link": "/pull-requests/octo-org/lantern/6"
    });
    assert_eq!(newest["source"], source);
    assert_eq!(newest["explanation"]["awards"][0]["points"], 50);
    app.finish().await;
}

#[tokio::test]
async fn reversed_points_remain_in_the_ledger() {
    let app = TestApp::of_lantern().await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    let scenario = scenario.labeled("spam", "2026-10-02T09:00:00Z");
    app.deliver(&scenario.deliveries[1..]).await;
    app.work().await;
    let path = "/api/v1/people/hexacat/transactions";
    let mut points = walk(&app, path, 100, "points").await;
    points.sort();
    assert_eq!(points, ["-10", "-20", "10"]);
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], -20);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn pull_requests_are_paged_from_the_newest() {
    let app = TestApp::of_lantern().await;
    deliver_work_of_hexacat(&app, 5).await;
    let path = "/api/v1/people/hexacat/pull-requests";
    let whole = walk(&app, path, 100, "pull_request").await;
    let expected = [5, 4, 3, 2, 1].map(|number| format!("\"octo-org/lantern#{number}\""));
    assert_eq!(whole, expected);
    assert_eq!(walk(&app, path, 2, "pull_request").await, whole);
    assert_eq!(walk(&app, path, 5, "points").await, ["10", "60", "10", "60", "10"]);
    app.finish().await;
}

#[tokio::test]
async fn unknown_people_are_not_found_and_bad_queries_are_refused() {
    let app = TestApp::of_lantern().await;
    deliver_work_of_hexacat(&app, 1).await;
    for list in ["", "/transactions", "/pull-requests"] {
        let path = format!("/api/v1/people/unknown-login{list}");
        app.refuses(&path, 404, "PERSON_NOT_FOUND", "Unknown login 'unknown-login'").await;
    }
    for list in ["transactions", "pull-requests"] {
        let path = format!("/api/v1/people/hexacat/{list}");
        for (query, code) in [
            ("limit=0", "BAD_LIMIT"),
            ("limit=101", "BAD_LIMIT"),
            ("limit=x", "BAD_QUERY"),
            ("cursor=", "BAD_CURSOR"),
            ("cursor=yesterday.00", "BAD_CURSOR"),
            ("cursor=-262143-01-01T00:00:00Z.00000000000000000000000000000001", "BAD_CURSOR"),
        ] {
            app.refuses(&format!("{path}?{query}"), 400, code, "").await;
        }
    }
    app.finish().await;
}
