//! The page of a project's repositories.

use identity::model::Role;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

const PATH: &str = "/projects/season/repositories";

async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    let lantern = repo(1, "lantern");
    let merged = Scenario::opened(&lantern, 1, &person("hexacat"), "2026-10-02T08:00:00Z")
        .merged("2026-10-03T08:00:00Z");
    let opened = Scenario::opened(&lantern, 2, &person("hexacat"), "2026-10-04T08:00:00Z");
    app.deliver_all(&[&merged, &opened]).await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    app
}

#[tokio::test]
async fn an_admin_is_asked_first_and_removes_a_repository() {
    let app = scene().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let ask = format!("{PATH}/1/remove");
    let list = admin.get(PATH).await.text;
    assert!(list.contains(&format!(r#"href="{ask}""#)), "{list}");
    assert!(list.contains("Start a season next"), "{list}");
    let question = admin.get(&ask).await.text;
    for words in [
        "<h1>Remove octo-org/lantern from season?</h1>",
        "This reverses 70 points of 2 pull requests.",
    ] {
        assert!(question.contains(words), "{question}");
    }
    assert_eq!(app.net_ledger().await.len(), 3, "asking changes nothing");
    let done = admin.post(&ask, &[]).await;
    assert_eq!(done.location(), PATH);
    let list = admin.get(PATH).await.text;
    assert!(list.contains("octo-org/lantern no longer belongs to season"), "{list}");
    assert!(list.contains("No repositories"), "{list}");
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    for answer in [admin.get(&ask).await, admin.post(&ask, &[]).await] {
        answer.refuses(404, "NOT_FOUND", "no repository with the GitHub ID 1");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_maintainer_sees_the_list_and_cannot_remove() {
    let app = scene().await;
    let (own, stranger) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    let list = own.get(PATH).await.text;
    assert!(list.contains("octo-org/lantern") && list.contains("Admins can remove one"), "{list}");
    assert!(!list.contains("/remove\"") && !list.contains("Start a season next"), "{list}");
    let manage = own.get("/projects/season/maintainers").await.text;
    assert!(manage.contains(&format!(r#"href="{PATH}""#)), "{manage}");
    stranger.get(PATH).await.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
    let ask = format!("{PATH}/1/remove");
    for browser in [&own, &stranger] {
        for answer in [browser.get(&ask).await, browser.post(&ask, &[]).await] {
            answer.refuses(403, "ROLE_REQUIRED", "Only admins");
        }
    }
    assert_eq!(app.net_ledger().await.len(), 3);
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    for path in ["/projects/season/repositories/x/remove", "/projects/none/repositories"] {
        assert_eq!(admin.get(path).await.status, 404, "{path}");
    }
    app.finish().await;
}

#[tokio::test]
async fn pages_with_the_list_look_again_when_a_repository_is_read() {
    let app = scene().await;
    let mark = async || {
        let db = &app.context().db;
        let project = contributions::reads::project(db, "season").await.expect("read");
        let id = project.expect("a project").id;
        contributions::reads::reading_mark(db, id.into()).await.expect("read")
    };
    let before = mark().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    admin.post(&format!("{PATH}/1/sync"), &[]).await.location();
    assert_ne!(mark().await, before);
    app.work().await;
    app.finish().await;
}
