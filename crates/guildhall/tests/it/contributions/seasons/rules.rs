//! The rules of a season, published to its projects.

use contributions::{
    actions::{NewRules, RulesOutcome, add_season_project, publish_rules, publish_season_rules},
    reads,
    rules::seasons::SeasonInput,
};
use identity::model::Role;
use platform::audit::Actor::Operator;
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
    let published = publish_season_rules(app.context(), None, AUTUMN, None).await;
    assert_eq!(published.expect("published"), [outcome(Some(2), None)]);
    let again = publish_season_rules(app.context(), None, AUTUMN, None).await;
    let again = again.expect("nothing to publish");
    assert_eq!(again[0].version, None);
    let reason = again[0].reason.as_deref().unwrap_or_default();
    assert!(reason.contains("has these rules already"), "{reason}");
    let project = reads::project_id(&app.context().db, "season").await;
    let project = project.expect("read").expect("a project");
    let current = reads::current_rules(&app.context().db, project).await;
    assert_eq!(
        current.expect("rules").document,
        r#"{"exclude":{"self_requested_merges":true},"low_value":{"patches":true},"merged":60}"#
    );
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
    let refused = organizer.call("POST", path, Some(&json!({}))).await.json();
    assert_eq!(refused["items"][0]["version"], json!(null));
    app.add_maintainer("season", "finch-ash").await;
    let published = organizer.call("POST", path, Some(&json!({}))).await.json();
    assert_eq!(published["items"][0]["version"], 2);
    app.work().await;
    app.finish().await;
}

/// Returns the titles in a person's inbox that name the season.
async fn news(app: &TestApp, login: &str) -> Vec<String> {
    let inbox = app.inbox(&app.browser_of(login).await).await.into_iter();
    let titles = inbox.map(|title| title.trim_start_matches('*').to_owned());
    titles.filter(|title| title.contains("has the rules of Autumn")).collect()
}

/// A season of two projects: `season` of wren-oak, and `mirror` of finch-ash, which has rules of its own.
async fn two_projects() -> TestApp {
    let app = TestApp::of_lantern().await;
    let details = SeasonInput { rules: Some(r#"{"merged": 60}"#.to_owned()), ..october() };
    app.season(details).await;
    app.project("mirror").await;
    add_season_project(app.context(), Operator, AUTUMN, "mirror").await.expect("added");
    for (project, login) in [("season", "wren-oak"), ("mirror", "finch-ash")] {
        app.browser_of(login).await;
        app.add_maintainer(project, login).await;
    }
    let own = NewRules { document: r#"{"merged": 70}"#.to_owned(), based_on: None };
    publish_rules(app.context(), Operator, "mirror", own).await.expect("published");
    app.work().await;
    app
}

#[tokio::test]
async fn rules_of_maintainers_are_replaced_only_if_chosen_and_with_a_notice() {
    let app = two_projects().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let path = "/api/v1/seasons/autumn/publish-rules";
    let plans = admin.json(path).await;
    let plan = |slug: &str| {
        let items = plans["items"].as_array().expect("items").iter();
        items.clone().find(|it| it["project"] == slug).expect("a plan").clone()
    };
    assert_eq!(
        (&plan("season")["has_own"], &plan("mirror")["has_own"]),
        (&json!(false), &json!(true))
    );
    let change = json!([{ "rule": "Merged", "before": "70 points", "after": "60 points" }]);
    assert_eq!(plan("mirror")["changes"], change);
    let page = "/seasons/autumn/publish-rules";
    let asked = admin.get(page).await.text;
    for words in [
        "value=\"season@1\" checked",
        "value=\"mirror@2\"> Publish in",
        "rules of their own",
        "(now: 70 points)",
    ] {
        assert!(asked.contains(words), "{words}: {asked}");
    }

    // By default, only projects without rules of their own change, and only their maintainers are notified.
    let published = admin.call("POST", path, Some(&json!({}))).await.json();
    let versions: Vec<_> = (published["items"].as_array().expect("items").iter())
        .map(|it| (it["project"].clone(), it["version"].clone()))
        .collect();
    assert_eq!(versions, [(json!("mirror"), json!(null)), (json!("season"), json!(2))]);
    app.work().await;
    assert_eq!(news(&app, "wren-oak").await.len(), 1);
    assert!(news(&app, "finch-ash").await.is_empty());
    assert!(news(&app, "rook-elm").await.is_empty());
    // Rules that a season published are not the maintainers' own.
    assert_eq!(admin.json(path).await["items"][1]["has_own"], json!(false));

    // What a person did not see is not replaced.
    let form = [("project", "mirror@1")];
    assert_eq!(admin.post(page, &form).await.location(), "/seasons/autumn/projects");
    app.work().await;
    assert!(news(&app, "finch-ash").await.is_empty());
    let form = [("project", "mirror@2")];
    assert_eq!(admin.post(page, &form).await.location(), "/seasons/autumn/projects");
    app.work().await;
    assert_eq!((news(&app, "finch-ash").await.len(), news(&app, "wren-oak").await.len()), (1, 1));
    let other = json!({ "projects": ["elsewhere"] });
    let refused = admin.call("POST", path, Some(&other)).await;
    refused.refuses(404, "NOT_FOUND", "has no project 'elsewhere'");
    app.finish().await;
}

#[tokio::test]
async fn who_publishes_rules_needs_no_notice_of_it() {
    let app = two_projects().await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let organizes = "/api/v1/seasons/autumn/organizers/wren-oak";
    assert_eq!(admin.call("PUT", organizes, None).await.status, 204);
    app.browser_of("heron-fir").await;
    app.add_maintainer("season", "heron-fir").await;
    let wren = app.browser_of("wren-oak").await;
    let path = "/api/v1/seasons/autumn/publish-rules";
    let chosen = json!({ "projects": ["mirror", "season"] });
    let published = wren.call("POST", path, Some(&chosen)).await.json();
    assert_eq!(
        published["items"][0]["version"],
        json!(null),
        "only of projects that they maintain"
    );
    assert_eq!(published["items"][1]["version"], json!(2));
    app.work().await;
    assert!(news(&app, "wren-oak").await.is_empty());
    assert!(news(&app, "finch-ash").await.is_empty());
    assert_eq!(news(&app, "heron-fir").await, ["season has the rules of Autumn"]);
    app.finish().await;
}
