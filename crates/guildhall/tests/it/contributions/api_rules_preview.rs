use identity::model::Role;
use serde_json::{Value, json};

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, delivery, person, repo},
};

const PATH: &str = "/api/v1/projects/season/rules/preview";

/// A merged pull request and two open ones of October. The server's clock is at the beginning of November.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    let repo = repo(1, "lantern");
    let merged = Scenario::opened(&repo, 1, &person("hexacat"), "2026-10-20T08:00:00Z");
    let merged = merged.merged("2026-10-21T08:00:00Z");
    let opened = Scenario::opened(&repo, 2, &person("monacat"), "2026-10-22T08:00:00Z");
    let old = Scenario::opened(&repo, 3, &person("octavia"), "2026-10-01T08:00:00Z");
    app.deliver_all(&[&merged, &opened, &old]).await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    app
}

async fn preview(app: &TestApp, document: Value) -> Value {
    let own = app.browser_of("finch-ash").await;
    let draft = json!({ "document": document });
    let answer = own.call("POST", PATH, Some(&draft)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn it_states_what_would_have_changed() {
    let app = scene().await;
    let before = app.dump().await;
    let effect = preview(&app, json!({ "opened": 0, "merged": 100 })).await;
    let expected = json!({
        "based_on": 1, "from": "2026-10-02T00:00:00Z", "to": "2026-11-01T00:00:00Z",
        "pull_request_count": 2, "is_cut": false,
        "points_before": 70, "points_after": 100, "changed_count": 2,
        "largest_changes": [
            { "full_name": "octo-org/lantern", "number": 1, "points_before": 60, "points_after": 100 },
            { "full_name": "octo-org/lantern", "number": 2, "points_before": 10, "points_after": 0 },
        ],
        "gained_rank_count": 0, "lost_rank_count": 1,
        "rank_changes": [{ "login": "monacat", "rank_before": 2, "rank_after": null }],
    });
    assert_eq!(effect, expected);
    let effect = preview(&app, json!({ "opened": 60, "merged": 1 })).await;
    assert_eq!(effect["points_after"], 121);
    assert_eq!(effect["rank_changes"], json!([]));
    // The rules that are current change nothing.
    let effect = preview(&app, json!({})).await;
    assert_eq!(effect["points_before"], effect["points_after"]);
    assert_eq!(effect["changed_count"], 0);
    assert_eq!(app.dump().await, before, "nothing is written");
    app.finish().await;
}

#[tokio::test]
async fn earlier_pull_requests_of_a_month_use_its_cap() {
    let app = scene().await;
    let old = Scenario::opened(&repo(1, "lantern"), 4, &person("monacat"), "2026-10-01T08:00:00Z");
    app.deliver_all(&[&old]).await;
    let effect = preview(&app, json!({ "monthly_cap": 15 })).await;
    // Of the cap of 15, the opening on October 1, which is not counted, leaves 5.
    let cut = json!({
        "full_name": "octo-org/lantern", "number": 2, "points_before": 10, "points_after": 5,
    });
    assert_eq!(effect["largest_changes"][1], cut, "{effect}");
    assert_eq!(effect["points_after"], 20);
    app.finish().await;
}

#[tokio::test]
async fn what_was_earned_by_several_versions_is_compared() {
    let app = scene().await;
    let published = super::publishing::publish(&app, r#"{"opened": 20}"#, None).await;
    assert_eq!(published, Ok(2));
    app.clock.set(at("2026-11-10T00:00:00Z"));
    let repo = repo(1, "lantern");
    let new = Scenario::opened(&repo, 5, &person("octavia"), "2026-11-03T08:00:00Z");
    app.deliver_all(&[&new]).await;
    let effect = preview(&app, json!({ "opened": 20 })).await;
    assert_eq!(effect["based_on"], 2);
    assert_eq!(effect["points_before"], 60 + 10 + 20);
    assert_eq!(effect["points_after"], 70 + 20 + 20);
    assert_eq!(effect["changed_count"], 2);
    // Ranks before: 60, 20, 10. After: 70, and two with 20.
    let ranks = json!([{ "login": "monacat", "rank_before": 3, "rank_after": 2 }]);
    assert_eq!(effect["rank_changes"], ranks);
    assert_eq!(effect["gained_rank_count"], 1);
    app.finish().await;
}

#[tokio::test]
async fn private_repositories_and_unlisted_people_are_not_named() {
    let app = scene().await;
    let private = r#"{"action":"privatized","repository":{"id":1,"full_name":"octo-org/lantern","private":true,"archived":false,"updated_at":"2026-10-30T00:00:00Z"}}"#;
    app.deliver(&[delivery("repository", private)]).await;
    app.work().await;
    app.ban("monacat").await;
    app.work().await;
    let effect = preview(&app, json!({ "opened": 0 })).await;
    assert_eq!(effect["changed_count"], 2);
    assert_eq!(effect["largest_changes"][0]["full_name"], Value::Null);
    assert_eq!(effect["largest_changes"][0]["number"], Value::Null);
    assert_eq!(effect["rank_changes"], json!([]));
    app.finish().await;
}

#[tokio::test]
async fn a_project_without_pull_requests_has_no_effect_and_errors_are_named() {
    let app = TestApp::start().await;
    app.project("season").await;
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let draft = json!({ "document": { "merged": 60 } });
    let effect = admin.call("POST", PATH, Some(&draft)).await.json();
    assert_eq!(effect["pull_request_count"], 0);
    assert_eq!(effect["largest_changes"], json!([]));
    let draft = json!({ "document": { "merged": "fifty", "docs": 11 } });
    let refused = admin.call("POST", PATH, Some(&draft)).await;
    refused.refuses(422, "BAD_RULES", "must be a whole number from 0 to 10000");
    let errors = &refused.json()["errors"];
    assert_eq!(errors.as_array().map(Vec::len), Some(2), "{errors}");
    app.finish().await;
}
