//! The rules of a season, published to its projects.

use contributions::{
    actions::{RulesOutcome, publish_season_rules},
    reads,
    rules::seasons::SeasonInput,
};
use identity::model::Role;
use serde_json::json;

use super::{AUTUMN, october};
use crate::app::TestApp;

#[tokio::test]
async fn rules_become_a_new_version_of_each_project() {
    let app = TestApp::of_lantern().await;
    let details = SeasonInput { rules: Some(r#"{"merged": 60}"#.to_owned()), ..october() };
    app.season(details).await;
    let outcome = |version, reason: Option<&str>| RulesOutcome {
        project: "season".to_owned(),
        version,
        reason: reason.map(str::to_owned),
    };
    let published = publish_season_rules(app.context(), None, AUTUMN).await;
    assert_eq!(published.expect("published"), [outcome(Some(2), None)]);
    let again = publish_season_rules(app.context(), None, AUTUMN).await;
    let again = again.expect("nothing to publish");
    assert_eq!(again[0].version, None);
    let reason = again[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("equal version 2"), "{reason}");
    let project = reads::project_id(&app.context().db, "season").await;
    let project = project.expect("read").expect("a project");
    let current = reads::current_rules(&app.context().db, project).await;
    assert_eq!(current.expect("rules").document, r#"{"merged":60}"#);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn organizers_publish_only_to_projects_that_they_maintain() {
    let app = TestApp::of_lantern().await;
    let details = SeasonInput { rules: Some(r#"{"merged": 60}"#.to_owned()), ..october() };
    app.season(details).await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let organizer = app.browser_of("finch-ash").await;
    let path = "/api/v1/seasons/autumn/organizers/finch-ash";
    assert_eq!(admin.call("PUT", path, None).await.status, 204);
    let path = "/api/v1/seasons/autumn/publish-rules";
    let refused = organizer.call("POST", path, None).await.json();
    assert_eq!(refused["items"][0]["version"], json!(null));
    app.add_maintainer("season", "finch-ash").await;
    let published = organizer.call("POST", path, None).await.json();
    assert_eq!(published["items"][0]["version"], 2);
    app.work().await;
    app.finish().await;
}
