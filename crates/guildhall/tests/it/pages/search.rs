//! `/search`.

use super::{html, server};
use crate::app::scenarios::{Scenario, person, repo};

#[tokio::test]
async fn people_projects_and_pull_requests_are_found_by_a_part_of_their_name() {
    let app = server().await;
    for (text, shown) in [
        ("OAK", r#"href="/people/wren-oak""#),
        ("%40wren-oak", r#"href="/people/wren-oak""#),
        ("ante", r#"href="/projects/lantern""#),
        ("octo-org/LAN", r#"href="/pull-requests/octo-org/lantern/3""#),
        ("wren-oka", "Did you mean"),
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

#[tokio::test]
async fn a_title_with_characters_outside_ascii_is_found_as_it_is_written() {
    let app = server().await;
    let (author, at) = (person("jay-yew"), "2026-10-05T08:00:00Z");
    let mut scenario = Scenario::new(&repo(7, "lantern"), 9, &author, at);
    scenario.story.pull.title = "École: Übersicht".to_owned();
    let scenario = scenario.then(testkit::story::Act::Opened, &author, at);
    app.deliver(&scenario.deliveries).await;
    app.work().await;
    for text in ["%C3%89cole", "%C3%89COLE", "%C3%9CBERSICHT", "bersicht"] {
        let page = html(&app, &format!("/search?q={text}")).await;
        let found = r#"href="/pull-requests/octo-org/lantern/9""#;
        assert!(page.contains(found), "{text}: {page}");
    }
    app.finish().await;
}
