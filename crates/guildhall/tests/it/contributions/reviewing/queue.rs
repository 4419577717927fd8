//! The queue of reviews: parts, filters, order and paging.

use contributions::model::ReviewAction;
use serde_json::Value;
use testkit::story::Act;

use super::server;
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

const QUEUE: &str = "/api/v1/projects/season/reviews";

fn numbers(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().expect("items").iter();
    items.map(|item| item["number"].as_i64().expect("a number")).collect()
}

/// Opens pull requests 2 to 5 a day apart: the fifth has a label, and the fourth is closed.
async fn filled() -> TestApp {
    let (app, _) = server().await;
    let lantern = repo(1, "lantern");
    let opened = |number: i64| {
        let opened = format!("2026-10-{:02}T08:00:00Z", 20 + number);
        Scenario::opened(&lantern, number, &person("monacat"), &opened)
    };
    let closed = opened(4).then(Act::Closed, &person("monacat"), "2026-10-25T08:00:00Z");
    let labeled = opened(5).labeled("needs-Docs", "2026-10-26T08:00:00Z");
    app.deliver_all(&[&opened(2), &opened(3), &closed, &labeled]).await;
    app
}

#[tokio::test]
async fn what_runs_out_first_comes_first_and_filters_narrow_it() {
    let app = filled().await;
    let wren = app.browser_of("wren-oak").await;
    let all = wren.json(QUEUE).await;
    assert_eq!(numbers(&all), [2, 3, 5, 1], "{all}");
    let first = &all["items"][0];
    assert_eq!(first["state"], "OPEN");
    assert_eq!(first["active_at"], "2026-10-22T08:00:00Z");
    assert_eq!(first["stale_at"], "2026-11-21T08:00:00Z");
    assert_eq!(first["abandoned_at"], "2026-12-21T08:00:00Z");
    // A review in progress is released after 14 days, which is before the others are abandoned.
    app.review("lantern", 1, "finch-ash", ReviewAction::Started).await.expect("started");
    app.work().await;
    let all = wren.json(QUEUE).await;
    assert_eq!(numbers(&all), [1, 2, 3, 5], "{all}");
    assert_eq!(all["items"][0]["reviewers"][0]["login"], "finch-ash");
    for (filter, found) in [
        ("state=OPEN", &[2, 3, 5][..]),
        ("state=UNDER_REVIEW", &[1]),
        ("state=ABANDONED", &[]),
        ("age_days=9", &[2]),
        ("idle_days=8", &[2, 3]),
        ("repository=Octo-Org/Lantern", &[1, 2, 3, 5]),
        ("text=NEEDS-docs", &[5]),
        ("text=lantern%233", &[3]),
        ("text=nothing", &[]),
    ] {
        let page = wren.json(&format!("{QUEUE}?{filter}")).await;
        assert_eq!(numbers(&page), found, "{filter}");
    }
    for base in [QUEUE, "/api/v1/reviews"] {
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = wren.json(&format!("{base}?limit=1{cursor}")).await;
            paged.extend(numbers(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(paged, [1, 2, 3, 5], "{base}");
    }
    let searched = wren.json(&format!("{QUEUE}?text=lantern&limit=2")).await;
    let cursor = searched["next_cursor"].as_str().expect("a next page");
    let next = wren.json(&format!("{QUEUE}?text=lantern&limit=2&cursor={cursor}")).await;
    assert_eq!((numbers(&searched), numbers(&next)), (vec![1, 2], vec![3, 5]));
    app.finish().await;
}

#[tokio::test]
async fn the_page_counts_its_parts_and_keeps_the_filter() {
    let app = filled().await;
    let wren = app.browser_of("wren-oak").await;
    for path in ["/projects/season/reviews", "/reviews"] {
        let page = wren.get(&format!("{path}?idle_days=7&text=lantern")).await.text;
        assert!(page.contains("Everything <span class=\"count\">4</span>"), "{page}");
        assert!(page.contains("Abandoned <span class=\"count\">0</span>"), "{page}");
        let kept = format!("{path}?state=OPEN&#38;idle_days=7&#38;text=lantern");
        assert!(page.contains(&kept), "{kept}: {page}");
        assert!(page.contains("/pull-requests/octo-org/lantern/2#review"), "{page}");
        assert!(!page.contains("/pull-requests/octo-org/lantern/1#review"), "{page}");
        let none = wren.get(&format!("{path}?text=nothing")).await.text;
        assert!(none.contains("No matching pull requests"), "{none}");
        let bad = wren.get(&format!("{path}?state=LIKED")).await;
        assert_eq!(bad.status, 400);
    }
    let stranger = app.browser_of("rook-elm").await;
    let page = stranger.get("/reviews").await.text;
    assert!(page.contains("You maintain no projects"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn repositories_of_all_maintained_projects_are_looked_up_in_one_query() {
    let (app, count) = TestApp::counted().await;
    let wren = app.browser_of("wren-oak").await;
    let mut statements = Vec::new();
    for (number, slug) in [(1, "season"), (2, "harbor"), (3, "wick")] {
        app.project(slug).await;
        app.repository(slug, &format!("octo-org/{slug}"), number).await;
        app.add_maintainer(slug, "wren-oak").await;
        app.work().await;
        count.take();
        let path = format!("/api/v1/reviews?repository=octo-org/{slug}");
        assert_eq!(wren.get(&path).await.status, 200, "{path}");
        statements.push(count.take());
    }
    assert_eq!(statements[1], statements[2], "{statements:?}");
    app.finish().await;
}

#[tokio::test]
async fn invalid_filters_are_refused() {
    let (app, _) = server().await;
    let wren = app.browser_of("wren-oak").await;
    for (filter, status, code, words) in [
        ("state=LIKED", 400, "BAD_QUERY", "ABANDONED"),
        ("age_days=4000", 400, "BAD_QUERY", "at most 3650"),
        ("idle_days=4000", 400, "BAD_QUERY", "at most 3650"),
        ("repository=octo-org/other", 404, "NOT_FOUND", "belongs to these projects"),
        ("cursor=first", 400, "BAD_CURSOR", "Start without a cursor"),
    ] {
        for base in [QUEUE, "/api/v1/reviews"] {
            let refused = wren.get(&format!("{base}?{filter}")).await;
            refused.refuses(status, code, words);
        }
    }
    let long = format!("{QUEUE}?text={}", "x".repeat(101));
    wren.get(&long).await.refuses(400, "BAD_QUERY", "100 characters");
    app.finish().await;
}
