//! `/search`.

use identity::model::Role;

use super::{html, server};
use crate::app::{
    names::names,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn people_projects_and_pull_requests_are_found_by_a_part_of_their_name() {
    let app = server().await;
    for (text, shown) in [
        ("OAK", r#"href="/people/wren-oak""#),
        ("%40wren-oak", r#"href="/people/wren-oak""#),
        ("ante", r#"href="/projects/lantern""#),
        ("octo-org/LAN", r#"href="/pull-requests/octo-org/lantern/3""#),
        ("wren-oka", "Did you mean:"),
    ] {
        let page = html(&app, &format!("/search?q={text}")).await;
        assert!(page.contains(shown), "{text}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_search_without_results_keeps_the_text() {
    let app = server().await;
    for (text, said) in [
        ("zzzzzz", "Nothing contains"),
        ("%25", "Enter at least two characters"),
        ("x", "Enter at least two characters"),
        ("%3Cb%3Ezz", "&#60;b&#62;zz"),
        ("%25%25", "Nothing contains"),
    ] {
        let page = html(&app, &format!("/search?q={text}")).await;
        assert!(page.contains(said), "{text}: {page}");
        assert!(!page.contains("/people/wren-oak"), "{text}: {page}");
    }
    let empty = html(&app, "/search").await;
    assert!(!empty.contains("Nothing contains"), "{empty}");
    app.finish().await;
}

/// The names of half of the projects were chosen when they were created, those of the others afterwards.
#[tokio::test]
async fn projects_and_pull_requests_are_found_in_any_alphabet() {
    let app = server().await;
    let (author, at) = (person("jay-yew"), "2026-10-31T08:00:00Z");
    let admin = app.browser_with("rook-ash", Role::Admin).await;
    for ((name, _), number) in names().zip(10..) {
        let slug = format!("named-{number}");
        if number % 2 == 0 {
            app.project_named(&slug, name).await;
        } else {
            app.project(&slug).await;
            let address = format!("/projects/{slug}/edit");
            let filled = [("name", name), ("description", ""), ("tags", ""), ("difficulty", "")];
            assert_eq!(admin.post(&address, &filled).await.location(), address);
        }
        let mut scenario = Scenario::new(&repo(7, "lantern"), number, &author, at);
        scenario.story.pull.title = format!("Greet {name}!");
        let scenario = scenario.then(testkit::story::Act::Opened, &author, at);
        app.deliver(&scenario.deliveries).await;
    }
    app.work().await;
    app.know_reviewer("lantern", "wren-oak").await;
    let wren = app.browser_of("wren-oak").await;
    for ((name, typed), number) in names().zip(10..) {
        let project = format!(r#"href="/projects/named-{number}""#);
        let pull = format!("/pull-requests/octo-org/lantern/{number}");
        for text in &typed {
            let page = html(&app, &format!("/search?q={text}")).await;
            assert!(page.contains(&project), "{name} by {text}: {page}");
            assert!(page.contains(&format!(r#"href="{pull}""#)), "{name} by {text}: {page}");
        }
        let text = typed.last().expect("a text");
        let queue = wren.get(&format!("/projects/lantern/reviews?text={text}")).await.text;
        assert!(queue.contains(&pull), "{name} by {text}: {queue}");
        let queue = wren.json(&format!("/api/v1/projects/lantern/reviews?text={text}")).await;
        let found = queue["items"].as_array().expect("items").iter();
        let found: Vec<_> = found.map(|item| item["number"].as_i64()).collect();
        assert_eq!(found, [Some(number)], "{name} by {text}: {queue}");
    }
    app.finish().await;
}

#[tokio::test]
async fn people_are_found_by_names_that_their_logins_spell() {
    let app = server().await;
    for login in ["ostberg", "ivan-petrov", "li-wei"] {
        app.browser_of(login).await;
    }
    let moderator = app.browser_with("rook-ash", Role::Moderator).await;
    for (login, typed) in [
        ("ostberg", &["Östberg", "ÖSTBERG", "O\u{308}st", "ｏｓｔｂｅｒｇ"][..]),
        ("ivan-petrov", &["Иван", "ИВАН", "иван петров"]),
        ("li-wei", &["李伟"]),
    ] {
        let shown = format!(r#"href="/people/{login}""#);
        for text in typed {
            let page = html(&app, &format!("/search?q={text}")).await;
            assert!(page.contains(&shown), "{login} by {text}: {page}");
            let page = moderator.get(&format!("/admin/people?q={text}")).await.text;
            assert!(page.contains(login), "{login} by {text}: {page}");
            let list = moderator.json(&format!("/api/v1/admin/people?login={text}")).await;
            assert_eq!(list["items"][0]["login"], login, "{text}: {list}");
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn guides_are_found_and_kinds_have_tabs() {
    let app = server().await;
    let page = html(&app, "/search?q=pull+request").await;
    assert!(page.contains("href=\"/guides/contributing\""), "{page}");
    let page = html(&app, "/search?q=lantern").await;
    for part in ["Kinds of results", "kind=projects&#38;q=lantern", "href=\"/projects/lantern\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let one = html(&app, "/search?kind=projects&q=lantern").await;
    assert!(one.contains("href=\"/projects/lantern\""), "{one}");
    assert!(!one.contains("href=\"/pull-requests/octo-org/lantern/3\""), "{one}");
    let (status, _) = super::page(&app, "/search?kind=bread&q=lantern").await;
    assert_eq!(status, reqwest::StatusCode::BAD_REQUEST);
    app.finish().await;
}

#[tokio::test]
async fn the_api_finds_what_the_page_does() {
    let app = server().await;
    let found = app.json("/api/v1/search?q=lantern").await;
    let items = found["items"].as_array().expect("items");
    let kinds: std::collections::BTreeSet<&str> =
        items.iter().filter_map(|item| item["kind"].as_str()).collect();
    assert!(kinds.contains("projects") && kinds.contains("pull-requests"), "{found}");
    let people = app.json("/api/v1/search?q=oak&kind=people").await;
    assert_eq!(people["items"][0]["address"], "/people/wren-oak", "{people}");
    assert_eq!(people["items"].as_array().map(Vec::len), Some(1), "{people}");
    app.refuses("/api/v1/search?q=x", 400, "BAD_SEARCH", "2 to 100").await;
    app.refuses("/api/v1/search?q=oak&kind=bread", 400, "BAD_KIND", "must be one of").await;
    app.finish().await;
}
