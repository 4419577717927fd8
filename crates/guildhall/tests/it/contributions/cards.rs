//! Cards of leaderboards for READMEs.

use contributions::actions::{ProjectChange, change_project};
use platform::audit::Actor::Operator;
use recognition::{Programmes, actions::finalize_month};
use reqwest::{Response, StatusCode, header};
use serde_json::json;

use super::seasons::{merged, october, open_to_everyone};
use crate::{
    app::{TestApp, at},
    recognition::grants::board_of,
};

const HOSTILE: &str = "</title><script>alert(1)</script>";

async fn answer(app: &TestApp, board: &str) -> Response {
    let path = format!("/leaderboards{board}/card.svg");
    app.get(&path).send().await.expect("an answer")
}

/// Returns the card of a leaderboard after checking its headers.
async fn card(app: &TestApp, board: &str) -> String {
    let answer = answer(app, board).await;
    assert_eq!(answer.status(), StatusCode::OK, "{board}");
    let headers = answer.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "image/svg+xml");
    assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
    assert_eq!(
        headers[header::CONTENT_SECURITY_POLICY],
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    );
    let image = answer.text().await.expect("SVG");
    assert!(image.starts_with("<svg "), "{image}");
    for text in ["<script", "<a", "href", "url(", "@import"] {
        assert!(!image.contains(text), "{text}: {image}");
    }
    image
}

fn contains(image: &str, texts: &[&str]) {
    for text in texts {
        let shown = format!(">{text}</text>");
        assert!(image.contains(&shown), "{text}: {image}");
    }
}

/// Gives the project a tag, and opens a season with it.
async fn add_boards(app: &TestApp) {
    let change = ProjectChange { tags: Some(vec!["Rust".to_owned()]), ..ProjectChange::default() };
    change_project(app.context(), Operator, "season", change).await.expect("changed");
    app.season(open_to_everyone()).await;
    app.work().await;
}

async fn finalize_october(app: &TestApp) {
    app.clock.set(at("2026-11-08T00:00:00Z"));
    let month = "2026-10".parse().expect("a month");
    let programmes = Programmes::of(&app.server);
    let done = finalize_month(app.context(), programmes, Operator, month).await;
    assert!(done.expect("final"));
}

