use serde_json::json;

use crate::app::{TestApp, browser::Browser};

const PATH: &str = "/api/v1/projects/season/maintainers";

#[tokio::test]
async fn a_maintainer_adds_and_removes_maintainers() {
    let app = TestApp::start().await;
    app.project("season").await;
    let (own, other) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    app.add_maintainer("season", "finch-ash").await;
    assert_eq!(
        own.json(PATH).await,
        json!({ "items": [{ "login": "finch-ash", "role": "maintainer" }] })
    );
    // Adding the same person twice changes nothing.
    for _ in 0..2 {
        let appointed = own.call("PUT", &format!("{PATH}/Wren-Oak"), None).await;
        assert_eq!((appointed.status.as_u16(), &*appointed.text), (204, ""), "nothing to say");
    }
    assert_eq!(
        other.json(PATH).await,
        json!({ "items": [
            { "login": "finch-ash", "role": "maintainer" },
            { "login": "wren-oak", "role": "maintainer" },
        ] })
    );
    let dismiss = format!("{PATH}/finch-ash");
    assert_eq!(other.call("DELETE", &dismiss, None).await.status, 204);
    let again = other.call("DELETE", &dismiss, None).await;
    again.refuses(409, "NOT_A_MAINTAINER", "is not a maintainer");
    own.get(PATH).await.refuses(403, "MAINTAINER_REQUIRED", "Ask one of them");
    let noted = "SELECT count(*) FROM audit_logs WHERE action IN ('project.add_maintainer', 'project.remove_maintainer')";
    assert_eq!(app.count(noted).await, 3);
    app.finish().await;
}

#[tokio::test]
async fn invalid_changes_are_refused() {
    let app = TestApp::start().await;
    app.project("season").await;
    let stranger = app.browser_of("wren-oak").await;
    let admin = app.browser_with("rook-elm", identity::model::Role::Admin).await;
    let (anonymous, one) = (Browser::new(&app), format!("{PATH}/wren-oak"));
    for (method, path) in [("GET", PATH), ("PUT", &*one), ("DELETE", &*one)] {
        let refused = stranger.call(method, path, None).await;
        refused.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
        let unknown = anonymous.call(method, path, None).await;
        unknown.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
        let elsewhere = path.replace("season", "nothing");
        let unknown = admin.call(method, &elsewhere, None).await;
        unknown.refuses(404, "NOT_FOUND", "Unknown project");
    }
    for method in ["PUT", "DELETE"] {
        let unknown = admin.call(method, &format!("{PATH}/unknown-login"), None).await;
        unknown.refuses(404, "PERSON_NOT_FOUND", "Unknown login");
    }
    app.finish().await;
}
