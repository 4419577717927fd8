//! `/api/v1/admin/flags` and `/api/v1/admin/flags/{name}`.

use serde_json::{Value, json};

use super::admin;
use crate::app::TestApp;

const PATH: &str = "/api/v1/admin/flags";
const DOCS: &str = "/api/v1/admin/flags/api_docs";

#[tokio::test]
async fn flags_are_listed_with_their_state() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let list = admin.json(PATH).await;
    let items = list["items"].as_array().expect("items");
    let names: Vec<_> = items.iter().filter_map(|f| f["name"].as_str()).collect();
    assert_eq!(
        names,
        [
            "live_updates",
            "github_sign_in",
            "openid_sign_in",
            "api_docs",
            "github_api",
            "contributions",
            "maintainers_create_projects",
            "hackathons",
            "friends",
            "rewards",
            "submissions",
            "code_hosts",
            "board_exports",
            "ctf",
            "game_platform_integration",
            "discovery",
            "language_model"
        ]
    );
    for flag in items {
        // This flag starts off: its variable has to turn it on.
        let starts_on = flag["name"] != "game_platform_integration";
        let percent = if starts_on { 100 } else { 0 };
        // This one waits for an admin.
        let is_enabled = flag["name"] != "maintainers_create_projects";
        assert_eq!(
            (&flag["enabled"], &flag["rollout_percent"]),
            (&json!(is_enabled), &json!(percent))
        );
        assert_eq!(flag["is_permitted"], json!(starts_on));
    }
    assert_eq!(items[1]["kind"], "outgoing");
    app.finish().await;
}

#[tokio::test]
async fn a_change_applies_at_once_and_appears_in_the_history() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    app.browser_of("wren-oak").await;
    let input = json!({
        "rollout_percent": 25, "people": ["WREN-oak"], "roles": ["moderator"],
        "reason": " A first quarter "
    });
    let set = admin.call("PATCH", DOCS, Some(&input)).await;
    assert_eq!(set.status, 200, "{}", set.text);
    let set = set.json();
    assert_eq!(set["enabled"], json!(true), "omitted fields keep their value");
    assert_eq!(set["people"], json!(["wren-oak"]));
    let off = json!({ "enabled": false, "reason": "Not yet" });
    admin.call("PATCH", DOCS, Some(&off)).await;
    let flag = admin.json(DOCS).await;
    let history = flag["history"].as_array().expect("a history");
    let summary = |turn: &Value| {
        let (by, reason) = (turn["actor"].clone(), turn["reason"].clone());
        (by, reason, turn["setting"]["enabled"].clone())
    };
    assert_eq!(
        history.iter().map(summary).collect::<Vec<_>>(),
        [
            (json!("finch-ash"), json!("Not yet"), json!(false)),
            (json!("finch-ash"), json!("A first quarter"), json!(true)),
        ]
    );
    let noted = "SELECT a.action || ' ' || w.reason AS value FROM audit_logs a \
                 JOIN audit_words w ON w.id = a.id WHERE a.target_kind = 'flag' ORDER BY a.id";
    assert_eq!(app.values(noted).await, ["flag.change A first quarter", "flag.change Not yet"]);
    app.finish().await;
}

#[tokio::test]
async fn an_invalid_change_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let calls = "/api/v1/admin/flags/github_sign_in";
    for (path, body, status, code, words) in [
        (DOCS, json!({ "reason": " " }), 422, "REASON_REQUIRED", "reason"),
        (DOCS, json!({}), 400, "BAD_BODY", "missing field"),
        (DOCS, json!({ "rollout_percent": 101, "reason": "x" }), 422, "BAD_PERCENTAGE", "0 to 100"),
        (
            DOCS,
            json!({ "roles": ["king"], "reason": "x" }),
            422,
            "NO_SUCH_ROLE",
            "moderator or admin",
        ),
        (
            DOCS,
            json!({ "people": ["unknown-login"], "reason": "x" }),
            404,
            "PERSON_NOT_FOUND",
            "Unknown login",
        ),
        (
            calls,
            json!({ "rollout_percent": 50, "reason": "x" }),
            422,
            "PARTIAL_ROLLOUT_NOT_ALLOWED",
            "on or off",
        ),
        (
            "/api/v1/admin/flags/nothing",
            json!({ "enabled": false, "reason": "x" }),
            404,
            "FLAG_NOT_FOUND",
            "Unknown flag 'nothing'",
        ),
    ] {
        let answer = admin.call("PATCH", path, Some(&body)).await;
        answer.refuses(status, code, words);
    }
    let absent = admin.get("/api/v1/admin/flags/nothing").await;
    absent.refuses(404, "FLAG_NOT_FOUND", "Unknown flag");
    let changes = "SELECT count(*) FROM audit_logs WHERE target_kind = 'flag'";
    assert_eq!(app.count(changes).await, 0);
    app.finish().await;
}
