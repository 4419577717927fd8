//! The work of maintainers, authors and moderators.

use contributions::model::ReviewAction;
use identity::model::Role;
use serde_json::json;

use super::flags::series;
use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

#[tokio::test]
async fn a_pull_request_waits_for_its_maintainers_and_then_for_its_author() {
    let app = TestApp::of_lantern().await;
    let opened = "2026-10-30T08:00:00Z";
    let scenario = Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), opened);
    app.deliver_all(&[&scenario]).await;
    app.know_reviewer("season", "wren-oak").await;
    let review = app.waits("wren-oak", "review").await;
    assert_eq!(review["address"], "/pull-requests/octo-org/lantern/1");
    let line = review["line"].as_str().expect("a line");
    assert!(line.starts_with("octo-org/lantern #1 · +"), "with the size: {line}");
    assert_eq!(review["action"], "Review");
    assert!(review["due"].is_string(), "{review}");
    app.is_done("hexacat", "review").await;
    app.is_done("hexacat", "changes").await;

    app.review("lantern", 1, "wren-oak", ReviewAction::Started).await.expect("started");
    app.review("lantern", 1, "wren-oak", ReviewAction::RequestedChanges).await.expect("asked");
    app.work().await;
    app.is_done("wren-oak", "review").await;
    let changes = app.waits("hexacat", "changes").await;
    assert_eq!(changes["action"], "See changes");

    app.review("lantern", 1, "wren-oak", ReviewAction::Started).await.expect("started again");
    app.review("lantern", 1, "wren-oak", ReviewAction::Approved).await.expect("approved");
    app.work().await;
    app.is_done("wren-oak", "review").await;
    app.is_done("hexacat", "changes").await;
    app.finish().await;
}

#[tokio::test]
async fn a_flag_waits_for_moderators_whom_it_does_not_concern() {
    let app = TestApp::of_lantern().await;
    let scenarios = series(&repo(1, "lantern"), "hexacat", 1..=9);
    app.deliver_all(&scenarios.iter().collect::<Vec<_>>()).await;
    app.run_schedule("GamingDetection").await;
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    app.browser_with("hexacat", Role::Moderator).await;
    let flag = app.waits("rook-elm", "flag").await;
    assert_eq!((&flag["address"], &flag["line"]), (&json!("/admin/fair-play/1"), &json!("F-1")));
    assert_eq!(flag["title"], "9 small pull requests by hexacat");
    assert!(flag["due"].is_string(), "{flag}");
    app.is_done("hexacat", "flag").await;
    app.is_done("finch-ash", "flag").await;
    let decision = json!({ "is_confirmed": false, "reason": "An honest series" });
    moderator.call("POST", "/api/v1/admin/fair-play/1/decision", Some(&decision)).await;
    app.is_done("rook-elm", "flag").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_report_waits_for_moderators() {
    let app = TestApp::of_lantern().await;
    let merged =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-20T08:00:00Z")
            .merged("2026-10-21T08:00:00Z");
    app.deliver_all(&[&merged]).await;
    let reporter = app.browser_of("finch-ash").await;
    let fields = [("repository", "octo-org/lantern"), ("number", "1"), ("reason", "copied")];
    assert_eq!(reporter.post("/reports", &fields).await.status, 303);
    let moderator = app.browser_with("rook-elm", Role::Moderator).await;
    let report = app.waits("rook-elm", "report").await;
    let title = report["title"].as_str().expect("a title");
    assert!(title.starts_with("Is it copied? “"), "{title}");
    assert!(title.ends_with("” by hexacat, reported by 1 person"), "{title}");
    assert_eq!(report["line"], "octo-org/lantern #1 · F-1");
    app.is_done("rook-elm", "flag").await;
    let decision = [("decision", "dismiss"), ("reason", "It is their own work")];
    assert_eq!(moderator.post("/admin/fair-play/1", &decision).await.status, 303);
    app.is_done("rook-elm", "report").await;
    app.work().await;
    app.finish().await;
}
