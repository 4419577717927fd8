//! Deliveries of known events with unexpected JSON.

use std::sync::Arc;

use chrono::TimeDelta;
use github::rules::body::unpack;
use platform::audit::Actor;
use serde_json::{Value, json};
use testkit::{delivery::Delivery, payloads::Repo};

use super::call::outcomes;
use crate::app::{
    TestApp,
    scenarios::{Scenario, delivery, person, repo},
};

async fn app() -> (TestApp, Arc<Repo>) {
    let (mut app, repo) = (TestApp::start().await, repo(1, "lantern"));
    app.may_leave_work();
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    (app, repo)
}

fn opened(repo: &Arc<Repo>, number: i64) -> Delivery {
    let mut scenario = Scenario::opened(repo, number, &person("hexacat"), "2026-10-02T08:00:00Z");
    scenario.deliveries.remove(0)
}

/// Returns the delivery with one field of its body replaced.
fn with(original: &Delivery, pointer: &str, value: Value) -> Delivery {
    let mut body: Value = serde_json::from_slice(original.bytes()).expect("JSON");
    *body.pointer_mut(pointer).expect("a field") = value;
    delivery(&original.event, &body.to_string())
}

async fn errors(app: &TestApp) -> Vec<String> {
    let sql =
        "SELECT last_error AS value FROM webhook_deliveries WHERE dead_at IS NOT NULL ORDER BY id";
    app.values(sql).await
}

