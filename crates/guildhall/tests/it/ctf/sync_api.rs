//! `POST /api/internal/sync`.

use ctf::rules::runs::Scope;
use identity::model::Role;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::platform::Synced;
use crate::{
    app::TestApp,
    flags::{set, to},
};

const PATH: &str = "/api/internal/sync";
const SECRET: &str = "a-secret-of-the-scheduler";

async fn started() -> Synced {
    Synced::with(|config| {
        config.internal_sync_secret = Some(SECRET.into());
        config.internal_sync_secret_previous = Some("the-secret-before-it".into());
    })
    .await
}

/// Sends a body with a secret as `curl -d` does, while the jobs run.
async fn call(app: &TestApp, secret: &str, body: &str) -> Response {
    let request = app
        .post(PATH)
        .header("x-internal-sync-secret", secret)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned());
    let sent = tokio::spawn(request.send());
    for _ in 0..200 {
        if sent.is_finished() {
            break;
        }
        app.work().await;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    sent.await.expect("a task").expect("an answer")
}

async fn json_of(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (status, response.json().await.expect("JSON"))
}

#[tokio::test]
async fn the_summary_of_a_run_is_the_answer() {
    let synced = started().await;
    let (_, competitors) = synced.roster_of("coach", 3).await;
    synced.fake.book_some(&competitors[0].to_string(), 1);
    let (status, run) = json_of(call(&synced.app, SECRET, "").await).await;
    assert_eq!(status, 200, "{run}");
    assert_eq!(run["dryRun"], json!(false));
    let competitors_of = &run["summary"]["competitors"];
    assert_eq!(competitors_of["total"], json!(3), "{run}");
    assert_eq!(competitors_of["failed"], json!(0));
    assert!(run["summary"]["teams"].is_object());
    let one = json!({ "competitorId": competitors[1] }).to_string();
    let (status, run) = json_of(call(&synced.app, "the-secret-before-it", &one).await).await;
    assert_eq!(
        (status.as_u16(), &run["summary"]["competitors"]["total"]),
        (200, &json!(1))
    );
    synced.app.finish().await;
}

#[tokio::test]
async fn a_dry_run_reads_and_writes_nothing() {
    let synced = started().await;
    synced.roster_of("coach", 3).await;
    synced.run(Scope::All).await;
    let before = synced.calls();
    let (status, run) = json_of(call(&synced.app, SECRET, r#"{"dryRun": true}"#).await).await;
    assert_eq!(status, 200, "{run}");
    assert_eq!(run["dryRun"], json!(true));
    assert_eq!(run["summary"]["competitors"]["synced"], json!(3));
    assert_eq!(synced.calls(), before);
    let runs = "SELECT count(*) FROM game_platform_sync_runs";
    assert_eq!(synced.app.count(runs).await, 1);
    synced.app.finish().await;
}

#[tokio::test]
async fn wrong_secrets_and_bodies_are_refused() {
    let synced = started().await;
    for secret in ["", "wrong", "a-secret-of-the-schedule"] {
        let (status, problem) = json_of(call(&synced.app, secret, "{}").await).await;
        assert_eq!(
            (status.as_u16(), &problem["code"]),
            (401, &json!("BAD_SYNC_SECRET"))
        );
    }
    let id = "0192aaaa-bbbb-7ccc-8ddd-0123456789ab";
    let both = json!({ "coachId": id, "competitorId": id }).to_string();
    let unknown = json!({ "coachId": id }).to_string();
    for (body, expected) in [
        ("coachId=7", 400),
        (both.as_str(), 422),
        (r#"{"coachId": "seven"}"#, 404),
        (unknown.as_str(), 404),
        (r#"{"everyone": 1}"#, 400),
    ] {
        let response = call(&synced.app, SECRET, body).await;
        assert_eq!(response.status().as_u16(), expected, "{body}");
    }
    assert_eq!(synced.calls(), 0);
    synced.app.finish().await;
}

#[tokio::test]
async fn admins_need_no_secret_and_without_one_nothing_else_is_accepted() {
    let synced = Synced::start().await;
    let response = call(&synced.app, "anything", "{}").await;
    assert_eq!(response.status(), 401);
    let admin = synced.app.browser_with("admin", Role::Admin).await;
    let dry = json!({ "dryRun": true });
    let answer = admin.call("POST", PATH, Some(&dry)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let person = synced.app.browser_of("person").await;
    let answer = person.call("POST", PATH, Some(&dry)).await;
    assert_eq!(answer.status, 403, "{}", answer.text);
    synced.app.finish().await;
}

#[tokio::test]
async fn while_it_is_off_the_answer_names_the_switch() {
    let synced = started().await;
    set(&synced.app, "game_platform_integration", to(false, 100)).await;
    let (status, problem) = json_of(call(&synced.app, SECRET, "{}").await).await;
    assert_eq!(status, 409);
    assert_eq!(problem["code"], json!("GAME_PLATFORM_OFF"));
    let detail = problem["detail"].as_str().expect("text");
    assert!(detail.contains("/admin/flags"), "{detail}");
    synced.app.finish().await;
}
