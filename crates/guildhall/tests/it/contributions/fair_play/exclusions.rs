//! Excluded repositories: the API, the pages, and the points.

use identity::model::Role;
use serde_json::{Value, json};

use super::server;
use crate::app::{
    TestApp,
    browser::{Answer, Browser},
    scenarios::{Scenario, person, repo},
};

const PATH: &str = "/api/v1/admin/repositories/1/exclusion";
const PAGE: &str = "/admin/fair-play/repositories/1";

async fn exclude(browser: &Browser<'_>) -> Answer {
    let reason = json!({ "reason": "Made to be farmed" });
    browser.call("PUT", PATH, Some(&reason)).await
}

async fn include(browser: &Browser<'_>) -> Answer {
    let path = format!("{PATH}?reason=Explained");
    browser.call("DELETE", &path, None).await
}

async fn pull(app: &TestApp, number: i64) -> Value {
    app.json(&format!("/api/v1/pull-requests/octo-org/lantern/{number}")).await
}

#[tokio::test]
async fn excluding_a_repository_reverses_its_points_and_including_it_returns_them() {
    let app = server().await;
    let before = app.net_ledger().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let preview = moderator.json(PATH).await;
    let expected = json!({
        "repository": "octo-org/lantern", "project": "season", "is_excluded": false,
        "pull_requests": 3, "people": 2, "points": 180, "decisions": [],
    });
    assert_eq!(preview, expected);
    let excluded = exclude(&moderator).await;
    assert_eq!(excluded.status, 204, "{}", excluded.text);
    app.work().await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    app.verify().await;
    let shown = pull(&app, 1).await;
    assert_eq!(shown["exclusion_reason"], "Made to be farmed");
    for part in ["opening", "merge"] {
        assert_eq!(shown[part]["excluded"]["code"], "repository_excluded");
    }
    let page = Browser::new(&app).get("/pull-requests/octo-org/lantern/1").await;
    let words = "The repository was excluded: Made to be farmed";
    assert!(page.text.contains(words), "{}", page.text);
    // A pull request that is opened later earns nothing either.
    let later =
        Scenario::opened(&repo(1, "lantern"), 4, &person("finch-ash"), "2026-10-30T08:00:00Z");
    app.deliver_all(&[&later]).await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    let listed = moderator.json("/api/v1/admin/repositories/excluded").await;
    assert_eq!(listed["items"][0]["repository"], "octo-org/lantern");
    assert_eq!(listed["items"][0]["excluded_by"], "rook-elm");
    let included = include(&moderator).await;
    assert_eq!(included.status, 204, "{}", included.text);
    app.work().await;
    let mut with_later = before.clone();
    with_later.push("#4  pr_opened +10 2026-10".to_owned());
    assert_eq!(app.net_ledger().await, with_later);
    app.verify().await;
    let decided = moderator.json(PATH).await;
    assert_eq!(decided["is_excluded"], false);
    assert_eq!(decided["decisions"][0]["lift_reason"], "Explained");
    app.finish().await;
}

