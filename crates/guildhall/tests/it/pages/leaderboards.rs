use reqwest::StatusCode;

use super::{html, page, server};
use crate::app::TestApp;

#[tokio::test]
async fn people_are_in_order_and_ties_are_marked() {
    let app = server().await;
    for path in [
        "/leaderboards",
        "/leaderboards/months/2026-10",
        "/leaderboards/projects/lantern",
        "/leaderboards/projects/lantern/months/2026-10",
    ] {
        let html = html(&app, path).await;
        let place = |login: &str| html.find(&format!("<bdi>{login}</bdi></a>")).expect("a row");
        assert!(place("wren-oak") < place("finch-ash"), "ties are listed by who got there first");
        assert!(place("finch-ash") < place("rook-elm"));
        assert_eq!(html.matches(r#"<span class="vh">tied </span>"#).count(), 2, "{html}");
        assert!(html.contains("Ranks 1 to 3 of 3 people"));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_jump_starts_at_the_rank_and_names_points_to_the_next() {
    let app = server().await;
    let html = html(&app, "/leaderboards?rank=3").await;
    assert!(html.contains("rook-elm") && !html.contains("wren-oak"), "{html}");
    assert!(html.contains(r#"<rect class="c" width="100.0%" height="8"/>"#), "{html}");
    assert!(html.contains("First page"));
    app.finish().await;
}

#[tokio::test]
async fn an_empty_jump_shows_the_top_and_an_empty_month_says_so() {
    let app = server().await;
    assert!(html(&app, "/leaderboards?rank=").await.contains("wren-oak"));
    assert!(
        html(&app, "/leaderboards/months/2026-11").await.contains("No points in November 2026")
    );
    app.finish().await;
}

#[tokio::test]
async fn a_month_without_a_leaderboard_is_not_found() {
    let app = server().await;
    for month in ["0000-01", "2020-01", "2026-09", "2026-12", "9999-12"] {
        let (status, html) = page(&app, &format!("/leaderboards/months/{month}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{month}");
        assert!(html.contains("There is no leaderboard for"), "{html}");
        for path in ["", "/ranks/wren-oak"] {
            let path = format!("/api/v1/leaderboards/months/{month}{path}");
            app.refuses(&path, 404, "NOT_FOUND", "There is no leaderboard for").await;
        }
    }
    app.clock.advance(chrono::TimeDelta::days(100));
    // Only months from the first points to the current month exist; February is the current month.
    for month in ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02"] {
        html(&app, &format!("/leaderboards/months/{month}")).await;
    }
    app.finish().await;
}

#[tokio::test]
async fn a_trailing_slash_is_redirected() {
    let app = TestApp::start().await;
    for (path, last) in [
        ("/leaderboards/", "/leaderboards"),
        ("/projects/?cursor=a", "/projects?cursor=a"),
        ("/api/v1/projects/", "/api/v1/projects"),
    ] {
        let answer = app.get(path).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert!(answer.url().as_str().ends_with(last), "{}", answer.url());
    }
    let posted = app.post("/api/v1/webhooks/github/").send().await;
    assert_eq!(posted.expect("an answer").status(), StatusCode::NOT_FOUND);
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_leaderboard_or_rank_is_refused() {
    let app = server().await;
    for (path, status, sentence) in [
        ("/leaderboards?rank=first", StatusCode::BAD_REQUEST, "rank must be a whole number"),
        ("/leaderboards?rank=0", StatusCode::BAD_REQUEST, "rank must be 1 or more"),
        ("/leaderboards?cursor=x", StatusCode::BAD_REQUEST, "This cursor is invalid"),
        ("/leaderboards/months/october", StatusCode::BAD_REQUEST, "is not a month"),
        ("/leaderboards/projects/nothing", StatusCode::NOT_FOUND, "Unknown project"),
    ] {
        let (answered, html) = page(&app, path).await;
        assert_eq!(answered, status, "{path}");
        assert!(html.contains(sentence), "{path}: {html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_login_is_found_in_the_middle_of_its_leaderboard() {
    let app = server().await;
    let html = html(&app, "/leaderboards?around=@Rook-Elm").await;
    assert!(html.contains(r#"<tr class="me" id="me">"#), "{html}");
    assert!(html.contains("wren-oak") && html.contains("rook-elm"));
    for (path, sentence) in [
        ("/leaderboards?around=no-one", "Unknown login"),
        ("/leaderboards/months/2026-11?around=wren-oak", "has no points on this leaderboard yet"),
    ] {
        let (status, html) = page(&app, path).await;
        assert_eq!(status, StatusCode::OK, "a typo keeps the page: {path}");
        assert!(html.contains(sentence), "{path}: {html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn earlier_months_are_listed() {
    let app = server().await;
    for address in ["/leaderboards", "/leaderboards/projects/lantern"] {
        let months = html(&app, &format!("{address}/months")).await;
        let link = format!(r#"<a href="{address}/months/2026-10">October 2026</a>"#);
        assert!(months.contains(&link), "{months}");
        assert!(months.contains("3 people") && !months.contains("November 2026"));
    }
    app.finish().await;
}

#[tokio::test]
async fn a_projects_leaderboard_has_months() {
    let app = server().await;
    let all = html(&app, "/leaderboards/projects/lantern").await;
    let tab = r#"<a href="/leaderboards/projects/lantern" aria-current="page">All time</a>"#;
    assert!(all.contains(tab), "{all}");
    let month = html(&app, "/leaderboards/projects/lantern/months/2026-10").await;
    for expected in [
        "lantern leaderboard, October 2026",
        r#"<a href="/leaderboards/projects/lantern/months/2026-10" aria-current="page">"#,
        r#"action="/leaderboards/months/2026-10" aria-label="Choose a leaderboard""#,
        r#"<option value="projects/lantern" selected>lantern</option>"#,
        "rook-elm",
        "Ranks 1 to 3 of 3 people",
    ] {
        assert!(month.contains(expected), "{expected}: {month}");
    }
    let empty = html(&app, "/leaderboards/projects/lantern/months/2026-11").await;
    assert!(empty.contains("No points in lantern in November 2026"), "{empty}");
    let (status, _) = page(&app, "/leaderboards/projects/lantern/months/2020-01").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let everyone = html(&app, "/leaderboards/months/2026-10").await;
    let choice = r#"<option value="projects/lantern">lantern</option>"#;
    assert!(everyone.contains(choice), "{everyone}");
    for (path, leads_to) in [
        ("/leaderboards?board=projects/lantern", "/leaderboards/projects/lantern"),
        (
            "/leaderboards/months/2026-10?source=&board=projects/lantern",
            "/leaderboards/projects/lantern/months/2026-10",
        ),
        ("/leaderboards?board=", "/leaderboards?board="),
    ] {
        let answer = app.get(path).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert!(answer.url().as_str().ends_with(leads_to), "{path}: {}", answer.url());
    }
    for path in ["/leaderboards?board=boats/lantern", "/leaderboards?board=lantern"] {
        let (status, html) = page(&app, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(html.contains("Unknown leaderboard"), "{html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_typo_suggests_similar_logins() {
    let app = server().await;
    let html = html(&app, "/leaderboards?around=wren-oka").await;
    assert!(html.contains("Did you mean"), "{html}");
    let link = r#"href="/leaderboards?around=wren-oak#me""#;
    assert!(html.contains(link) && html.contains("<bdi>finch-ash</bdi>"), "{html}");
    let csv = app.get("/leaderboards/board.csv?around=wren-oka").send().await;
    assert_eq!(csv.expect("an answer").status(), StatusCode::NOT_FOUND);
    app.finish().await;
}
