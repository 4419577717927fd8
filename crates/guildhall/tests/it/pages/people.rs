use reqwest::StatusCode;

use super::{html, page, server};

#[tokio::test]
async fn a_person_is_shown_with_entries_and_pull_requests() {
    let app = server().await;
    let html = html(&app, "/people/rook-elm").await;
    assert!(html.contains("<dt>Points</dt><dd>10</dd>"), "{html}");
    assert!(html.contains("of 3 people") && html.contains("50 points to the next rank"));
    assert!(html.contains(r#"href="/pull-requests/octo-org/lantern/3#ledger""#));
    assert!(html.contains("10 opened") && html.contains("+10"));
    assert!(html.contains(r#"datetime="2026-10-28T08:00:00Z""#));
    app.finish().await;
}

#[tokio::test]
async fn unknown_people_and_ranks_are_not_found() {
    let app = server().await;
    let (status, html) = page(&app, "/people/unknown-login").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("<h1>There is no such person</h1>"), "{html}");
    assert!(html.contains("Unknown login"));
    for path in ["/people/wren-oak?points=x", "/people/wren-oak?pulls=x"] {
        assert_eq!(page(&app, path).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
    app.finish().await;
}