#[tokio::test]
async fn an_undone_exclusion_leaves_what_was_before() {
    let app = server().await;
    let moderator = app.browser_with("rook-elm", Role::Admin).await;
    let before = (app.net_ledger().await, app.dump().await);
    for _ in 0..2 {
        assert_eq!(exclude(&moderator).await.status, 204);
        app.work().await;
        assert_eq!(include(&moderator).await.status, 204);
        app.work().await;
    }
    assert!((app.net_ledger().await, app.dump().await) == before);
    let acts =
        "SELECT action AS value FROM audit_logs WHERE action LIKE 'repository.%clude' ORDER BY id";
    let twice = ["repository.exclude", "repository.include"].repeat(2);
    assert_eq!(app.values(acts).await, twice);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_window_is_settled_as_a_whole_in_the_first_batch() {
    let app = server().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    assert_eq!(exclude(&moderator).await.status, 204);
    // What is left of a batch after a restart is settled by the wake-ups that are left.
    let wake_up =
        "(SELECT id FROM wake_ups WHERE topic = 'pull_request_changed' ORDER BY id DESC LIMIT 1)";
    let left = "SELECT count(*) FROM wake_ups WHERE topic = 'pull_request_changed'";
    assert_eq!(app.count(left).await, 3);
    app.change(&format!("UPDATE wake_ups SET topic = 'left' WHERE id = {wake_up}"))
        .await
        .expect("set aside");
    app.work().await;
    app.change("UPDATE wake_ups SET topic = 'pull_request_changed' WHERE topic = 'left'")
        .await
        .expect("returned");
    app.work().await;
    assert_eq!(app.net_ledger().await, Vec::<String>::new());
    // Each award was reversed once, and nothing was awarded on the way.
    let reversed = "SELECT count(*) FROM point_transactions WHERE kind = 'REVERSAL'";
    assert_eq!(app.count(reversed).await, 6);
    let posted = "SELECT count(*) FROM point_transactions";
    assert_eq!(app.count(posted).await, 12);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_repository_is_decided_on_once() {
    let app = server().await;
    let first = app.browser_with("rook-elm", Role::Moderator).await;
    let second = app.browser_with("wren-oak", Role::Moderator).await;
    let refused = include(&first).await;
    refused.refuses(409, "REPOSITORY_INCLUDED", "not excluded");
    assert_eq!(exclude(&first).await.status, 204);
    let refused = exclude(&second).await;
    refused.refuses(409, "REPOSITORY_EXCLUDED", "rook-elm already excluded");
    let blank = second.call("PUT", PATH, Some(&json!({ "reason": " " }))).await;
    blank.refuses(422, "REASON_REQUIRED", "Enter a reason");
    let blank = second.call("DELETE", PATH, None).await;
    blank.refuses(422, "REASON_REQUIRED", "Enter a reason");
    let unknown = "/api/v1/admin/repositories/7/exclusion";
    let refused = second.call("GET", unknown, None).await;
    refused.refuses(404, "NOT_FOUND", "GitHub ID 7");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn maintainers_and_authors_of_the_project_do_not_decide() {
    let app = server().await;
    let author = app.browser_with("hexacat", Role::Moderator).await;
    let maintainer = app.browser_with("wren-oak", Role::Admin).await;
    app.add_maintainer("season", "wren-oak").await;
    let other = app.browser_with("rook-elm", Role::Moderator).await;
    for party in [&author, &maintainer] {
        let refused = exclude(party).await;
        refused.refuses(403, "OWN_REPOSITORY", "Ask another moderator");
    }
    assert_eq!(exclude(&other).await.status, 204);
    for party in [&author, &maintainer] {
        let refused = include(party).await;
        refused.refuses(403, "OWN_REPOSITORY", "Ask another moderator");
    }
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn private_repositories_are_for_admins() {
    let app = server().await;
    app.change("UPDATE repositories SET is_private = true").await.expect("private");
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    for refused in [
        moderator.call("GET", PATH, None).await,
        exclude(&moderator).await,
        include(&moderator).await,
    ] {
        refused.refuses(404, "NOT_FOUND", "GitHub ID 1");
    }
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    assert_eq!(exclude(&admin).await.status, 204);
    let listed = admin.json("/api/v1/admin/repositories/excluded").await;
    assert_eq!(listed["items"], json!([]));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn moderators_decide_on_the_pages() {
    let app = server().await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let empty = moderator.get("/admin/fair-play/repositories").await;
    assert!(empty.text.contains("No excluded repositories"), "{}", empty.text);
    let page = moderator.get(PAGE).await;
    let words = "This reverses 180 points of 3 pull requests by 2 people.";
    assert!(page.text.contains(words), "{}", page.text);
    let refused = moderator.post(&format!("{PAGE}/exclude"), &[("reason", " ")]).await;
    refused.refuses_form(422, Some("reason"), "Enter a reason");
    let excluded = moderator.post(&format!("{PAGE}/exclude"), &[("reason", "Farmed <it>")]).await;
    assert_eq!(excluded.location(), PAGE);
    app.work().await;
    let list = moderator.get("/admin/fair-play/repositories").await;
    assert!(list.text.contains("Farmed &#60;it&#62;"), "{}", list.text);
    let refused = moderator.post(&format!("{PAGE}/exclude"), &[("reason", "Again")]).await;
    refused.refuses_form(409, None, "rook-elm already excluded");
    assert!(refused.text.contains("Undo the exclusion"));
    let included = moderator.post(&format!("{PAGE}/include"), &[("reason", "Explained")]).await;
    assert_eq!(included.location(), PAGE);
    let page = moderator.get(PAGE).await;
    assert!(page.text.contains("Undone by"), "{}", page.text);
    let refused = moderator.post(&format!("{PAGE}/include"), &[("reason", "Again")]).await;
    refused.refuses_form(409, None, "not excluded");
    app.work().await;
    // Maintainers see it in the list of their project, and admins the link to the decision.
    assert_eq!(exclude(&moderator).await.status, 204);
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    let list = admin.get("/projects/season/repositories").await;
    assert!(list.text.contains("Made to be farmed") && list.text.contains(PAGE));
    app.work().await;
    app.finish().await;
}
