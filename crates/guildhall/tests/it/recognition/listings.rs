//! People who are on no leaderboard: banned, closed and erased ones.

use chrono::TimeDelta;
use guildhall::{MODULES, privacy};
use platform::audit::Actor::Operator;
use serde_json::json;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// A server with the points of three people: hexacat has 120, monacat 60 and octavia 10.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    let repo = repo(1, "lantern");
    let opened =
        |number, login| Scenario::opened(&repo, number, &person(login), "2026-10-02T08:00:00Z");
    let merged = |number, login| opened(number, login).merged("2026-10-03T08:00:00Z");
    let scenarios =
        [merged(1, "hexacat"), merged(2, "hexacat"), merged(3, "monacat"), opened(4, "octavia")];
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    app
}

/// Returns the rank and login of each row, and checks that all boards agree and lead nowhere.
async fn board(app: &TestApp) -> Vec<(i64, String)> {
    app.work().await;
    app.verify().await;
    let mut found = Vec::new();
    for path in ["global", "months/2026-10", "projects/season", "projects/season/months/2026-10"] {
        let board = app.json(&format!("/api/v1/leaderboards/{path}")).await;
        let items = board["items"].as_array().expect("items");
        assert_eq!(board["people"], json!(items.len()));
        let row = |item: &serde_json::Value| {
            let login = item["login"].as_str().expect("a login");
            (item["rank"].as_i64().expect("a rank"), login.to_owned())
        };
        let rows: Vec<_> = items.iter().map(row).collect();
        for (_, login) in &rows {
            app.json(&format!("/api/v1/people/{login}")).await;
        }
        assert!(found.is_empty() || found == rows, "{path}: {rows:?}");
        found = rows;
    }
    found
}

fn rows(rows: &[(i64, &str)]) -> Vec<(i64, String)> {
    rows.iter().map(|(rank, login)| (*rank, (*login).to_owned())).collect()
}

const ALL: [(i64, &str); 3] = [(1, "hexacat"), (2, "monacat"), (3, "octavia")];

#[tokio::test]
async fn a_banned_person_leaves_the_boards_until_the_ban_is_lifted() {
    let app = scene().await;
    assert_eq!(board(&app).await, rows(&ALL));
    app.ban("hexacat").await;
    assert_eq!(board(&app).await, rows(&[(1, "monacat"), (2, "octavia")]));
    let rank = "/api/v1/leaderboards/global/ranks/hexacat";
    app.refuses(rank, 404, "NOT_FOUND", "hexacat is not listed on leaderboards").await;
    // New points count in the total, and on no board.
    let more = Scenario::opened(&repo(1, "lantern"), 5, &person("hexacat"), "2026-10-04T08:00:00Z");
    app.deliver_all(&[&more]).await;
    assert_eq!(app.json("/api/v1/people/hexacat").await["points"], 130);
    assert_eq!(board(&app).await, rows(&[(1, "monacat"), (2, "octavia")]));
    app.unban("hexacat").await;
    assert_eq!(board(&app).await, rows(&ALL));
    assert_eq!(app.json(rank).await["points"], 130);
    app.finish().await;
}

#[tokio::test]
async fn a_ban_that_ends_by_itself_puts_the_person_back() {
    let app = scene().await;
    let end = app.context().now() + TimeDelta::days(3);
    identity::actions::ban(app.context(), Operator, "monacat", "Spam", Some(end))
        .await
        .expect("banned");
    assert_eq!(board(&app).await, rows(&[(1, "hexacat"), (2, "octavia")]));
    app.clock.advance(TimeDelta::days(3));
    app.run_schedule("BoardListings").await;
    assert_eq!(board(&app).await, rows(&ALL));
    app.finish().await;
}

#[tokio::test]
async fn an_erased_person_leaves_the_boards_at_once() {
    let app = scene().await;
    let id = app.person_id("hexacat").await.into();
    privacy::erase(MODULES, app.context(), Operator, id).await.expect("erased");
    assert_eq!(board(&app).await, rows(&[(1, "monacat"), (2, "octavia")]));
    // The page of the pull request names the pseudonym, and links to no profile.
    let page = app.get("/pull-requests/octo-org/lantern/1").send().await;
    let html = page.expect("an answer").text().await.expect("HTML");
    assert!(html.contains("<bdi>erased-") && !html.contains("/people/erased-"), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn a_rebuild_keeps_hidden_people_off_the_boards() {
    let app = scene().await;
    app.ban("monacat").await;
    let before = board(&app).await;
    let tx = app.context().begin().await.expect("begun");
    recognition::actions::recount(&tx, app.context()).await.expect("recounted");
    tx.commit().await.expect("committed");
    assert_eq!(board(&app).await, before);
    app.finish().await;
}
