//! The API of hackathons: an event by API alone, and its refusals.

use hackathons::actions::add_host;
use platform::audit::Actor::Operator;
use serde_json::{Value, json};

use super::scene::november;
use crate::app::{TestApp, at};

fn event() -> Value {
    json!({
        "title": "Low Tide", "timezone": "Europe/Lisbon", "capacity": 1, "tags": ["rust"],
        "questions": [{ "text": "T-shirt size", "is_required": true }],
        "application_opens_at": "2026-10-12T17:00:00Z", "application_closes_at": "2026-11-06T18:00:00Z",
        "submission_opens_at": "2026-11-14T09:00:00Z", "submission_closes_at": "2026-11-22T18:00:00Z"
    })
}

#[tokio::test]
async fn an_event_is_held_by_api_alone() {
    let app = TestApp::start().await;
    let organizer = app.browser_of("organizer").await;
    let refused = organizer.call("POST", "/api/v1/hackathons", Some(&event())).await;
    refused.refuses(403, "HOST_REQUIRED", "Only hosts");
    add_host(app.context(), Operator, "organizer").await.expect("a host");
    let created = organizer.call("POST", "/api/v1/hackathons", Some(&event())).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let created = created.json();
    assert_eq!((&created["phase"], &created["judging_opens_at"]), (&json!("draft"), &Value::Null));
    let own = "/api/v1/hackathons/low-tide";
    let published = organizer.call("POST", &format!("{own}/publish"), None).await;
    assert_eq!(published.json()["phase"], "applications", "{}", published.text);
    let listed = app.json("/api/v1/hackathons").await;
    assert_eq!(listed["items"][0]["slug"], "low-tide");
    assert_eq!(app.json(own).await["invitation"], Value::Null);
    let staff = app.json(&format!("{own}/staff")).await;
    assert_eq!(staff["items"][0]["role"], "organizer");

    let (ada, bo) = (app.browser_of("ada").await, app.browser_of("bo").await);
    let me = "/api/v1/me/hackathons/low-tide";
    let body = json!({ "conduct_version": 1, "answers": [{ "question": "T-shirt size", "answer": "M" }], "skills": "rust, forms" });
    for (browser, status) in [(&ada, "auto_accepted"), (&bo, "waitlisted")] {
        let unanswered = json!({ "conduct_version": 1 });
        let path = format!("{me}/application");
        let refused = browser.call("PUT", &path, Some(&unanswered)).await;
        refused.refuses(422, "BAD_HACKATHON", "T-shirt size");
        let applied = browser.call("PUT", &path, Some(&body)).await;
        assert_eq!(applied.json()["status"], status, "{}", applied.text);
    }
    assert_eq!(bo.json(&format!("{me}/application")).await["place"], 1);
    let listed = organizer.json(&format!("{own}/applications?status=waitlisted")).await;
    assert_eq!(listed["items"][0]["login"], "bo");
    let wrong = organizer.get(&format!("{own}/applications?status=lost")).await;
    wrong.refuses(422, "BAD_HACKATHON", "lost");

    let named = json!({ "name": "Gannet" });
    let team = ada.call("POST", &format!("{me}/team"), Some(&named)).await;
    assert_eq!(team.status, 201, "{}", team.text);
    let code = json!({ "code": team.json()["code"] });
    let joined = bo.call("POST", "/api/v1/me/teams", Some(&code)).await;
    assert_eq!(joined.json()["members"][1]["login"], "bo", "{}", joined.text);
    let again = bo.call("POST", "/api/v1/me/teams", Some(&code)).await;
    assert_eq!((again.status.as_u16(), &again.text), (200, &joined.text), "a second click");
    let role = json!({ "role": "co_leader" });
    let set = ada.call("PUT", &format!("{me}/team/members/bo"), Some(&role)).await;
    assert_eq!(set.status, 204, "{}", set.text);
    let locked = json!({ "is_locked": true });
    let changed = bo.call("PATCH", &format!("{me}/team"), Some(&locked)).await;
    assert_eq!(changed.json()["open_slots"], 0, "{}", changed.text);
    let teams = ada.json(&format!("{own}/teams")).await;
    assert_eq!(teams["items"][0]["slug"], "gannet");
    let removed = ada.call("DELETE", &format!("{me}/team/members/bo"), None).await;
    assert_eq!(removed.status, 204, "{}", removed.text);
    assert_eq!(bo.get(&format!("{me}/team")).await.status, 404);
    assert_eq!(ada.call("DELETE", &format!("{me}/team"), None).await.status, 204);
    assert_eq!(ada.call("DELETE", &format!("{me}/application"), None).await.status, 204);
    assert_eq!(bo.json(&format!("{me}/application")).await["status"], "auto_accepted");

    let id = organizer.json(&format!("{own}/applications?status=accepted")).await;
    let reject = json!({
        "decision": "reject", "applications": [id["items"][0]["id"]], "reason": "Too few places."
    });
    let decided = organizer.call("POST", &format!("{own}/decisions"), Some(&reject)).await;
    assert_eq!(decided.json()["rejected"], 1, "{}", decided.text);
    app.clock.set(at("2026-11-22T18:00:00Z"));
    let results = json!({ "results": "Gannet wins." });
    let waiting = organizer.call("POST", &format!("{own}/results"), Some(&results)).await;
    assert_eq!(waiting.json()["state"], "waiting", "{}", waiting.text);
    let completed = organizer.call("POST", &format!("{own}/results/now"), None).await;
    assert_eq!(completed.json()["phase"], "completed", "{}", completed.text);
    let archived = organizer.call("POST", &format!("{own}/archive"), None).await;
    assert_eq!(archived.json()["phase"], "archived");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn changes_keep_what_they_do_not_name() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    let own = format!("/api/v1/hackathons/{slug}");
    let organizer = app.browser_of("organizer").await;
    let before = organizer.json(&own).await;
    assert!(before["invitation"].is_string() && before["judging_opens_at"].is_string());
    let patch = json!({ "capacity": 5, "judging_opens_at": null, "judging_closes_at": null });
    let after = organizer.call("PATCH", &own, Some(&patch)).await;
    assert_eq!(after.status, 200, "{}", after.text);
    let after = after.json();
    assert_eq!((&after["capacity"], &after["judging_opens_at"]), (&json!(5), &Value::Null));
    assert_eq!(after["title"], before["title"]);
    let unlimited = organizer.call("PATCH", &own, Some(&json!({ "capacity": null }))).await;
    assert_eq!(unlimited.json()["capacity"], Value::Null);
    let wrong = json!({ "submission_closes_at": "2026-11-01T00:00:00Z" });
    let refused = organizer.call("PATCH", &own, Some(&wrong)).await;
    refused.refuses(422, "BAD_HACKATHON", "must be after");
    let replaced = organizer.call("POST", &format!("{own}/invitation"), None).await;
    assert_ne!(replaced.json()["invitation"], before["invitation"]);
    app.browser_of("judge").await;
    let role = json!({ "role": "judge" });
    let path = format!("{own}/staff/judge");
    assert_eq!(organizer.call("PUT", &path, Some(&role)).await.status, 204);
    let unknown = organizer.call("PUT", &path, Some(&json!({ "role": "king" }))).await;
    unknown.refuses(422, "BAD_HACKATHON", "king");
    let judge = app.browser_of("judge").await;
    let refused = judge.call("PATCH", &own, Some(&json!({}))).await;
    refused.refuses(403, "HACKATHON_ORGANIZER_REQUIRED", "Low Tide");
    assert_eq!(organizer.call("DELETE", &path, None).await.status, 204);
    let reason = json!({ "reason": "The harbor is closed." });
    let canceled = organizer.call("POST", &format!("{own}/cancel"), Some(&reason)).await;
    assert_eq!(canceled.json()["phase"], "cancelled");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn cursors_that_no_list_returned_lead_to_an_empty_page() {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    let organizer = app.browser_of("organizer").await;
    for (list, cursor) in [
        ("/api/v1/hackathons".to_owned(), "%00"),
        ("/api/v1/hackathons".to_owned(), "unknown"),
        ("/hackathons".to_owned(), "%00'"),
        (format!("/api/v1/hackathons/{slug}/teams"), "%00"),
        (format!("/hackathons/{slug}/teams"), "%00"),
    ] {
        let answer = organizer.get(&format!("{list}?cursor={cursor}")).await;
        assert_eq!(answer.status, 200, "{list} {cursor}: {}", answer.text);
    }
    let applications = format!("/api/v1/hackathons/{slug}/applications?cursor=%00");
    organizer.get(&applications).await.refuses(400, "BAD_CURSOR", "Start without");
    app.finish().await;
}
