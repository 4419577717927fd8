//! Conversion of GH Archive lines, with handwritten events.

use serde_json::{Value, json};

use super::{Delivery, LineError, check, convert};

fn event(kind: &str, payload: &Value) -> Value {
    json!({
        "id": "31000000001",
        "type": kind,
        "actor": {"id": 583231, "login": "octocat", "display_login": "octocat", "avatar_url": "https://avatars.example/583231"},
        "repo": {"id": 1296269, "name": "octo-org/hello-world", "url": "https://api.example/repos/octo-org/hello-world"},
        "org": {"id": 6811672, "login": "octo-org"},
        "payload": payload,
        "public": true,
        "created_at": "2024-05-01T10:00:00Z",
    })
}

fn pull_request() -> Value {
    json!({
        "id": 7, "number": 3, "state": "open", "title": "Greet", "user": null,
        "base": {"repo": {"id": 1296269, "full_name": "octo-org/hello-world", "fork": false}},
    })
}

fn delivery(event: &Value) -> Delivery {
    convert(event.to_string().as_bytes()).expect("convertible").expect("has a webhook")
}

fn body(event: &Value) -> Value {
    serde_json::from_str(delivery(event).body.get()).expect("JSON")
}

fn refused(event: &Value) -> LineError {
    convert(event.to_string().as_bytes()).expect_err("refused")
}

#[test]
fn a_pull_request_keeps_its_facts_and_gains_repository_and_sender() {
    let event = event(
        "PullRequestEvent",
        &json!({"action": "opened", "number": 3, "pull_request": pull_request()}),
    );
    assert_eq!(delivery(&event).event, "pull_request");
    assert_eq!(delivery(&event).repository_id, 1_296_269);
    let body = body(&event);
    assert_eq!(body["pull_request"], pull_request());
    assert_eq!(body["action"], "opened");
    assert_eq!(body["repository"]["fork"], false, "the base's full object");
    assert_eq!(body["sender"]["login"], "octocat");
    assert_eq!(body["sender"].get("type"), None, "the archive does not say");
    assert_eq!(body["organization"]["id"], 6_811_672);
}

#[test]
fn a_base_of_another_repository_is_not_trusted() {
    let mut pull_request = pull_request();
    pull_request["base"]["repo"]["id"] = json!(1);
    let event =
        event("PullRequestEvent", &json!({"action": "opened", "pull_request": pull_request}));
    let expected = json!({
        "id": 1_296_269, "name": "hello-world", "full_name": "octo-org/hello-world", "owner": {"login": "octo-org"},
    });
    assert_eq!(body(&event)["repository"], expected);
}

#[test]
fn a_payload_cannot_override_the_envelope() {
    let event = event(
        "WatchEvent",
        &json!({"action": "started", "repository": {"id": 1}, "sender": {"id": 1}}),
    );
    assert_eq!(body(&event)["repository"]["id"], 1_296_269);
    assert_eq!(body(&event)["sender"]["id"], 583_231);
}

#[test]
fn actions_are_renamed_as_in_webhooks() {
    for (kind, from, to) in [
        ("PullRequestReviewEvent", "created", "submitted"),
        ("PullRequestReviewEvent", "updated", "edited"),
        ("PullRequestReviewEvent", "dismissed", "dismissed"),
        ("PullRequestEvent", "merged", "closed"),
        ("PullRequestEvent", "reopened", "reopened"),
        ("PullRequestReviewCommentEvent", "created", "created"),
    ] {
        let event = event(
            kind,
            &json!({"action": from, "review": {"id": 9}, "pull_request": pull_request()}),
        );
        assert_eq!(body(&event)["action"], to, "{kind} {from}");
    }
}

#[test]
fn a_push_has_the_webhooks_fields() {
    let zero = "0".repeat(40);
    let event = event(
        "PushEvent",
        &json!({"ref": "refs/heads/main", "before": zero, "head": "a1", "size": 1}),
    );
    let body = body(&event);
    assert_eq!(body["after"], "a1");
    assert_eq!(body.get("head"), None);
    assert_eq!([&body["created"], &body["deleted"], &body["forced"]], [true, false, false]);
    assert_eq!(body["pusher"]["name"], "octocat");
}

#[test]
fn an_app_is_a_bot() {
    let mut event = event("WatchEvent", &json!({"action": "started"}));
    event["actor"]["login"] = json!("octo-app[bot]");
    assert_eq!(body(&event)["sender"]["type"], "Bot");
}

