//! `POST /api/internal/sync`.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use chrono::TimeDelta;
use ctf::rules::runs::RunScope;
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
    call_with(app, &[("x-internal-sync-secret", secret)], body).await
}

async fn call_with(app: &TestApp, headers: &[(&str, &str)], body: &str) -> Response {
    let mut request = app
        .post(PATH)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let sent = tokio::spawn(request.send());
    for _ in 0..200 {
        if sent.is_finished() {
            break;
        }
        app.work().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    sent.await.expect("a task").expect("an answer")
}

/// Waits for an answer, while the jobs run.
async fn worked<T>(app: &TestApp, asked: impl Future<Output = T>) -> T {
    let is_done = AtomicBool::new(false);
    let answered = async {
        let answer = asked.await;
        is_done.store(true, Ordering::Relaxed);
        answer
    };
    let working = async {
        while !is_done.load(Ordering::Relaxed) {
            app.work().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::join!(answered, working).0
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
    assert_eq!((status.as_u16(), &run["summary"]["competitors"]["total"]), (200, &json!(1)));
    synced.app.finish().await;
}

#[tokio::test]
async fn a_dry_run_reads_and_writes_nothing() {
    let synced = started().await;
    synced.roster_of("coach", 3).await;
    synced.run(RunScope::All).await;
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
        assert_eq!((status.as_u16(), &problem["code"]), (401, &json!("BAD_SYNC_SECRET")));
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
async fn a_request_that_repeats_a_key_returns_the_first_run() {
    let synced = started().await;
    let (_, competitors) = synced.roster_of("coach", 2).await;
    let ask = async |key: &str, body: &str| {
        let headers = [("x-internal-sync-secret", SECRET), ("idempotency-key", key)];
        let response = call_with(&synced.app, &headers, body).await;
        let is_replayed = response.headers().contains_key("idempotency-replayed");
        let (status, answer) = json_of(response).await;
        (status.as_u16(), is_replayed, answer)
    };
    let (status, is_replayed, first) = ask("\"a-1\"", "").await;
    assert_eq!((status, is_replayed), (200, false), "{first}");
    for key in ["a-1", "\"a-1\""] {
        let (status, is_replayed, again) = ask(key, "{}").await;
        assert_eq!((status, is_replayed), (200, true), "{again}");
        assert_eq!(again, first);
    }
    let (_, is_replayed, other) = ask("a-2", "").await;
    assert!(!is_replayed && other["runId"] != first["runId"], "{other}");
    let one = json!({ "competitorId": competitors[0] }).to_string();
    let (status, _, problem) = ask("a-1", &one).await;
    assert_eq!((status, &problem["code"]), (422, &json!("IDEMPOTENCY_KEY_REUSED")));
    let (status, _, problem) = ask("a b", "").await;
    assert_eq!((status, &problem["code"]), (400, &json!("BAD_IDEMPOTENCY_KEY")));
    let runs = "SELECT count(*) FROM game_platform_sync_runs";
    assert_eq!(synced.app.count(runs).await, 2);
    synced.advance(TimeDelta::hours(24));
    let (status, is_replayed, later) = ask("a-1", "").await;
    assert_eq!((status, is_replayed), (200, false), "{later}");
    assert_ne!(later["runId"], first["runId"]);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_key_of_a_person_returns_their_first_run_however_long_it_takes() {
    let synced = started().await;
    synced.roster_of("coach", 1).await;
    let (app, body) = (&synced.app, json!({}));
    let admin = app.browser_with("admin", Role::Admin).await;
    let ask = async |key: &str| {
        let key = [("idempotency-key", key)];
        let answer = admin.call_with_headers("POST", PATH, &key, Some(&body));
        let answer = answer.await;
        let is_replayed = answer.header("idempotency-replayed") == "true";
        (answer.status.as_u16(), is_replayed, answer.json())
    };
    let runs = "SELECT count(*) FROM game_platform_sync_runs";
    let again = async {
        while app.count(runs).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        synced.advance(TimeDelta::seconds(61));
        worked(app, ask("a-1")).await
    };
    let (first, again) = tokio::join!(ask("a-1"), again);
    assert_eq!((first.0, first.1), (200, false), "{first:?}");
    assert_eq!(again, (200, true, first.2.clone()));

    // The key of a person is not that of the secret, nor that of another person.
    let headers = [("x-internal-sync-secret", SECRET), ("idempotency-key", "a-1")];
    let (status, of_secret) = json_of(call_with(app, &headers, "").await).await;
    assert_eq!(status, 200, "{of_secret}");
    assert_ne!(of_secret["runId"], first.2["runId"]);
    let other = app.browser_with("other-admin", Role::Admin).await;
    let key = [("idempotency-key", "a-1")];
    let asked = other.call_with_headers("POST", PATH, &key, Some(&body));
    let of_other = worked(app, asked).await;
    assert_eq!(of_other.header("idempotency-replayed"), "");
    assert_ne!(of_other.json()["runId"], first.2["runId"]);
    assert_eq!(app.count(runs).await, 3);

    set(app, "game_platform_integration", to(false, 100)).await;
    assert_eq!(ask("a-1").await, (200, true, first.2));
    let (status, _, problem) = ask("a-2").await;
    assert_eq!((status, &problem["code"]), (409, &json!("GAME_PLATFORM_OFF")));
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
