//! `/api/v1/admin/jobs` and its actions.

use identity::model::Role;
use serde_json::{Value, json};

use crate::app::{TestApp, browser::Browser};

const PATH: &str = "/api/v1/admin/jobs";
const JOB: &str = "/api/v1/admin/jobs/SessionRetention";

async fn admin(app: &TestApp) -> Browser<'_> {
    app.browser_with("finch-ash", Role::Admin).await
}

fn named<'a>(list: &'a Value, part: &str, name: &str) -> &'a Value {
    let items = list[part].as_array().expect("items");
    let found = items.iter().find(|item| item["name"] == name);
    found.unwrap_or_else(|| panic!("{name}: {list}"))
}

/// Runs requested jobs until the queue is empty, like a worker process.
async fn run_due_jobs(app: &TestApp) {
    let runner = TestApp::jobs(&app.server);
    let waiting = "SELECT count(*) FROM jobs WHERE due_at IS NOT NULL";
    for _ in 0..500 {
        if app.count(waiting).await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    runner.stop().await;
}

#[tokio::test]
async fn schedules_and_queues_are_listed() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let list = admin.json(PATH).await;
    let schedule = named(&list, "schedules", "SessionRetention");
    assert_eq!(schedule["cron"], "50 3 * * *");
    assert_eq!(schedule["next_run_at"], "2026-11-01T03:50:00Z");
    assert_eq!((&schedule["is_paused"], &schedule["runs"]), (&json!(false), &json!([])));
    let inbox = named(&list, "queues", "inbox");
    assert_eq!((&inbox["depth"], &inbox["oldest_at"]), (&json!(0), &Value::Null));
    let renamed = named(&list, "schedules", "DeadlineReminder");
    assert_eq!(
        (&schedule["formerly"], &renamed["formerly"]),
        (&Value::Null, &json!("SubmissionReminders"))
    );
    named(&list, "queues", "settlement");
    named(&list, "queues", "schedules");
    app.finish().await;
}

#[tokio::test]
async fn a_queue_reports_its_length_and_oldest_entry() {
    use crate::app::scenarios::{Scenario, person, repo};
    let app = TestApp::of_lantern().await;
    let admin = admin(&app).await;
    let repo = repo(1, "lantern");
    let scenario = Scenario::opened(&repo, 1, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
    let list = admin.json(PATH).await;
    let inbox = named(&list, "queues", "inbox");
    assert_eq!(inbox["depth"], json!(1));
    assert_eq!(inbox["oldest_at"], "2026-11-01T00:00:00Z");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_requested_run_appears_in_the_history() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let asked = admin.call("POST", &format!("{JOB}/runs"), None).await;
    assert_eq!((asked.status.as_u16(), asked.json()), (202, json!({ "is_queued": true })));
    let again = admin.call("POST", &format!("{JOB}/runs"), None).await;
    assert_eq!(again.json(), json!({ "is_queued": false }));
    run_due_jobs(&app).await;
    let job = admin.json(JOB).await;
    let run = &job["runs"][0];
    assert_eq!((&run["state"], &run["attempts"]), (&json!("done"), &json!(1)));
    assert_eq!(
        run["outcome"],
        "deleted sessions: 0, tokens: 0, links: 0, addresses: 0, exports: 0, wrong codes: 0, setup codes: 0, invitations: 0"
    );
    assert!(run["duration_ms"].is_i64() && run["started_at"].is_string(), "{run}");
    app.finish().await;
}

#[tokio::test]
async fn a_pause_is_shown_and_can_be_ended() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let reason = json!({ "reason": "The database is being moved" });
    for path in [JOB, "/api/v1/admin/jobs/inbox"] {
        let paused = admin.call("PUT", &format!("{path}/pause"), Some(&reason)).await;
        assert_eq!(paused.status, 204, "{}", paused.text);
    }
    let list = admin.json(PATH).await;
    assert_eq!(named(&list, "queues", "inbox")["is_paused"], json!(true));
    let schedule = named(&list, "schedules", "SessionRetention");
    assert_eq!((&schedule["is_paused"], &schedule["next_run_at"]), (&json!(true), &Value::Null));
    let resumed = admin.call("DELETE", &format!("{JOB}/pause"), None).await;
    assert_eq!(resumed.status, 204);
    assert_eq!(admin.json(JOB).await["is_paused"], json!(false));
    let noted = "SELECT a.action || ' ' || coalesce(w.reason, '-') AS value FROM audit_logs a \
                 LEFT JOIN audit_words w ON w.id = a.id WHERE a.target_kind = 'job' ORDER BY a.id";
    assert_eq!(
        app.values(noted).await,
        [
            "job.pause The database is being moved",
            "job.pause The database is being moved",
            "job.resume -"
        ]
    );
    app.finish().await;
}

#[tokio::test]
async fn dead_letters_are_retried() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    admin.call("POST", &format!("{JOB}/runs"), None).await;
    let dead = "UPDATE jobs SET dead_at = created_at, due_at = NULL, attempts = 8";
    app.change(dead).await.expect("dead");
    assert_eq!(admin.json(JOB).await["runs"][0]["state"], "dead");
    let retried = admin.call("POST", &format!("{JOB}/retry-dead"), None).await;
    assert_eq!((retried.status.as_u16(), retried.json()), (202, json!({ "retried": 1 })));
    run_due_jobs(&app).await;
    assert_eq!(admin.json(JOB).await["runs"][0]["state"], "done");
    app.finish().await;
}

#[tokio::test]
async fn invalid_actions_are_refused() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let reason = json!({ "reason": "x" });
    for (method, path, body, status, code) in [
        ("GET", "nothing", None, 404, "JOB_NOT_FOUND"),
        ("POST", "nothing/runs", None, 404, "JOB_NOT_FOUND"),
        ("POST", "inbox/runs", None, 404, "JOB_NOT_FOUND"),
        ("POST", "inbox/retry-dead", None, 404, "JOB_NOT_FOUND"),
        ("PUT", "nothing/pause", Some(&reason), 404, "JOB_NOT_FOUND"),
        ("DELETE", "nothing/pause", None, 404, "JOB_NOT_FOUND"),
    ] {
        let answer = admin.call(method, &format!("{PATH}/{path}"), body).await;
        answer.refuses(status, code, "Unknown job");
    }
    let blank = json!({ "reason": " " });
    let paused = admin.call("PUT", &format!("{JOB}/pause"), Some(&blank)).await;
    paused.refuses(422, "REASON_REQUIRED", "Enter a reason");
    app.finish().await;
}
