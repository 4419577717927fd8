use super::{html, server};
use crate::app::TestApp;

#[tokio::test]
async fn the_home_page_shows_figures_top_people_and_projects() {
    let app = server().await;
    let html = html(&app, "/").await;
    assert!(
        html.contains("<dt>People with points</dt><dd>3</dd>"),
        "{html}"
    );
    assert!(html.contains("<dt>Projects</dt><dd>1</dd>"));
    assert!(html.contains(r#"<a href="/people/wren-oak"><bdi>wren-oak</bdi></a>"#));
    assert!(html.contains(r#"<a href="/projects/lantern"><bdi>lantern</bdi></a>"#));
    app.finish().await;
}

#[tokio::test]
async fn an_empty_server_explains_what_will_appear() {
    let app = TestApp::start().await;
    let html = html(&app, "/").await;
    assert!(
        html.contains("No points yet") && html.contains("No projects yet"),
        "{html}"
    );
    assert!(html.contains("Points appear when the first pull request is opened or merged"));
    app.finish().await;
}
