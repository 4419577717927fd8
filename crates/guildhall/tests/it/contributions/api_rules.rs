use identity::model::Role;
use serde_json::{Value, json};

use super::publishing::publish;
use crate::app::{TestApp, browser::Browser};

const PATH: &str = "/api/v1/projects/season/rules";

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    app.browser_of("finch-ash").await;
    app.add_maintainer("season", "finch-ash").await;
    app
}

#[tokio::test]
async fn a_maintainer_publishes_a_version() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let input = json!({ "document": { "tests": 1.10, "merged": 60 }, "based_on": 1 });
    let published = own.call("POST", PATH, Some(&input)).await;
    assert_eq!(published.status, 201, "{}", published.text);
    assert_eq!(published.header("location"), PATH);
    let expected = json!({
        "version": 2, "published_at": app.context().now(),
        "document": {
            "merged": 60, "tests": 1.1,
            "exclude": { "self_requested_merges": true }, "low_value": { "patches": true },
        },
    });
    assert_eq!(published.json(), expected);
    let listed = app.json(PATH).await;
    assert_eq!(listed["items"][1], expected);
    let first =
        json!({ "exclude": { "self_requested_merges": true }, "low_value": { "patches": true } });
    assert_eq!(listed["items"][0]["document"], first);
    let stored = "SELECT document AS value FROM project_rules WHERE version = 2 AND published_by_id IS NOT NULL";
    assert_eq!(app.values(stored).await, [expected["document"].to_string()]);
    let acts = "SELECT actor_kind || ' ' || target_kind AS value FROM audit_logs WHERE action = 'project.publish_rules'";
    assert_eq!(app.values(acts).await, ["person project"]);
    let person = identity::reads::find_account(&app.context().db, "finch-ash").await;
    let person = person.expect("known").id.into();
    let held = contributions::reads::export(&app.context().db, person).await;
    let held = held.expect("exported");
    assert_eq!(held["published_rules"][0]["version"], 2, "{held}");
    // An admin who does not maintain it publishes, too.
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let back = json!({ "document": {}, "based_on": 2 });
    assert_eq!(admin.call("POST", PATH, Some(&back)).await.status, 201);
    app.finish().await;
}

#[tokio::test]
async fn a_repeated_request_publishes_once() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let input = json!({ "document": { "merged": 60 }, "based_on": 1 });
    let key = [("idempotency-key", "publish-once")];
    for _ in 0..2 {
        let answer = own.call_with_headers("POST", PATH, &key, Some(&input)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.json()["version"], 2);
    }
    let versions = "SELECT count(*) FROM project_rules";
    assert_eq!(app.count(versions).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_publication_that_conflicts_is_refused() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let input = |document: Value, based_on| json!({ "document": document, "based_on": based_on });
    // Equal in effect, though written differently.
    for same in [json!({}), json!({ "merged": 50, "tests": "1.20" })] {
        let refused = own.call("POST", PATH, Some(&input(same, 1))).await;
        refused.refuses(409, "RULES_UNCHANGED", "equal version 1");
    }
    assert_eq!(publish(&app, r#"{"merged": 60}"#, None).await, Ok(2));
    for based_on in [0, 1, 3] {
        let stale = input(json!({ "merged": 70 }), based_on);
        let refused = own.call("POST", PATH, Some(&stale)).await;
        refused.refuses(409, "RULES_OUTDATED", "Version 2 is current");
    }
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let archive = json!({ "archived": true });
    let project = "/api/v1/projects/season";
    let archived = admin.call("PATCH", project, Some(&archive)).await;
    assert_eq!(archived.status, 200);
    let later = input(json!({ "merged": 70 }), 2);
    let refused = own.call("POST", PATH, Some(&later)).await;
    refused.refuses(409, "PROJECT_ARCHIVED", "season is archived");
    assert_eq!(app.count("SELECT count(*) FROM project_rules").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn every_invalid_field_is_named() {
    let app = scene().await;
    let own = app.browser_of("finch-ash").await;
    let document = json!({ "merged": -1, "types": { "a/b": 11 }, "rating": { "4": "x" } });
    let input = json!({ "document": document, "based_on": 1 });
    let refused = own.call("POST", PATH, Some(&input)).await;
    refused.refuses(422, "BAD_RULES", "2 other fields are wrong, too.");
    let problem = refused.json();
    let mut pointers: Vec<_> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].as_str().expect("a pointer").to_owned())
        .collect();
    pointers.sort_unstable();
    let expected = ["#/document/merged", "#/document/rating/4", "#/document/types/a~1b"];
    assert_eq!(pointers, expected);
    let long = "x".repeat(51);
    for (document, words) in [
        (json!([]), "must be a JSON object"),
        (json!(null), "must be a JSON object"),
        (json!({ "mergd": 1 }), "is not a known field"),
        (json!({ "merged": 50.0 }), "without a decimal point"),
        (json!({ "types": { (long): 1 } }), "names of 1 to 50 characters"),
        (json!({ "types": { "": 1 } }), "names of 1 to 50 characters"),
        (json!({ "spam": { "labels": ["x".repeat(70_000)] } }), "larger than 64 KiB"),
    ] {
        let input = json!({ "document": document, "based_on": 1 });
        let refused = own.call("POST", PATH, Some(&input)).await;
        refused.refuses(422, "BAD_RULES", words);
    }
    assert_eq!(app.count("SELECT count(*) FROM project_rules").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn malformed_requests_and_strangers_are_refused() {
    let app = scene().await;
    let (own, stranger) = (app.browser_of("finch-ash").await, app.browser_of("wren-oak").await);
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let anonymous = Browser::new(&app);
    let input = json!({ "document": { "merged": 60 }, "based_on": 1 });
    for path in [PATH.to_owned(), format!("{PATH}/preview")] {
        let input =
            if path == PATH { input.clone() } else { json!({ "document": { "merged": 60 } }) };
        let refused = stranger.call("POST", &path, Some(&input)).await;
        refused.refuses(403, "MAINTAINER_REQUIRED", "maintainers of season");
        let refused = anonymous.call("POST", &path, Some(&input)).await;
        refused.refuses(401, "SIGN_IN_REQUIRED", "Sign in");
        let elsewhere = path.replace("season", "none");
        let unknown = admin.call("POST", &elsewhere, Some(&input)).await;
        unknown.refuses(404, "NOT_FOUND", "Unknown project");
        let unknown = json!({ "document": {}, "based_on": 1, "note": "x" });
        let refused = own.call("POST", &path, Some(&unknown)).await;
        refused.refuses(400, "UNKNOWN_FIELD", "");
        let refused = own.call("POST", &path, Some(&json!({}))).await;
        refused.refuses(400, "BAD_BODY", "document");
    }
    let without = json!({ "document": { "merged": 60 } });
    let refused = own.call("POST", PATH, Some(&without)).await;
    refused.refuses(400, "BAD_BODY", "based_on");
    assert_eq!(app.count("SELECT count(*) FROM project_rules").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_schema_is_public() {
    let app = TestApp::start().await;
    let answer = app.get("/api/v1/schemas/rules").send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/schema+json");
    let schema: Value = answer.json().await.expect("JSON");
    assert_eq!(schema["$id"], "urn:guildhall:rules");
    let example = schema["examples"][0].to_string();
    let document = contributions::rules::RulesDocument::parse(&example);
    assert!(document.is_ok(), "{document:?}");
    app.finish().await;
}
