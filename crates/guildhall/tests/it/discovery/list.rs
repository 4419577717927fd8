//! `GET /api/v1/opportunities`.

use serde_json::Value;

use super::*;

const PATH: &str = "/api/v1/opportunities";

/// Starts a server that follows a repository with three issues.
async fn server() -> (Reef, TestApp) {
    let reef = Reef::new().await;
    let app = reef.server().await;
    reef.open(LANTERN, "Report which page failed its checksum", &["bug", "good first issue"]);
    reef.open(LANTERN, "Explain the tide table", &["documentation", "help wanted"]);
    reef.open(LANTERN, "Rewrite the architecture of the storage", &[]);
    follow(&app, &[LANTERN]).await;
    (reef, app)
}

fn titles(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| item["title"].as_str().expect("a title")).collect()
}

#[tokio::test]
async fn issues_are_found_by_their_words() {
    let (_reef, app) = server().await;
    let found = app.json(&format!("{PATH}?q=checksums")).await;
    assert_eq!(titles(&found), ["Report which page failed its checksum"]);
    assert_eq!(found["total"], 1);
    let item = &found["items"][0];
    assert_eq!(item["repository"], LANTERN);
    assert_eq!(item["number"], 1);
    assert_eq!(item["url"], format!("https://github.com/{LANTERN}/issues/1"));
    assert_eq!(item["type"], "bug");
    assert_eq!(item["is_good_first"], true);
    let mistyped = app.json(&format!("{PATH}?q=cheksum")).await;
    assert_eq!(titles(&mistyped), titles(&found));
    assert_eq!(mistyped["corrections"][0]["word"], "cheksum");
    assert_eq!(mistyped["corrections"][0]["searched"], "checksum");
    let none = app.json(&format!("{PATH}?q=xylophone")).await;
    assert_eq!((titles(&none).len(), &none["total"]), (0, &Value::from(0)));
    app.finish().await;
}

#[tokio::test]
async fn filters_narrow_the_list_and_are_counted() {
    let (_reef, app) = server().await;
    let found = app.json(&format!("{PATH}?type=documentation")).await;
    assert_eq!(titles(&found), ["Explain the tide table"]);
    let types = found["facets"]["type"].as_array().expect("counts");
    let counts: i64 = types.iter().filter_map(|own| own["count"].as_i64()).sum();
    assert_eq!(counts, 3, "{types:?}");
    let labels = &found["facets"]["label"];
    assert_eq!(labels[0]["count"], 1, "{labels}");
    let both = format!("{PATH}?type=documentation&label=bug");
    assert_eq!(app.json(&both).await["total"], 0);
    app.finish().await;
}

#[tokio::test]
async fn the_last_activity_narrows_the_list() {
    let (reef, app) = server().await;
    reef.pass(&app, TimeDelta::days(3));
    reef.open(LANTERN, "Print the depth of the reef", &["bug"]);
    read_again(&app).await;
    let fresh = app.json(&format!("{PATH}?freshness=day&type=bug")).await;
    assert_eq!(titles(&fresh), ["Print the depth of the reef"]);
    let types = fresh["facets"]["type"].as_array().expect("counts");
    assert_eq!(types.len(), 1, "what is not fresh is not counted: {types:?}");
    for (freshness, total) in [("week", 4), ("month", 4)] {
        let found = app.json(&format!("{PATH}?freshness={freshness}")).await;
        assert_eq!(found["total"], total, "{freshness}");
    }
    let page = crate::app::browser::Browser::new(&app).get("/discover?freshness=day").await;
    assert!(page.text.contains("value=\"day\" selected"), "{}", page.text);
    assert!(!page.text.contains("tide table"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn pages_follow_each_other_in_each_order() {
    let (_reef, app) = server().await;
    for sort in ["best", "recent", "impact", "trending"] {
        let all = app.json(&format!("{PATH}?sort={sort}")).await;
        assert_eq!(titles(&all).len(), 3);
        assert!(all["next_cursor"].is_null());
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.json(&format!("{PATH}?sort={sort}&limit=1&cursor={cursor}")).await;
            assert_eq!(page["total"], 3, "{sort}");
            paged.extend(titles(&page).into_iter().map(str::to_owned));
            match page["next_cursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(paged, titles(&all), "{sort}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_worth_orders_a_list_without_words() {
    let (_reef, app) = server().await;
    let all = app.json(PATH).await;
    let worth: Vec<f64> = all["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| item["overall"].as_f64().expect("a number"))
        .collect();
    assert!(worth.is_sorted_by(|a, b| a >= b), "{worth:?}");
    for item in all["items"].as_array().expect("items") {
        let of = |name: &str| item[name].as_f64().expect("a number");
        let sum = 0.3 * of("impact")
            + 0.2 * (10.0 - of("complexity"))
            + 2.5 * of("confidence")
            + 0.25 * of("urgency");
        assert!((sum - of("overall")).abs() < 1e-9, "{item}");
    }
    app.finish().await;
}

#[tokio::test]
async fn caches_may_keep_what_everyone_sees() {
    let (_reef, app) = server().await;
    let answer = app.get(PATH).send().await.expect("an answer");
    let kept = answer.headers()["cache-control"].to_str().expect("text");
    assert_eq!(kept, "public, max-age=300, stale-while-revalidate=600");
    let own = app.browser_of("person").await.get(PATH).await;
    assert_eq!(own.header("cache-control"), "private, no-store");
    app.finish().await;
}

#[tokio::test]
async fn malformed_queries_are_refused() {
    let app = TestApp::start().await;
    for (query, code, words) in [
        ("level=high", "BAD_QUERY", "easy, medium, hard"),
        ("type=chore", "BAD_QUERY", "bug, feature, documentation"),
        ("hours=5", "BAD_QUERY", "short, medium, long"),
        ("health=good", "BAD_QUERY", "quiet, slow, healthy"),
        ("freshness=hour", "BAD_QUERY", "day, week, month"),
        ("sort=worst", "BAD_QUERY", "best, recent, impact or trending"),
        ("cursor=1", "BAD_CURSOR", "Start without a cursor"),
        ("limit=101", "BAD_LIMIT", "between 1 and 100"),
    ] {
        let path = format!("{PATH}?{query}");
        app.refuses(&path, 400, code, words).await;
    }
    let long = format!("{PATH}?q={}", "x".repeat(301));
    app.refuses(&long, 400, "BAD_QUERY", "at most 300").await;
    app.finish().await;
}