#[tokio::test]
async fn an_unexpected_type_is_a_dead_letter_that_names_the_field() {
    let (app, repo) = app().await;
    let good = opened(&repo, 1);
    let drifted = [
        ("/pull_request/id", json!("text"), "pull_request.id"),
        ("/pull_request/labels", json!(7), "pull_request.labels"),
        ("/pull_request/user/login", json!([1]), "pull_request.user.login"),
        ("/pull_request/updated_at", json!("yesterday"), "pull_request.updated_at"),
        ("/repository", json!(null), "repository"),
        ("/pull_request", json!([]), "pull_request"),
    ];
    for (pointer, value, _) in &drifted {
        app.deliver(&[with(&good, pointer, value.clone())]).await;
    }
    app.deliver(&[good]).await;
    app.work().await;
    let errors = errors(&app).await;
    assert_eq!(errors.len(), drifted.len());
    for ((_, _, field), error) in drifted.iter().zip(&errors) {
        assert!(error.starts_with(&format!("{field}: ")), "{field}: {error}");
    }
    assert_eq!(app.undone().await, 0, "other deliveries are still processed");
    assert_eq!(app.count("SELECT count(*) FROM contributions").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn redelivery_makes_a_dead_letter_pending_again() {
    let (app, repo) = app().await;
    let dead = with(&opened(&repo, 1), "/pull_request/id", json!({}));
    app.deliver(std::slice::from_ref(&dead)).await;
    app.work().await;
    assert_eq!((errors(&app).await.len(), app.undone().await), (1, 0));
    let again: Value = app.send(&dead).await.json().await.expect("JSON");
    assert_eq!(again, json!({ "duplicate": true }));
    assert_eq!((errors(&app).await.len(), app.undone().await), (0, 1));
    app.work().await;
    assert_eq!(errors(&app).await.len(), 1);
    app.finish().await;
}

/// Stores the delivery as a dead letter with a temporary error; returns its id.
async fn killed(app: &TestApp, delivery: &Delivery) -> String {
    app.deliver(std::slice::from_ref(delivery)).await;
    let id = delivery.delivery.to_string();
    let kill = format!(
        "UPDATE webhook_deliveries SET due_at = NULL, dead_at = received_at, attempts = 8, \
         last_error = 'the disk was full' WHERE delivery_id = '{id}'"
    );
    app.change(&kill).await.expect("changed");
    id
}

#[tokio::test]
async fn an_operator_retries_dead_letters() {
    let (app, repo) = app().await;
    let one = killed(&app, &opened(&repo, 1)).await;
    let two = killed(&app, &opened(&repo, 2)).await;
    let retry = async |ids: &[&str]| {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        github::actions::retry(app.context(), Actor::Operator, &ids).await
    };
    let refused = retry(&[&one, "unknown"]).await.expect_err("unknown");
    assert!(
        refused.to_string().starts_with("unknown is not a failed delivery, so nothing was changed"),
        "{refused}"
    );
    assert_eq!(app.undone().await, 0);
    assert_eq!(retry(&[&one, &one]).await.expect("retried"), 1);
    retry(&[&one]).await.expect_err("not dead");
    assert_eq!((errors(&app).await.len(), app.undone().await), (1, 1));
    let all = github::actions::retry_all_dead(app.context(), Actor::Operator).await;
    assert_eq!(all.expect("retried"), 1);
    app.work().await;
    assert_eq!(outcomes(&app).await, ["updated #1", "updated #2"]);
    let audited =
        "SELECT before AS value FROM audit_logs WHERE action = 'delivery.retry' ORDER BY id";
    let before = |id: &str| json!({ "delivery": id, "error": "the disk was full" }).to_string();
    assert_eq!(app.values(audited).await, [before(&one), before(&two)]);
    app.finish().await;
}

#[tokio::test]
async fn nul_characters_are_kept_in_the_stored_body_and_dropped_from_columns() {
    let (app, repo) = app().await;
    let delivery = with(&opened(&repo, 1), "/pull_request/title", json!("fix:\0 A\0b"));
    assert!(delivery.body.get().contains(r"\u0000"));
    app.deliver(std::slice::from_ref(&delivery)).await;
    app.work().await;
    assert_eq!(errors(&app).await, Vec::<String>::new());
    let titles = app.values("SELECT title AS value FROM pull_requests").await;
    assert_eq!(titles, ["fix: Ab"]);
    assert_eq!(stored_body(&app).await, delivery.bytes());
    app.verify().await;
    app.finish().await;
}

async fn stored_body(app: &TestApp) -> Vec<u8> {
    let sql = match app.context().db.engine() {
        platform::db::Engine::Sqlite => "SELECT hex(body) AS value FROM webhook_deliveries",
        platform::db::Engine::Postgres => {
            "SELECT encode(body, 'hex') AS value FROM webhook_deliveries"
        }
    };
    let packed = hex::decode(app.values(sql).await.remove(0)).expect("hex");
    let size = app.count("SELECT body_size FROM webhook_deliveries").await;
    unpack(&packed, size).expect("unpacked")
}

#[tokio::test]
async fn a_repository_cannot_change_another_repositorys_pull_request() {
    let (app, lantern) = app().await;
    app.repository("season", "octo-org/harbor", 2).await;
    let good = opened(&lantern, 1);
    app.deliver(std::slice::from_ref(&good)).await;
    app.work().await;
    let before = of_lantern(&app).await;
    let harbor = json!({ "id": 2, "full_name": "octo-org/harbor" });
    let base_kept = with(&good, "/repository", harbor.clone());
    let scenario = Scenario::opened(&lantern, 1, &person("hexacat"), "2026-10-02T08:00:00Z")
        .approved("2026-10-02T09:00:00Z");
    let review = with(&scenario.deliveries[1], "/repository", harbor);
    let forged = [base_kept, review];
    app.deliver(&forged).await;
    app.work().await;
    let errors = errors(&app).await;
    assert_eq!(errors.len(), forged.len(), "{:?}", outcomes(&app).await);
    assert!(errors.iter().all(|error| error.contains("belongs to a different repository")));
    // Deliveries with a missing or forged base count only for their own repository.
    let base_forged = with(&forged[0], "/pull_request/base/repo", json!({ "id": 2 }));
    let base_absent = with(&forged[0], "/pull_request/base", json!(null));
    app.deliver(&[base_forged, base_absent]).await;
    app.work().await;
    assert_eq!(of_lantern(&app).await, before);
    assert_eq!(app.count("SELECT count(*) FROM pull_requests").await, 2);
    app.finish().await;
}

/// The stored rows of the lantern's pull requests.
async fn of_lantern(app: &TestApp) -> Vec<String> {
    let of_lantern = |line: &String| line.contains("\"repository_github_id\":1,");
    app.dump().await.into_iter().filter(of_lantern).collect()
}

#[tokio::test]
async fn two_pull_requests_of_a_repository_cannot_have_one_id() {
    let (app, lantern) = app().await;
    app.deliver(&[opened(&lantern, 1)]).await;
    app.work().await;
    let taken = with(&opened(&lantern, 2), "/pull_request/id", json!(1_001));
    app.deliver(&[taken]).await;
    app.work().await;
    assert_eq!(
        errors(&app).await,
        ["pull_request.id is already used by another pull request of the repository"]
    );
    app.finish().await;
}

#[tokio::test]
async fn an_unusable_date_is_a_dead_letter_that_says_so() {
    let (app, repo) = app().await;
    let good = opened(&repo, 1);
    let dates = [
        ("created_at", "2026-06-30T23:59:60Z"),
        ("created_at", "+10000-01-01T00:00:00Z"),
        ("updated_at", "0001-01-01T00:00:00Z"),
        ("closed_at", "9999-12-31T00:00:00Z"),
        ("merged_at", "-0001-01-01T00:00:00Z"),
    ];
    for (field, date) in dates {
        let pointer = format!("/pull_request/{field}");
        app.deliver(&[with(&good, &pointer, json!(date))]).await;
    }
    let nonsense = json!({ "timestamp": "+10000-01-01T00:00:00Z" });
    let push = json!({ "ref": "refs/heads/main", "before": "a", "after": "b",
        "repository": { "id": 1 }, "head_commit": nonsense });
    app.deliver(&[delivery("push", &push.to_string())]).await;
    app.work().await;
    let errors = errors(&app).await;
    assert_eq!(errors.len(), dates.len(), "{errors:?}");
    for ((field, _), error) in dates.iter().zip(&errors) {
        let named = error.starts_with(&format!("pull_request.{field}: "));
        assert!(named && error.contains("is out of range"), "{error}");
    }
    assert_eq!(app.count("SELECT count(*) FROM pull_requests").await, 0);
    assert_eq!(app.count("SELECT count(*) FROM pushes").await, 1);
    app.finish().await;
}

/// Values that JSON allows and GitHub never sends.
#[tokio::test]
async fn strange_values_do_not_block_other_deliveries() {
    let (app, repo) = app().await;
    let strange = [
        ("/pull_request/additions", json!(i64::MAX)),
        ("/pull_request/additions", json!(-1)),
        ("/pull_request/number", json!(i64::MAX)),
        ("/pull_request/created_at", json!("0000-01-01T00:00:00Z")),
        ("/pull_request/created_at", json!("-9999-01-01T00:00:00Z")),
        ("/pull_request/updated_at", json!("+200000-01-01T00:00:00Z")),
        ("/pull_request/updated_at", json!("9999-12-31T23:59:60Z")),
        ("/pull_request/user/id", json!(-1)),
        ("/pull_request/user/login", json!("")),
        ("/pull_request/title", json!("\u{0}\u{feff}".repeat(100_000))),
        ("/pull_request/labels", json!([{ "name": "\u{0}" }, {}])),
        ("/repository/full_name", json!("no slash \u{0}")),
    ];
    let mut deliveries = Vec::new();
    for (number, (pointer, value)) in (2..).zip(strange) {
        deliveries.push(with(&opened(&repo, number), pointer, value));
    }
    // A different pull request with a number that is already used.
    deliveries.push(with(&opened(&repo, 50), "/pull_request/number", json!(1)));
    // Line counts that overflow when added.
    let most = with(&opened(&repo, 51), "/pull_request/additions", json!(i64::MAX));
    deliveries.push(with(&most, "/pull_request/deletions", json!(i64::MAX)));
    deliveries.push(opened(&repo, 1));
    deliveries.rotate_right(1);
    app.deliver(&deliveries).await;
    app.work().await;
    app.deliver(&[opened(&repo, 60)]).await;
    app.work().await;
    let sql = "SELECT CAST(number AS text) AS value FROM pull_requests WHERE number IN (1, 60) ORDER BY number";
    assert_eq!(app.values(sql).await, ["1", "60"], "{:?}", errors(&app).await);
    // Values that only the database rejects are retried a few times.
    for _ in 0..platform::jobs::MAX_ATTEMPTS {
        app.clock.advance(chrono::TimeDelta::hours(2));
        app.work().await;
    }
    assert_eq!(app.undone().await, 0, "{:?}", errors(&app).await);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn operators_are_alerted_when_more_than_a_tenth_fails() {
    let (app, repo) = app().await;
    let open = "SELECT count(*) FROM alerts WHERE kind = 'webhook_errors' AND severity = 'high' AND resolved_at IS NULL";
    let bad = |number| with(&opened(&repo, number), "/pull_request/id", json!("text"));
    let good: Vec<Delivery> = (1..=9).map(|number| opened(&repo, number)).collect();
    app.deliver(&good).await;
    for (number, alerts) in [(10, 0), (11, 1)] {
        app.deliver(&[bad(number)]).await;
        app.work().await;
        app.run_schedule("OperatorAlerts").await;
        assert_eq!(app.count(open).await, alerts, "{number} deliveries");
    }
    app.clock.advance(TimeDelta::minutes(16));
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(app.count(open).await, 0);
    app.finish().await;
}