#[tokio::test]
async fn each_leaderboard_has_a_card() {
    let app = TestApp::of_lantern().await;
    add_boards(&app).await;
    let scenarios = [
        merged(1, "wren-oak", "2026-10-02T08:00:00Z"),
        merged(2, "finch-ash", "2026-10-03T08:00:00Z"),
        merged(3, "finch-ash", "2026-10-04T08:00:00Z"),
    ];
    app.deliver_all(&scenarios.each_ref()).await;
    for (board, heading, period) in [
        ("", "Leaderboard", "All time · 2 people"),
        ("/months/2026-10", "Leaderboard", "October 2026 · Provisional · 2 people"),
        ("/projects/season", "season leaderboard", "All time · 2 people"),
        (
            "/projects/season/months/2026-10",
            "season leaderboard",
            "October 2026 · Provisional · 2 people",
        ),
        ("/seasons/autumn", "Autumn leaderboard", "Provisional · 2 people"),
        ("/skills/rust", "Rust leaderboard", "All time · 2 people"),
    ] {
        let image = card(&app, board).await;
        contains(&image, &[heading, period, "Guildhall"]);
        contains(&image, &["1", "finch-ash", "120", "2", "wren-oak", "60"]);
        let place = |login: &str| image.find(&format!(">{login}</text>"));
        assert!(place("finch-ash") < place("wren-oak"), "{image}");
        let described = "1 finch-ash: 120 points, 2 wren-oak: 60 points</desc>";
        assert!(image.contains(described), "{image}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_card_shows_five_people_and_marks_ties() {
    let app = TestApp::start().await;
    board_of(&app, &["global"], &[1_500, 40, 40, 30, 20, 10]).await;
    let image = card(&app, "").await;
    contains(&image, &["p1", "1,500", "=2", "p3", "4", "p5", "All time · 6 people"]);
    assert!(!image.contains(">p6<"), "{image}");
    app.finish().await;
}

#[tokio::test]
async fn an_empty_leaderboard_says_how_people_appear() {
    let app = TestApp::of_lantern().await;
    add_boards(&app).await;
    for (board, nothing) in [
        ("", "No points yet"),
        ("/months/2026-11", "No points in November 2026"),
        ("/projects/season", "No points yet"),
        ("/projects/season/months/2026-10", "No points in October 2026"),
        ("/seasons/autumn", "No points yet"),
        ("/skills/rust", "No points yet"),
    ] {
        let image = card(&app, board).await;
        contains(&image, &[nothing, "People appear here when they earn points."]);
    }
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_leaderboard_has_no_card() {
    let app = TestApp::of_lantern().await;
    app.draft_season(october()).await;
    for (board, words) in [
        ("/projects/nothing", "Unknown project"),
        ("/projects/season/months/2020-01", "There is no leaderboard"),
        ("/months/2020-01", "There is no leaderboard"),
        ("/seasons/autumn", "Unknown season"),
        ("/skills/rust", "Unknown skill"),
    ] {
        let answer = answer(&app, board).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{board}");
        let page = answer.text().await.expect("HTML");
        assert!(page.contains(words), "{board}: {page}");
    }
    let wrong = answer(&app, "/months/october").await;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    app.finish().await;
}

#[tokio::test]
async fn hostile_names_are_escaped_and_cut() {
    let app = TestApp::with(|config| config.community_name = HOSTILE.to_owned()).await;
    app.project("season").await;
    let renamed = format!("UPDATE projects SET name = '{HOSTILE}' WHERE slug = 'season'");
    app.change(&renamed).await.expect("renamed");
    let image = card(&app, "/projects/season").await;
    let cut = "&#60;/title&#62;&#60;script&#62;alert(1)&#60;/s…";
    contains(&image, &[cut, &format!("{cut} leaderboard")]);
    let page = app.get("/leaderboards/projects/season").send().await;
    let page = page.expect("a page").text().await.expect("HTML");
    let markdown = "[![/titlescriptalert(1)/script leaderboard](";
    assert!(page.contains(markdown), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn people_who_opted_out_are_not_shown() {
    let app = TestApp::of_lantern().await;
    let scenarios = [
        merged(1, "wren-oak", "2026-10-02T08:00:00Z"),
        merged(2, "finch-ash", "2026-10-03T08:00:00Z"),
    ];
    app.deliver_all(&scenarios.each_ref()).await;
    finalize_october(&app).await;
    let own = app.browser_of("wren-oak").await;
    let body = json!({ "is_listed": false });
    let set = own.call("PUT", "/api/v1/me/listing", Some(&body)).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text);
    for (board, removed) in [("", 0), ("/projects/season", 0), ("/months/2026-10", 1)] {
        let image = card(&app, board).await;
        assert!(!image.contains("wren-oak"), "{board}: {image}");
        contains(&image, &["finch-ash", "60"]);
        let found = image.matches(">(removed)</text>").count();
        assert_eq!(found, removed, "{board}: {image}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_month_is_provisional_until_it_is_final() {
    let app = TestApp::of_lantern().await;
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&own]).await;
    let boards = ["/months/2026-10", "/projects/season/months/2026-10"];
    for board in boards {
        let image = card(&app, board).await;
        contains(&image, &["October 2026 · Provisional · 1 person"]);
    }
    finalize_october(&app).await;
    for board in boards {
        let image = card(&app, board).await;
        contains(&image, &["October 2026 · Final · 1 person"]);
    }
    contains(&card(&app, "").await, &["All time · 1 person"]);
    app.finish().await;
}

#[tokio::test]
async fn an_unchanged_card_is_not_sent_again() {
    let app = TestApp::of_lantern().await;
    let first = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    app.deliver_all(&[&first]).await;
    let tag = answer(&app, "").await.headers()[header::ETAG].clone();
    let again = || {
        let known = app.get("/leaderboards/card.svg");
        known.header(header::IF_NONE_MATCH, tag.clone()).send()
    };
    let known = again().await.expect("an answer");
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(known.headers()[header::ETAG], tag);
    let second = merged(2, "finch-ash", "2026-10-03T08:00:00Z");
    app.deliver_all(&[&second]).await;
    let changed = again().await.expect("an answer");
    assert_eq!(changed.status(), StatusCode::OK);
    assert!(changed.text().await.expect("SVG").contains("finch-ash"));
    app.finish().await;
}

#[tokio::test]
async fn a_leaderboard_offers_its_card_as_markdown() {
    let app = TestApp::of_lantern().await;
    for (board, title) in [
        ("", "Leaderboard"),
        ("/months/2026-11", "November 2026 leaderboard"),
        ("/projects/season", "season leaderboard"),
    ] {
        let path = format!("/leaderboards{board}");
        let page = app.get(&path).send().await.expect("a page");
        let page = page.text().await.expect("HTML");
        let site = app.server.config.site();
        let markdown = format!(r#"value="[![{title}]({site}{path}/card.svg)]({site}{path})""#);
        assert!(page.contains(&markdown), "{markdown}: {page}");
        let link = format!(r#"<a href="{path}/card.svg">See the image</a>"#);
        assert!(page.contains(&link), "{page}");
    }
    app.finish().await;
}
