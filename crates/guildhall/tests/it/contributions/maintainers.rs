use identity::model::Role;

use crate::app::TestApp;

#[tokio::test]
async fn a_maintainer_adds_and_removes_maintainers() {
    let app = TestApp::start().await;
    app.project("season").await;
    app.project("harbor").await;
    let (own, other) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    app.add_maintainer("season", "finch-ash").await;
    let path = "/projects/season/maintainers";
    other.get(path).await.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
    own.get("/projects/harbor/maintainers").await.refuses(403, "MAINTAINER_REQUIRED", "harbor");
    own.get("/projects/nothing/maintainers").await.refuses(404, "NOT_FOUND", "Unknown project");
    assert_eq!(own.post(path, &[("login", "Wren-Oak")]).await.location(), path);
    let added = other.get(path).await.text;
    assert!(added.contains(">wren-oak</bdi></a>"), "{added}");
    let said = own.get(path).await.text;
    assert!(said.contains("wren-oak now maintains season"), "{said}");
    let dismiss = format!("{path}/finch-ash/remove");
    let dismiss_other = format!("{path}/wren-oak/remove");
    assert_eq!(other.post(&dismiss, &[]).await.location(), path);
    own.get(path).await.refuses(403, "MAINTAINER_REQUIRED", "Ask one of them");
    other.post(&dismiss, &[]).await.refuses(409, "NOT_A_MAINTAINER", "is not a maintainer");
    other.post(&dismiss_other, &[]).await.refuses(409, "LAST_MAINTAINER", "Add another first");
    assert_eq!(other.get(path).await.status, 200);
    other.post(path, &[("login", "unknown-login")]).await.refuses_form(422, None, "unknown-login");
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    assert_eq!(admin.get("/projects/harbor/maintainers").await.status, 200);
    let noted = "SELECT count(*) FROM audit_logs WHERE action IN ('project.add_maintainer', 'project.remove_maintainer')";
    assert_eq!(app.count(noted).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn a_maintainer_who_leaves_is_asked_first_and_returns_to_the_project() {
    let app = TestApp::start().await;
    app.project("season").await;
    let (own, other) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    app.add_maintainer("season", "finch-ash").await;
    app.add_maintainer("season", "wren-oak").await;
    let path = "/projects/season/maintainers";
    let list = own.get(path).await.text;
    let link = list.split(r#"<a class="btn small danger" href=""#).nth(1);
    let dismiss = link.and_then(|rest| rest.split('"').next()).expect("a link");
    assert!(list.contains(&format!("{dismiss}\">Stop maintaining<")), "{list}");
    let question = own.get(dismiss).await;
    assert_eq!(question.status, 200);
    assert!(question.text.contains("<h1>Stop maintaining season?</h1>"), "{}", question.text);
    assert_eq!(own.get(path).await.status, 200, "asking changes nothing");
    let done = own.post(dismiss, &[]).await;
    assert_eq!(done.location(), "/projects/season");
    let project = own.get("/projects/season").await;
    assert!(project.text.contains("You no longer maintain season<"), "{}", project.text);
    let again = own.get("/projects/season").await;
    assert!(!again.text.contains("You no longer maintain"), "shown once");
    assert!(other.get(path).await.text.contains(">Stop maintaining<"));
    app.finish().await;
}

#[tokio::test]
async fn a_maintainer_whose_account_is_closed_is_named_without_a_link_and_can_be_removed() {
    let app = TestApp::start().await;
    app.project("season").await;
    let (own, other) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    app.add_maintainer("season", "finch-ash").await;
    app.add_maintainer("season", "wren-oak").await;
    let closed = other.post("/settings/account/close", &[("login", "wren-oak")]);
    assert_eq!(closed.await.location(), "/");
    app.work().await;
    let path = "/projects/season/maintainers";
    let list = own.get(path).await.text;
    for page in [&list, &own.get("/projects/season").await.text] {
        assert!(page.contains("closed-") && page.contains("/people/finch-ash"), "{page}");
        assert!(!page.contains("wren-oak"), "{page}");
        assert!(!page.contains("/people/closed-"), "{page}");
    }
    let links = list.split(r#"<a class="btn small danger" href=""#).skip(1);
    let mut links = links.filter(|link| !link.contains("Stop maintaining"));
    let link = links.next().and_then(|rest| rest.split('"').next());
    let dismiss = link.expect("a link");
    let question = own.get(dismiss).await.text;
    assert!(question.contains("Remove closed-"), "{question}");
    assert!(!question.contains("wren-oak"), "{question}");
    assert_eq!(own.post(dismiss, &[]).await.location(), path);
    let left = own.json("/api/v1/projects/season/maintainers").await;
    let items = serde_json::json!([{ "login": "finch-ash", "role": "maintainer" }]);
    assert_eq!(left["items"], items);
    app.finish().await;
}
