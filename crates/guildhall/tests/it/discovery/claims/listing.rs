//! `GET /api/v1/me/claims`.

use super::*;

#[tokio::test]
async fn current_claims_come_first() {
    let (_reef, app) = with_issues(5).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    assert!(ada.claims().await.is_empty());
    bo.claim(&app, 1).await;
    for number in [2, 3, 1, 4, 5] {
        ada.claim(&app, number).await;
        if number == 2 || number == 3 {
            ada.release(&app, number).await;
        }
    }
    let expected = ["5 active", "4 active", "1 queued 1", "3 released", "2 released"];
    assert_eq!(ada.claims().await, expected);
    // Others see only their own.
    assert_eq!(bo.claims().await, ["1 active"]);
    app.finish().await;
}

#[tokio::test]
async fn pages_follow_each_other() {
    let (_reef, app) = with_issues(5).await;
    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    bo.claim(&app, 1).await;
    for number in [2, 1, 3, 4, 5] {
        ada.claim(&app, number).await;
        if number == 2 {
            ada.release(&app, number).await;
        }
    }
    let mut path = "/api/v1/me/claims?limit=2".to_owned();
    let mut pages = Vec::new();
    loop {
        let answer = ada.get(&path).await;
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let page = answer.json();
        let items = page["items"].as_array().expect("items");
        pages.push(items.iter().map(|it| it["number"].to_string()).collect::<Vec<_>>());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/api/v1/me/claims?limit=2&cursor={next}");
    }
    assert_eq!(pages, [vec!["5", "4"], vec!["3", "1"], vec!["2"]]);
    app.finish().await;
}

#[tokio::test]
async fn a_malformed_cursor_and_a_missing_session_are_refused() {
    let app = TestApp::start().await;
    let ada = app.browser_of("ada").await;
    for cursor in ["x", "9.01931b6e-6c00-7000-8000-000000000020", "1.x"] {
        let answer = ada.get(&format!("/api/v1/me/claims?cursor={cursor}")).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    let answer = Browser::new(&app).get("/api/v1/me/claims").await;
    assert_eq!(answer.status, 401);
    app.finish().await;
}
