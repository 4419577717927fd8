//! The viewer's rank on cached leaderboards, and the change since the previous month.

use super::{html, server};
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn each_viewer_sees_their_own_rank_on_a_cached_leaderboard() {
    let app = server().await;
    let (wren, rook, birch) = (
        app.browser_of("wren-oak").await,
        app.browser_of("rook-elm").await,
        app.browser_of("birch").await,
    );
    let nothing = "You have no points on this leaderboard yet.";
    for path in [
        "/leaderboards",
        "/leaderboards/months/2026-10",
        "/leaderboards/projects/lantern",
        "/leaderboards/projects/lantern/months/2026-10",
        "/leaderboards?rank=2",
    ] {
        // Each page is read twice, so that the second answer comes from the cache.
        for _ in 0..2 {
            let page = rook.get(path).await;
            assert!(page.text.contains("51 points to pass finch-ash"), "{path}: {}", page.text);
            assert!(page.text.contains("?around=rook-elm#me\">people near you"), "{path}");
            assert!(page.header("cache-control").starts_with("private"), "{path}");
            let page = wren.get(path).await;
            assert!(page.text.contains("You are in first place."), "{path}: {}", page.text);
            assert!(!page.text.contains("around=rook-elm"), "{path}: {}", page.text);
            let page = birch.get(path).await.text;
            assert!(page.contains(nothing), "{path}: {page}");
            let visitor = html(&app, path).await;
            for own in ["own-rank", "people near you", nothing, platform::web::slot()] {
                assert!(!visitor.contains(own), "{own} on {path}: {visitor}");
            }
        }
    }
    for path in ["/leaderboards/months", "/projects/lantern", "/people/wren-oak"] {
        let page = wren.get(path).await.text;
        assert!(!page.contains("own-rank"), "{path}: {page}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_own_rank_follows_the_ledger() {
    let app = server().await;
    let rook = app.browser_of("rook-elm").await;
    assert!(rook.get("/leaderboards").await.text.contains("51 points to pass"));
    let repo = repo(7, "lantern");
    let more = Scenario::opened(&repo, 8, &person("rook-elm"), "2026-10-29T08:00:00Z");
    app.deliver(&more.deliveries).await;
    app.work().await;
    let page = rook.get("/leaderboards").await.text;
    assert!(page.contains("41 points to pass finch-ash"), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn a_month_s_leaderboard_shows_the_change_of_ranks() {
    let app = server().await;
    app.clock.advance(chrono::TimeDelta::days(5));
    let repo = repo(7, "lantern");
    for (number, login) in [(11, "rook-elm"), (12, "birch"), (13, "finch-ash"), (14, "finch-ash")] {
        let opened = format!("2026-11-0{}T08:00:00Z", if number == 11 { 1 } else { 2 });
        let mut scenario = Scenario::opened(&repo, number, &person(login), &opened);
        if number == 11 {
            scenario = scenario.approved("2026-11-02T08:00:00Z").merged("2026-11-03T08:00:00Z");
        }
        app.deliver(&scenario.deliveries).await;
    }
    app.work().await;
    // In October: wren-oak and finch-ash share rank 1, and rook-elm has rank 3.
    let page = html(&app, "/leaderboards/months/2026-11").await;
    let change = |login: &str| {
        let row = page.split(&format!("<bdi>{login}</bdi>")).next().expect(login);
        let cell = row.rsplit("<td class=\"n wide\">").next().expect("a cell");
        let cell = cell.split("</td>").next().expect("an end");
        let texts = cell.split('<').filter_map(|part| Some(part.split_once('>')?.1));
        texts.collect::<String>().trim().to_owned()
    };
    assert_eq!(change("rook-elm"), "up 2", "{page}");
    assert_eq!(change("finch-ash"), "down 1", "{page}");
    assert_eq!(change("birch"), "new", "{page}");
    let first = html(&app, "/leaderboards/months/2026-10").await;
    assert!(!first.contains("since the previous period"), "nothing came before");
    assert!(!html(&app, "/leaderboards").await.contains("since the previous period"));
    let csv = app.get("/leaderboards/months/2026-11/board.csv").send().await;
    let csv = csv.expect("an answer").text().await.expect("CSV");
    assert!(csv.contains("change_since_previous_month"), "{csv}");
    assert!(
        csv.lines().any(|line| line.contains("rook-elm") && line.ends_with(",2,\"provisional\"")),
        "{csv}"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_known_own_rank_runs_no_statement_of_its_own() {
    let (app, count) = TestApp::counted().await;
    app.project("lantern").await;
    app.repository("lantern", "octo-org/lantern", 7).await;
    let pull =
        Scenario::opened(&repo(7, "lantern"), 1, &person("wren-oak"), "2026-10-02T08:00:00Z");
    app.deliver_all(&[&pull]).await;
    let (wren, rook) = (app.browser_of("wren-oak").await, app.browser_of("rook-elm").await);
    for path in ["/leaderboards", "/leaderboards/projects/lantern"] {
        wren.get(path).await;
        rook.get(path).await;
        count.take();
        let page = wren.get(path).await.text;
        assert!(page.contains("You are in first place."), "{page}");
        assert_eq!(count.take(), 2, "{path}: the session and its person");
    }
    app.finish().await;
}
