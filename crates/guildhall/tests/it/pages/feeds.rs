//! Atom feeds of projects and people.

use reqwest::{StatusCode, header};
use serde_json::Value;
use testkit::story::Act;

use super::{html, server};
use crate::app::{
    TestApp,
    scenarios::{Scenario, delivery, person, repo},
};

/// Returns a feed, after checking its type.
async fn feed(app: &TestApp, path: &str) -> String {
    let answer = app.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let kind = answer.headers()[header::CONTENT_TYPE].to_str().expect("text");
    assert_eq!(kind, "application/atom+xml; charset=utf-8");
    answer.text().await.expect("XML")
}

/// Returns the texts of an element, in order.
fn texts<'a>(feed: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let found = feed.split(&*open).skip(1);
    found.map(|rest| rest.split(&*close).next().expect("an end")).collect()
}

#[tokio::test]
async fn a_project_s_feed_lists_its_pull_requests_latest_first() {
    let app = server().await;
    let xml = feed(&app, "/projects/lantern/feed.atom").await;
    let summaries = texts(&xml, "summary");
    assert_eq!(summaries.len(), 3, "{xml}");
    assert!(summaries[0].starts_with("octo-org/lantern #3: Open, 10 points"), "{xml}");
    assert!(xml.contains("octo-org/lantern #1: Merged, 60 points"), "{xml}");
    let site = app.server.config.site();
    for part in [
        format!("href=\"{site}/projects/lantern/feed.atom\"/>"),
        format!("<link rel=\"alternate\" type=\"text/html\" href=\"{site}/projects/lantern\"/>"),
        format!("href=\"{site}/pull-requests/octo-org/lantern/1\"/>"),
        "<author><name>wren-oak</name></author>".to_owned(),
        "<updated>2026-10-28T08:00:00Z</updated>".to_owned(),
    ] {
        assert!(xml.contains(&part), "{part}: {xml}");
    }
    let page = html(&app, "/projects/lantern").await;
    let link = "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Pull requests of lantern\" \
                href=\"/projects/lantern/feed.atom\">";
    assert!(page.contains(link), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn a_person_s_feed_lists_points_with_their_reasons() {
    let app = server().await;
    let xml = feed(&app, "/people/wren-oak/feed.atom").await;
    let titles = texts(&xml, "title");
    assert_eq!(titles[0], "wren-oak&#39;s points");
    assert_eq!(titles.len(), 3, "{xml}");
    assert!(titles[1].starts_with("+50 points: ") && titles[1].ends_with(", octo-org/lantern #1"));
    assert!(titles[2].starts_with("+10 points: "), "{titles:?}");
    assert!(xml.contains("/pull-requests/octo-org/lantern/1#ledger\"/>"), "{xml}");
    let page = html(&app, "/people/wren-oak").await;
    assert!(page.contains("href=\"/people/wren-oak/feed.atom\">"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again() {
    let app = server().await;
    for path in ["/projects/lantern/feed.atom", "/people/rook-elm/feed.atom"] {
        let first = app.get(path).send().await.expect("an answer");
        let tag = first.headers()[header::ETAG].clone();
        let ask = || app.get(path).header(header::IF_NONE_MATCH, tag.clone()).send();
        assert_eq!(ask().await.expect("an answer").status(), StatusCode::NOT_MODIFIED);
        let number = if path.starts_with("/people") { 5 } else { 4 };
        let more = Scenario::opened(
            &repo(7, "lantern"),
            number,
            &person("rook-elm"),
            "2026-10-29T08:00:00Z",
        );
        app.deliver(&more.deliveries).await;
        app.work().await;
        assert_eq!(ask().await.expect("an answer").status(), StatusCode::OK, "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn hostile_titles_stay_text() {
    let app = server().await;
    let title = "]]></title></entry>\u{0}\u{8}\u{1b}<script>&amp;\"'\u{202e}";
    let mut scenario =
        Scenario::new(&repo(7, "lantern"), 9, &person("rook-elm"), "2026-10-29T08:00:00Z");
    scenario.story.pull.title = "plain title".into();
    let scenario = scenario.then(Act::Opened, &person("rook-elm"), "2026-10-29T08:00:00Z");
    let json = Value::from(title).to_string();
    for plain in &scenario.deliveries {
        let body = plain.body.get().replace("plain title", &json[1..json.len() - 1]);
        app.deliver(&[delivery(&plain.event, &body)]).await;
    }
    app.work().await;
    let xml = feed(&app, "/projects/lantern/feed.atom").await;
    assert_eq!(texts(&xml, "entry").len(), 4, "{xml}");
    let shown = texts(&xml, "title")[1];
    assert!(shown.contains("]]&#62;&#60;/title&#62;&#60;/entry&#62;"), "{shown}");
    assert!(shown.contains("&#60;script&#62;&#38;amp;&#34;&#39;"), "{shown}");
    let is_forbidden = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r');
    assert!(!xml.contains(is_forbidden) && !xml.contains("<script"), "{xml}");
    app.finish().await;
}

#[tokio::test]
async fn feeds_have_a_bound_and_unknown_ones_are_refused() {
    let app = TestApp::start().await;
    app.project("lantern").await;
    app.repository("lantern", "octo-org/lantern", 7).await;
    let empty = feed(&app, "/projects/lantern/feed.atom").await;
    assert!(texts(&empty, "entry").is_empty(), "{empty}");
    let pulls: Vec<Scenario> = (1..=40)
        .map(|number| {
            // Two a day, since only ten a day earn points.
            let opened = format!("2026-10-{:02}T08:00:{:02}Z", 1 + number / 2, number);
            Scenario::opened(&repo(7, "lantern"), number, &person("wren-oak"), &opened)
        })
        .collect();
    app.deliver_all(&pulls.iter().collect::<Vec<_>>()).await;
    for path in ["/projects/lantern/feed.atom", "/people/wren-oak/feed.atom"] {
        let xml = feed(&app, path).await;
        assert_eq!(texts(&xml, "entry").len(), 30, "{path}: {xml}");
    }
    for path in ["/projects/nothing/feed.atom", "/people/no-one/feed.atom"] {
        let answer = app.get(path).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    app.finish().await;
}
