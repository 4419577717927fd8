use identity::model::Role;
use serde_json::{Value, json};

use crate::app::{
    TestApp,
    browser::Browser,
    scenarios::{Scenario, delivery, person, repo},
};

const PATH: &str = "/api/v1/projects/season/repositories";

/// A project with a maintainer and three repositories, of which the first has a pull request.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.repository("season", "octo-org/anchor", 7).await;
    app.repository("season", "octo-org/zebra", 3).await;
    let opened =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver_all(&[&opened]).await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    app
}

fn item(github_id: i64, name: &str, pulls: i64, points: i64, is_private: bool) -> Value {
    json!({
        "github_id": github_id, "full_name": format!("octo-org/{name}"), "is_private": is_private,
        "pull_request_count": pulls, "points": points, "state": "active", "inactive_since": null,
        "sync": {
            "state": "failed", "requested_at": "2026-11-01T00:00:00Z", "pull_requests_read": 0,
            "pull_requests_total": null, "requests": 0,
            "error": "The server has no token for GitHub's API. An admin can save one at Settings › GitHub (/setup/github).",
        },
        "github_app": null,
    })
}

#[tokio::test]
async fn a_maintainer_lists_repositories_by_github_id() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let all = [
        item(1, "lantern", 1, 10, false),
        item(3, "zebra", 0, 0, false),
        item(7, "anchor", 0, 0, false),
    ];
    let expected = json!({ "items": all, "next_cursor": null });
    assert_eq!(own.json(PATH).await, expected);
    let first = own.json(&format!("{PATH}?limit=2")).await;
    assert_eq!(first, json!({ "items": all[..2], "next_cursor": "after-3" }));
    let last = own.json(&format!("{PATH}?limit=2&cursor=after-3")).await;
    assert_eq!(last, json!({ "items": all[2..], "next_cursor": null }));
    for cursor in ["x", "3", "after-", "after-x"] {
        own.get(&format!("{PATH}?cursor={cursor}")).await.refuses(400, "BAD_CURSOR", "invalid");
    }
    own.get(&format!("{PATH}?limit=0")).await.refuses(400, "BAD_LIMIT", "limit");
    app.finish().await;
}

#[tokio::test]
async fn private_repositories_are_listed_only_for_admins() {
    let app = scene().await;
    let private = r#"{"action":"privatized","repository":{"id":7,"full_name":"octo-org/anchor","private":true,"archived":false,"updated_at":"2026-10-03T00:00:00Z"}}"#;
    app.deliver(&[delivery("repository", private)]).await;
    app.work().await;
    let (own, admin) =
        (app.browser_of("finch-ash").await, app.browser_with("rook-elm", Role::Admin).await);
    assert!(!own.json(PATH).await.to_string().contains("anchor"));
    let listed = admin.json(PATH).await;
    assert_eq!(listed["items"][2], item(7, "anchor", 0, 0, true));
    let page = "/projects/season/repositories";
    assert!(!own.get(page).await.text.contains("anchor"));
    assert!(admin.get(page).await.text.contains("anchor"));
    app.finish().await;
}

#[tokio::test]
async fn an_admin_removes_a_repository() {
    let app = scene().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let one = format!("{PATH}/1");
    let removed = admin.call("DELETE", &one, None).await;
    assert_eq!((removed.status.as_u16(), &*removed.text), (204, ""));
    app.work().await;
    app.verify().await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    let again = admin.call("DELETE", &one, None).await;
    again.refuses(404, "NOT_FOUND", "no repository with the GitHub ID 1");
    let acts = "SELECT actor_kind || ' ' || target_kind AS value FROM audit_logs WHERE action = 'repository.remove'";
    assert_eq!(app.values(acts).await, ["person repository"]);
    app.finish().await;
}

#[tokio::test]
async fn invalid_requests_are_refused() {
    let app = scene().await;
    let (own, stranger) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let anonymous = Browser::new(&app);
    let one = format!("{PATH}/1");
    stranger.get(PATH).await.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
    for browser in [&own, &stranger] {
        let refused = browser.call("DELETE", &one, None).await;
        refused.refuses(403, "ROLE_REQUIRED", "Only admins");
    }
    for (method, path) in [("GET", PATH), ("DELETE", &*one)] {
        let refused = anonymous.call(method, path, None).await;
        refused.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
        let elsewhere = path.replace("season", "nothing");
        let unknown = admin.call(method, &elsewhere, None).await;
        unknown.refuses(404, "NOT_FOUND", "Unknown project");
    }
    for (id, status, code) in [("5", 404, "NOT_FOUND"), ("x", 400, "BAD_PATH")] {
        let refused = admin.call("DELETE", &format!("{PATH}/{id}"), None).await;
        refused.refuses(status, code, "");
    }
    assert_eq!(app.net_ledger().await, ["#1  pr_opened +10 2026-10"]);
    app.finish().await;
}
