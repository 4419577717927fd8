//! The contributors of a project, their page, file and API.

use serde_json::{Value, json};

use super::{lines, server};

const API: &str = "/api/v1/projects/season/contributors";
const PAGE: &str = "/projects/season/contributors";

fn logins(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().expect("items").iter();
    items.map(|item| item["login"].as_str().expect("a login").to_owned()).collect()
}

#[tokio::test]
async fn people_are_listed_by_merges_and_by_pages() {
    let app = server().await;
    let wren = app.browser_of("wren-oak").await;
    let all = wren.json(API).await;
    assert_eq!(logins(&all), ["hexacat", "octofox", "monacat"], "{all}");
    let first = &all["items"][0];
    for (name, value) in [
        ("opened", json!(3)),
        ("merged", json!(3)),
        ("closed", json!(0)),
        ("merge_rate_percent", json!(100.0)),
        ("median_rating", json!(4)),
        ("last_active_at", json!("2026-11-01T07:00:00Z")),
    ] {
        assert_eq!(first[name], value, "{name}: {first}");
    }
    let points = app.json("/api/v1/people/hexacat").await;
    assert_eq!(first["points"], points["points"], "{points}");
    let last = &all["items"][2];
    assert_eq!((&last["opened"], &last["closed"]), (&json!(2), &json!(1)));
    assert_eq!(last["last_active_at"], "2026-10-29T08:00:00Z");
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = wren.json(&format!("{API}?limit=1{cursor}")).await;
        paged.extend(logins(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, ["hexacat", "octofox", "monacat"]);
    let refused = wren.call("GET", &format!("{API}?cursor=x"), None).await;
    refused.refuses(400, "BAD_CURSOR", "Start without a cursor");
    app.finish().await;
}

#[tokio::test]
async fn a_search_finds_logins_that_begin_with_a_text() {
    let app = server().await;
    let wren = app.browser_of("wren-oak").await;
    for (login, found) in [
        ("HEX", &["hexacat"][..]),
        ("ｈéx", &["hexacat"]),
        ("o", &["octofox"]),
        ("cat", &[]),
        ("%25", &[]),
        ("wren-oak", &[]),
    ] {
        let page = wren.json(&format!("{API}?login={login}")).await;
        assert_eq!(logins(&page), found, "{login}");
    }
    let long = "a".repeat(40);
    let refused = wren.call("GET", &format!("{API}?login={long}"), None).await;
    refused.refuses(400, "BAD_QUERY", "at most 39 characters");
    let refused = wren.get(&format!("{PAGE}?login={long}")).await;
    refused.refuses_form(422, Some("login"), "at most 39 characters");
    assert!(refused.text.contains(&long), "{}", refused.text);
    app.finish().await;
}

#[tokio::test]
async fn the_file_equals_the_page() {
    let app = server().await;
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get(&format!("{PAGE}?login=mona")).await.text;
    for words in [
        "monacat",
        "contributors.csv?login=mona",
        "value=\"mona\"",
        "2 opened, 1 closed, merge rate 0%",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("hexacat"), "{page}");
    let file = lines(&app, "wren-oak", &format!("{PAGE}.csv?login=mona")).await;
    assert_eq!(file.len(), 2, "{file:?}");
    assert!(file[1].starts_with("\"monacat\",2,0,1,0,,"), "{file:?}");
    assert!(file[1].ends_with("2026-10-29T08:00:00Z"), "{file:?}");
    let all = lines(&app, "wren-oak", &format!("{PAGE}.csv")).await;
    assert_eq!(all.len(), 4, "{all:?}");
    let none = wren.get(&format!("{PAGE}?login=unknown")).await.text;
    assert!(none.contains("No matching contributors"), "{none}");
    app.finish().await;
}

#[tokio::test]
async fn closed_accounts_are_shown_without_their_login() {
    let app = server().await;
    let fox = app.browser_of("octofox").await;
    let closed = fox.post("/settings/account/close", &[("login", "octofox")]).await;
    assert_eq!(closed.status, 303, "{}", closed.text);
    app.work().await;
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get(PAGE).await.text;
    assert!(!page.contains("octofox") && page.contains("hexacat"), "{page}");
    app.finish().await;
}
