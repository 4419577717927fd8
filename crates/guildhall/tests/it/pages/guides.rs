use reqwest::StatusCode;

use super::{html, page};
use crate::app::TestApp;

#[tokio::test]
async fn guides_are_linked_on_every_page() {
    let app = TestApp::start().await;
    assert!(html(&app, "/").await.contains(r#"href="/guides""#));
    assert!(
        html(&app, "/guides")
            .await
            .contains(r#"href="/guides/maintaining""#)
    );
    assert!(
        html(&app, "/guides/contributing")
            .await
            .contains("<h1>For contributors</h1>")
    );
    assert_eq!(page(&app, "/guides/nothing").await.0, StatusCode::NOT_FOUND);
    app.finish().await;
}
