//! Profiles: the texts of people about themselves, and what others see of them.

use serde_json::json;

use crate::app::{TestApp, markup::joined};

const FIELDS: &[(&str, &str)] = &[
    ("name", "Ines Halloran"),
    ("bio", "I keep data where it was put."),
    ("pronouns", "she/her"),
    ("location", "Fenwick"),
    ("link_label_0", "My site"),
    ("link_address_0", "https://halloran.example"),
    ("contact", "https://halloran.example/contact"),
    ("timezone", "Europe/Berlin"),
];

#[tokio::test]
async fn a_profile_is_saved_and_seen() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    assert_eq!(browser.post("/settings/profile", FIELDS).await.location(), "/settings/profile");
    let page = browser.get("/people/wren-oak").await.text;
    for part in ["Ines Halloran", "I keep data", "she/her", "Fenwick", "My site"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("halloran.example/contact"), "open to nothing: {page}");
    assert!(page.contains("Edit profile"), "one's own page: {page}");
    let visitor = app.get("/people/wren-oak").send().await.expect("an answer");
    assert!(!visitor.text().await.expect("a page").contains("Edit profile"));
    let open = [FIELDS, &[("open_to", "teams"), ("hidden", "about")]].concat();
    browser.post("/settings/profile", &open).await.location();
    let page = browser.get("/people/wren-oak").await.text;
    assert!(page.contains("Open to joining a team.") && page.contains("halloran.example/contact"));
    assert!(!page.contains("I keep data") && !page.contains("Fenwick"), "{page}");
    let person = browser.call("GET", "/api/v1/people/wren-oak", None).await.json();
    assert_eq!((&person["name"], &person["picture"]), (&json!("Ines Halloran"), &json!(null)));
    let form = browser.get("/settings/profile").await.text;
    assert!(form.contains("As others will see you") && form.contains("are hidden"), "{form}");
    assert!(form.contains("<span data-counts=\"bio\">29</span> of at most 160"), "{form}");
    assert!(form.contains("value=\"Europe/Berlin\"") && form.contains("value=\"Fenwick\""));
    app.finish().await;
}

#[tokio::test]
async fn a_refused_profile_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let long = "x".repeat(61);
    let fields = [("name", long.as_str()), ("bio", "Kept"), ("link_address_1", "javascript:x")];
    let answer = browser.post("/settings/profile", &fields).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains(&long) && answer.text.contains("Kept"), "{}", answer.text);
    let zone = browser.post("/settings/profile", &[("timezone", "Mars/Olympus")]).await;
    assert_eq!(zone.status, 422);
    app.finish().await;
}

#[tokio::test]
async fn links_are_added_and_removed_without_saving() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let shown = |page: &str| page.matches("<li><div class=\"field\">").count();
    let asked = browser.post("/settings/profile", &[FIELDS, &[("add_link", "1")]].concat()).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    let page = joined(&asked.text);
    assert_eq!(shown(&page), 2, "{page}");
    assert!(page.contains("value=\"My site\"") && page.contains("Not saved yet."), "{page}");
    let less = [FIELDS, &[("remove_link", "0")]].concat();
    let page = joined(&browser.post("/settings/profile", &less).await.text);
    assert_eq!(shown(&page), 1, "{page}");
    assert!(!page.contains("My site") && page.contains("value=\"Fenwick\""), "{page}");
    let stored = browser.call("GET", "/api/v1/me/profile", None).await.json();
    assert_eq!(stored["links"], json!([]), "nothing was saved");
    app.finish().await;
}

#[tokio::test]
async fn the_api_changes_what_it_names() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let path = "/api/v1/me/profile";
    let change = json!({ "name": "Wren", "links": [{ "url": "https://wren.example/" }] });
    let answer = browser.call("PATCH", path, Some(&change)).await.json();
    assert_eq!(answer["links"][0]["label"], "wren.example");
    let answer = browser.call("PATCH", path, Some(&json!({ "open_to": ["talks"] }))).await.json();
    assert_eq!((&answer["name"], &answer["open_to"]), (&json!("Wren"), &json!(["talks"])));
    assert_eq!(browser.call("GET", path, None).await.json(), answer);
    let wrong = json!({ "open_to": ["everything"], "contact": "by pigeon" });
    let refused = browser.call("PATCH", path, Some(&wrong)).await;
    assert_eq!(refused.status, 422);
    let refused = refused.json();
    assert_eq!(refused["code"], "BAD_PROFILE");
    assert_eq!(refused["errors"].as_array().map(Vec::len), Some(2), "{refused}");
    app.finish().await;
}
