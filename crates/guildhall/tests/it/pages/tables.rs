//! CSV: the rows of the page, in its order.

use reqwest::header;

use super::{html, server};
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

async fn rows(app: &TestApp, path: &str) -> Vec<String> {
    let answer = app.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let named = answer.headers()[header::CONTENT_DISPOSITION].to_str().expect("text");
    assert!(named.starts_with("attachment; filename=\""), "{named}");
    let text = answer.text().await.expect("text");
    text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_leaderboard_is_the_same_on_the_page_and_in_csv() {
    let app = server().await;
    for board in [
        "/leaderboards",
        "/leaderboards/months/2026-10",
        "/leaderboards/projects/lantern",
        "/leaderboards/projects/lantern/months/2026-10",
    ] {
        let rows = rows(&app, &format!("{board}/board.csv")).await;
        assert_eq!(
            rows[0],
            "rank,tied,person,percentile,to_next_rank,points,merged_pull_requests,\
             change_since_previous_month,state"
        );
        assert_eq!(rows[1], r#"1,"tied","wren-oak","","",60,1,"","provisional""#);
        assert_eq!(rows[3], r#"3,"","rook-elm","",50,10,0,"","provisional""#);
        let page = html(&app, board).await;
        assert!(page.contains(&format!(r#"href="{board}/board.csv""#)), "{page}");
    }
    let part = rows(&app, "/leaderboards/board.csv?rank=3").await;
    assert_eq!(part.len(), 2, "the part that the page shows: {part:?}");
    let page = html(&app, "/leaderboards?rank=3").await;
    assert!(page.contains(r#"href="/leaderboards/board.csv?rank=3""#), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn pull_requests_and_the_ledger_are_the_same_in_csv() {
    let app = server().await;
    let pulls = rows(&app, "/projects/lantern/pull-requests.csv").await;
    assert_eq!(pulls[0], "pull_request,title,author,state,opened_at,merged_at,points,pending");
    assert!(pulls[1].starts_with(r#""octo-org/lantern #3","#), "the latest first: {pulls:?}");
    assert!(pulls[1].ends_with(r#","rook-elm","Open",2026-10-28T08:00:00Z,,10,0"#), "{pulls:?}");
    assert_eq!(pulls.len(), 4);
    let own = rows(&app, "/people/wren-oak/pull-requests.csv").await;
    assert_eq!(own.len(), 2);
    let ledger = rows(&app, "/people/wren-oak/ledger.csv").await;
    assert_eq!(ledger[0], "earned_at,posted_at,entry,reason,pull_request,why,points");
    assert!(
        ledger[1].starts_with("2026-10-03T09:00:00Z") && ledger[1].ends_with(",50"),
        "{ledger:?}"
    );
    let entries = rows(&app, "/pull-requests/octo-org/lantern/1/ledger.csv").await;
    assert_eq!(entries.len(), 3);
    let days = rows(&app, "/people/wren-oak/days.csv").await;
    assert_eq!(days, ["day,points", r#""2026-10-03",50"#, r#""2026-10-02",10"#]);
    app.finish().await;
}

#[tokio::test]
async fn csv_contains_every_row_of_a_long_list() {
    let app = TestApp::start().await;
    app.project("lantern").await;
    app.repository("lantern", "octo-org/lantern", 7).await;
    let (repo, author) = (repo(7, "lantern"), person("wren-oak"));
    let count = usize::try_from(ui::download::BATCH).expect("a size") + 2;
    for number in 1..=count {
        let number = i64::try_from(number).expect("a number");
        let scenario = Scenario::opened(&repo, number, &author, "2026-10-02T08:00:00Z");
        app.deliver(&scenario.deliveries).await;
    }
    app.work().await;
    for path in ["/projects/lantern/pull-requests.csv", "/people/wren-oak/pull-requests.csv"] {
        let mut rows = rows(&app, path).await;
        rows.sort();
        rows.dedup();
        assert_eq!(rows.len(), 1 + count, "{path}");
    }
    app.finish().await;
}
