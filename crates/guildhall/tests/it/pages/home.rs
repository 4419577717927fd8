use platform::config::Config;
use reqwest::header;
use testkit::{
    payloads::Verdict,
    story::{Act, NewReview},
};

use super::{html, server};
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn the_front_page_shows_top_people_and_what_they_did() {
    let app = server().await;
    let html = html(&app, "/").await;
    assert!(html.contains("<strong>3 people</strong>"), "{html}");
    assert!(html.contains(r#"href="/people/wren-oak"><bdi>wren-oak</bdi></a>"#), "{html}");
    assert!(html.contains("merged in lantern"), "{html}");
    assert!(html.contains("had their first pull request merged in lantern"), "{html}");
    assert!(html.contains(r#"href="/pull-requests/octo-org/lantern/"#), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn an_empty_server_explains_what_will_appear() {
    let app = TestApp::start().await;
    let html = html(&app, "/").await;
    assert!(html.contains("No points yet") && html.contains("The first day"), "{html}");
    assert!(html.contains("Points appear when the first pull request is opened or merged"));
    app.finish().await;
}

#[tokio::test]
async fn a_visitor_sees_how_to_take_part_and_the_top_of_this_month() {
    let app = server().await;
    let page = html(&app, "/").await;
    for part in [
        "Most all-time points",
        "How to take part",
        "<a class=\"btn primary large\" href=\"/sign-in\">Join",
        "<a href=\"/projects\">Choose a project</a>",
        "<a href=\"/guides\">Guides</a>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let merged =
        Scenario::opened(&repo(7, "lantern"), 9, &person("rook-elm"), "2026-10-28T09:00:00Z")
            .approved("2026-10-29T09:00:00Z")
            .merged("2026-11-02T09:00:00Z");
    app.clock.advance(chrono::TimeDelta::days(4));
    app.deliver(&merged.deliveries).await;
    app.work().await;
    let page = html(&app, "/").await;
    assert!(page.contains("Most points this month</a></h3>"), "{page}");
    assert!(page.contains("href=\"/leaderboards/months/2026-11\""));
    let board =
        page.split("Most points this month").nth(1).and_then(|rest| rest.split("</ol>").next());
    let board = board.expect("a board");
    assert!(board.contains("<bdi>rook-elm</bdi>") && !board.contains("<bdi>wren-oak</bdi>"));
    assert!(page.contains("<strong>1 person</strong> with points this month"), "{page}");
    app.finish().await;
}

/// Names a community whose texts try to leave their place.
fn hostile(config: &mut Config) {
    config.community_name = "Fenwick <b>& \"Commons\"".to_owned();
    config.community_description = "We care for \"boats\" </p><script>".to_owned();
}

#[tokio::test]
async fn the_community_names_pages_titles_and_previews() {
    let app = TestApp::with(hostile).await;
    let name = "Fenwick &#60;b&#62;&#38; &#34;Commons&#34;";
    let description = "We care for &#34;boats&#34; &#60;/p&#62;&#60;script&#62;";
    let page = html(&app, "/").await;
    for part in [
        format!("<title>Home · {name}</title>"),
        format!("<h1 class=\"display\" id=\"fc\"><bdi>{name}</bdi></h1>"),
        format!("<p class=\"intro\"><bdi>{description}</bdi></p>"),
        format!("<meta property=\"og:site_name\" content=\"{name}\">"),
        format!("<meta property=\"og:description\" content=\"{description}\">"),
        format!("<span class=\"name\"><bdi>{name}</bdi></span></a>"),
    ] {
        assert!(page.contains(&part), "{part}: {page}");
    }
    let unknown = app.get("/nowhere").send().await.expect("an answer");
    let unknown = unknown.text().await.expect("HTML");
    assert!(unknown.contains(&format!("· {name}</title>")), "{unknown}");
    let projects = html(&app, "/projects").await;
    assert!(projects.contains(&format!("<title>Projects · {name}</title>")));
    app.finish().await;
}

#[tokio::test]
async fn the_community_s_mark_replaces_the_logo_and_runs_nothing() {
    let variables = |path: &std::path::Path| {
        let path = path.to_str().expect("UTF-8").to_owned();
        std::collections::BTreeMap::from([("GUILDHALL_COMMUNITY_MARK".to_owned(), path)])
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mark.svg");
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
    std::fs::write(&file, svg).expect("written");
    let flags = platform::config::Flags::default();
    let mark = Config::load(&variables(&file), &flags).expect("read").community_mark;
    let app = TestApp::with(|config| config.community_mark = mark).await;
    let page = html(&app, "/").await;
    let address =
        page.split("<img class=\"pmark\" src=\"").nth(1).and_then(|rest| rest.split('"').next());
    let address = address.expect("a mark").to_owned();
    assert!(
        page.contains(&format!("<link rel=\"icon\" href=\"{address}\" type=\"image/svg+xml\">"))
    );
    let answer = app.get(&address).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let header = |name| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header(header::CONTENT_TYPE), "image/svg+xml");
    assert!(header(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert_eq!(answer.text().await.expect("text"), svg);
    let missing = app.get(&address.replace(".svg", ".png")).send().await;
    assert_eq!(missing.expect("an answer").status(), 404);
    app.finish().await;

    for active in ["<svg><script>alert(1)</script></svg>", "<svg onload=\"alert(1)\"></svg>"] {
        std::fs::write(&file, active).expect("written");
        let refused = Config::load(&variables(&file), &flags).expect_err(active).to_string();
        assert!(
            refused.contains("community_mark (GUILDHALL_COMMUNITY_MARK)")
                && refused.contains("SVG file"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_contributor_sees_points_by_week_and_a_newcomer_how_to_begin() {
    let app = server().await;
    let rook = app.browser_of("rook-elm").await;
    let page = rook.get("/").await.text;
    for part in [
        "<dt>All-time points</dt><dd><b>10</b></dd>",
        "<title id=\"bars-title\">Points by week</title>",
        "Current: 10 in the week of 26 October.",
        "Waits for a reviewer, opened <time",
        "an answer is due <time",
        "Nothing needs your attention.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let board = rook.get("/leaderboards").await.text;
    assert!(board.contains("51 points to pass finch-ash"), "{board}");
    let newcomer = app.browser_of("birch").await;
    let page = newcomer.get("/").await.text;
    for part in [
        "Earn points to appear on the leaderboard.",
        "Begin with whichever you like.",
        "href=\"/discover\"",
        "Connect GitHub",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        !page.contains("Points by week") && !page.contains("Your open pull requests"),
        "{page}"
    );
    app.finish().await;
}

#[tokio::test]
async fn requested_changes_are_the_author_s_turn() {
    let app = server().await;
    let review = NewReview {
        id: 70_081,
        verdict: Verdict::ChangesRequested,
        body: None,
        association: "MEMBER",
        bare: false,
    };
    let changes =
        Scenario::opened(&repo(7, "lantern"), 8, &person("rook-elm"), "2026-10-29T08:00:00Z").then(
            Act::Reviewed(review),
            &person("maintainer"),
            "2026-10-30T08:00:00Z",
        );
    app.deliver(&changes.deliveries).await;
    app.work().await;
    let rook = app.browser_of("rook-elm").await;
    let page = rook.get("/").await.text;
    assert!(page.contains("A reviewer asked you for changes."), "{page}");
    let turn = page.find("Changes requested").expect("a turn");
    let waits = page.find("Waits for a reviewer, opened").expect("one that waits");
    assert!(turn < waits, "what needs the author comes first");
    app.finish().await;
}
