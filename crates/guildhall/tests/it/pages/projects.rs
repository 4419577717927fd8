use reqwest::StatusCode;

use super::{html, page, server};
use crate::app::browser::Browser;

#[tokio::test]
async fn the_list_links_each_project() {
    let app = server().await;
    let html = html(&app, "/projects").await;
    assert!(html.contains(r#"<a href="/projects/lantern"><bdi>lantern</bdi></a>"#), "{html}");
    assert!(html.contains("1 repository"));
    app.finish().await;
}

#[tokio::test]
async fn a_project_shows_repositories_rules_and_its_board() {
    let app = server().await;
    let html = html(&app, "/projects/lantern").await;
    assert!(html.contains(r#"href="https://github.com/octo-org/lantern""#), "{html}");
    assert!(html.contains("Rules, version 1") && html.contains("<dd>50 points</dd>"));
    assert!(html.contains("<bdi>wren-oak</bdi></a>"));
    app.finish().await;
}

#[tokio::test]
async fn an_unknown_project_is_not_found() {
    let app = server().await;
    let (status, html) = page(&app, "/projects/nothing").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("Unknown project"));
    app.finish().await;
}

#[tokio::test]
async fn a_project_lists_its_pull_requests_and_its_rules() {
    let app = server().await;
    let project = html(&app, "/projects/lantern").await;
    assert!(project.contains(r#"href="/pull-requests/octo-org/lantern/3#why""#), "{project}");
    assert!(project.contains(r#"href="/projects/lantern/rules""#));
    let rules = html(&app, "/projects/lantern/rules").await;
    assert!(rules.contains("Version 1") && rules.contains("Current"), "{rules}");
    assert_eq!(page(&app, "/projects/nothing/rules").await.0, StatusCode::NOT_FOUND);
    assert_eq!(page(&app, "/projects/lantern?pulls=x").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(page(&app, "/projects/lantern?state=x").await.0, StatusCode::BAD_REQUEST);
    app.finish().await;
}

#[tokio::test]
async fn pull_requests_are_listed_by_state() {
    let app = server().await;
    for (state, numbers) in
        [("", &[3][..]), ("open", &[3]), ("review", &[3]), ("merged", &[1, 2]), ("all", &[1, 2, 3])]
    {
        let html = html(&app, &format!("/projects/lantern?state={state}")).await;
        let shown = |number: &i32| {
            html.contains(&format!(r#"href="/pull-requests/octo-org/lantern/{number}#why""#))
        };
        let found: Vec<i32> = (1..=3).filter(shown).collect();
        assert_eq!(found, numbers, "{state}: {html}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_project_names_its_maintainers() {
    let app = server().await;
    app.browser_of("moss-fen").await;
    app.add_maintainer("lantern", "moss-fen").await;
    let html = html(&app, "/projects/lantern").await;
    assert!(html.contains(r#"<a href="/people/moss-fen"><bdi>moss-fen</bdi></a>"#), "{html}");
    app.finish().await;
}

#[tokio::test]
async fn only_people_who_manage_a_project_see_the_links_to_do_so() {
    let app = server().await;
    app.project("empty").await;
    app.project("windmill").await;
    let (owner, other, admin) = (
        app.browser_of("moss-fen").await,
        app.browser_of("rook-elm").await,
        app.browser_with("birch", identity::model::Role::Admin).await,
    );
    let visitor = Browser::new(&app);
    for (project, maintainer) in
        [("lantern", "moss-fen"), ("empty", "moss-fen"), ("windmill", "rook-elm")]
    {
        app.add_maintainer(project, maintainer).await;
    }
    for (page, link) in [
        ("/projects/lantern", "/projects/lantern/maintainers"),
        ("/projects/lantern/rules", "/projects/lantern/rules/edit"),
        ("/projects/empty", "/projects/empty/repositories/new"),
    ] {
        // Each page is read twice, so that the second answer comes from the cache.
        for (browser, sees) in [
            (&owner, true),
            (&other, false),
            (&visitor, false),
            (&admin, true),
            (&owner, true),
            (&other, false),
        ] {
            let html = browser.get(page).await.text;
            let is_there = html.contains(&format!("href=\"{link}\""));
            assert_eq!(is_there, sees, "{page}: {html}");
        }
    }
    let filled = owner.get("/projects/lantern").await.text;
    assert!(!filled.contains("/repositories/new"), "{filled}");
    app.finish().await;
}
