use reqwest::StatusCode;

use super::{html, page};
use crate::app::TestApp;

#[tokio::test]
async fn guides_are_linked_on_every_page() {
    let app = TestApp::start().await;
    assert!(html(&app, "/").await.contains(r#"href="/guides""#));
    assert!(html(&app, "/guides").await.contains(r#"href="/guides/maintaining""#));
    assert!(html(&app, "/guides/contributing").await.contains("<h1>For contributors</h1>"));
    assert_eq!(page(&app, "/guides/nothing").await.0, StatusCode::NOT_FOUND);
    app.finish().await;
}

#[tokio::test]
async fn links_of_guides_lead_to_pages() {
    let app = TestApp::start().await;
    for guide in guildhall::MODULES.guides().map(|guide| guide.name) {
        let text = html(&app, &format!("/guides/{guide}")).await;
        let main = text.split_once("<main").expect("a main part").1;
        let main = main.split_once("</main>").expect("its end").0;
        for rest in main.split("href=\"/").skip(1) {
            let link = rest.split(['"', '#']).next().unwrap_or_default();
            let response = app.get(&format!("/{link}")).send().await;
            let status = response.expect("an answer").status();
            assert_ne!(status, StatusCode::NOT_FOUND, "{guide}: /{link}");
        }
    }
    app.finish().await;
}
