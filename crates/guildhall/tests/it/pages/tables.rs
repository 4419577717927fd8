//! CSV: the rows of the page, in its order.

use reqwest::header;

use super::{html, server};
use crate::app::TestApp;

async fn rows(app: &TestApp, path: &str) -> Vec<String> {
    let answer = app.get(path).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(
        answer.headers()[header::CONTENT_TYPE],
        "text/csv; charset=utf-8"
    );
    let named = answer.headers()[header::CONTENT_DISPOSITION]
        .to_str()
        .expect("text");
    assert!(named.starts_with("attachment; filename=\""), "{named}");
    let text = answer.text().await.expect("text");
    text.trim_start_matches('\u{feff}')
        .lines()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_leaderboard_is_the_same_on_the_page_and_in_csv() {
    let app = server().await;
    for board in [
        "/leaderboards",
        "/leaderboards/months/2026-10",
        "/leaderboards/projects/lantern",
    ] {
        let rows = rows(&app, &format!("{board}/board.csv")).await;
        assert_eq!(rows[0], "rank,tied,person,percentile,to_next_rank,points");
        assert_eq!(rows[1], r#"1,"tied","wren-oak","top 67%","",60"#);
        assert_eq!(rows[3], r#"3,"","rook-elm","top 100%",50,10"#);
        let page = html(&app, board).await;
        assert!(
            page.contains(&format!(r#"href="{board}/board.csv""#)),
            "{page}"
        );
    }
    let part = rows(&app, "/leaderboards/board.csv?rank=3").await;
    assert_eq!(part.len(), 2, "the part that the page shows: {part:?}");
    let page = html(&app, "/leaderboards?rank=3").await;
    assert!(
        page.contains(r#"href="/leaderboards/board.csv?rank=3""#),
        "{page}"
    );
    app.finish().await;
}

#[tokio::test]
async fn pull_requests_and_the_ledger_are_the_same_in_csv() {
    let app = server().await;
    let pulls = rows(&app, "/projects/lantern/pull-requests.csv").await;
    assert_eq!(
        pulls[0],
        "pull_request,title,author,state,opened_at,merged_at,points,pending"
    );
    assert!(
        pulls[1].starts_with(r#""octo-org/lantern #3","#),
        "the latest first: {pulls:?}"
    );
    assert!(
        pulls[1].ends_with(r#","rook-elm","Open",2026-10-28T08:00:00Z,,10,0"#),
        "{pulls:?}"
    );
    assert_eq!(pulls.len(), 4);
    let own = rows(&app, "/people/wren-oak/pull-requests.csv").await;
    assert_eq!(own.len(), 2);
    let ledger = rows(&app, "/people/wren-oak/ledger.csv").await;
    assert_eq!(
        ledger[0],
        "earned_at,posted_at,entry,reason,pull_request,why,points"
    );
    assert!(
        ledger[1].starts_with("2026-10-03T09:00:00Z") && ledger[1].ends_with(",50"),
        "{ledger:?}"
    );
    let entries = rows(&app, "/pull-requests/octo-org/lantern/1/ledger.csv").await;
    assert_eq!(entries.len(), 3);
    let days = rows(&app, "/people/wren-oak/days.csv").await;
    assert_eq!(
        days,
        ["day,points", r#""2026-10-03",50"#, r#""2026-10-02",10"#]
    );
    app.finish().await;
}