#[test]
fn numbers_and_escapes_are_kept_as_written() {
    let line = event("IssuesEvent", &json!({"action": "opened", "issue": "HERE"}))
        .to_string()
        .replace("\"HERE\"", r#"{"n": 12345678901234567890123, "s": "\ud83d \u0000", "n": 1.10}"#);
    let delivery = convert(line.as_bytes()).expect("convertible").expect("issues");
    assert!(
        delivery
            .body
            .get()
            .contains(r#"{"n": 12345678901234567890123, "s": "\ud83d \u0000", "n": 1.10}"#)
    );
}

#[test]
fn the_delivery_id_depends_on_the_event_id_only() {
    let one = event("WatchEvent", &json!({"action": "started"}));
    let mut same = one.clone();
    same["actor"]["login"] = json!("hubot");
    let mut number = one.clone();
    number["id"] = json!(31_000_000_001_u64);
    let mut other = one.clone();
    other["id"] = json!("31000000002");
    assert_eq!(delivery(&one).delivery, delivery(&same).delivery);
    assert_eq!(delivery(&one).delivery, delivery(&number).delivery);
    assert_ne!(delivery(&one).delivery, delivery(&other).delivery);
    assert_eq!(delivery(&one).delivery.get_version_num(), 8);
}

#[test]
fn a_trimmed_pull_request_rejects_the_file_with_the_reason() {
    let trimmed = json!({"id": 7, "number": 3, "url": "https://api.example/pulls/3", "head": {"ref": "x"}, "base": {"ref": "main"}});
    for kind in ["PullRequestEvent", "PullRequestReviewEvent", "PullRequestReviewCommentEvent"] {
        let event = event(kind, &json!({"action": "created", "pull_request": trimmed}));
        assert_eq!(refused(&event), LineError::Trimmed, "{kind}");
    }
    let good = event("WatchEvent", &json!({"action": "started"})).to_string();
    let bad = event("PullRequestEvent", &json!({"action": "opened", "pull_request": trimmed}))
        .to_string();
    let refusal = check([good.as_str(), "", bad.as_str(), good.as_str()]).expect_err("refused");
    assert_eq!(refusal.line, 3);
    assert!(refusal.to_string().contains("2025-10-07"), "{refusal}");
    assert!(refusal.to_string().contains("import from GitHub's API"), "{refusal}");
}

#[test]
fn a_report_counts_usable_events() {
    let mut later = event("PushEvent", &json!({"ref": "r", "before": "a", "head": "b"}));
    later["created_at"] = json!("2024-05-01T11:00:00Z");
    let lines = [
        event("WatchEvent", &json!({"action": "started"})).to_string() + "\r",
        String::new(),
        later.to_string(),
        event("SponsorshipEvent", &json!({"action": "created"})).to_string(),
    ];
    let report = check(&lines).expect("usable");
    assert_eq!(report.deliveries.into_iter().collect::<Vec<_>>(), [("push", 1), ("watch", 1)]);
    assert_eq!(report.not_used, 1);
    assert_eq!(
        report.first_at.map(|at| at.to_rfc3339()).as_deref(),
        Some("2024-05-01T10:00:00+00:00")
    );
    assert_eq!(
        report.last_at.map(|at| at.to_rfc3339()).as_deref(),
        Some("2024-05-01T11:00:00+00:00")
    );
}

#[test]
fn errors_name_the_problem_of_a_line() {
    for (line, says) in [
        ("not json", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("{\"id\": \"1\"", "not a JSON object"),
        ("{}", "id is missing"),
        (r#"{"type": "PushEvent", "actor": "octocat", "repository": {}}"#, "before 2015"),
    ] {
        let error = convert(line.as_bytes()).expect_err(line).to_string();
        assert!(error.contains(says), "{line}: {error}");
    }
    assert!(convert(b"{\"id\": \"\xff\"}").is_err(), "not UTF-8");
}

#[test]
fn missing_fields_are_named() {
    for (pointer, value, says) in [
        ("/repo/name", json!("hello-world"), "OWNER/NAME"),
        ("/payload", json!([]), "payload has an unexpected value"),
        ("/payload/pull_request", json!("x"), "payload.pull_request has an unexpected value"),
        ("/payload/action", json!(5), "payload.action has an unexpected value"),
        ("/created_at", json!("yesterday"), "not a GH Archive event"),
        ("/id", json!(null), "id is missing or invalid"),
    ] {
        let mut event =
            event("PullRequestEvent", &json!({"action": "opened", "pull_request": pull_request()}));
        *event.pointer_mut(pointer).expect("there") = value;
        assert!(refused(&event).to_string().contains(says), "{pointer}: {}", refused(&event));
    }
    let no_head = event("PushEvent", &json!({"ref": "r"}));
    assert!(refused(&no_head).to_string().contains("payload.head is missing"));
}

#[test]
fn a_delivery_has_the_format_of_replay() {
    let line = serde_json::to_value(delivery(&event("WatchEvent", &json!({"action": "started"}))))
        .expect("JSON");
    assert_eq!(line["at"], "2024-05-01T10:00:00Z");
    assert_eq!(line["event"], "watch");
    assert!(line["delivery"].is_string() && line["body"].is_object());
    assert_eq!(line.as_object().map(serde_json::Map::len), Some(4));
}
