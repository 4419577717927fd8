//! Settlement of a pull request that cannot be settled.

use chrono::TimeDelta;
use contributions::actions::settle_changed;
use github::model::PULL_REQUEST_CHANGED;
use guildhall::PROGRAMMES;
use platform::jobs::{self, Progress};
use recognition::actions::{awaiting, verify};
use uuid::Uuid;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

/// A statement that this server cannot read, as if a newer release had written it.
const UNREADABLE: &str = "INSERT INTO pull_request_versions (id, pull_request_id, instant, digest, facts, created_at) \
     SELECT p.id, p.id, p.opened_at, p.other, '{\"title\": 5}', p.created_at FROM \
     (SELECT id, opened_at, created_at, (SELECT digest FROM pull_request_versions v \
     WHERE v.pull_request_id <> q.id LIMIT 1) AS other FROM pull_requests q WHERE number = 1) p";

/// Delivers a pull request of each person, applies them, and makes the first one unreadable.
async fn scene() -> TestApp {
    let mut app = TestApp::of_lantern().await;
    app.may_leave_work();
    apply(&app, &[(1, "hexacat"), (2, "monacat"), (3, "octavia")]).await;
    app.change(UNREADABLE).await.expect("planted");
    app
}

/// Delivers a pull request of each person and applies them.
async fn apply(app: &TestApp, opened: &[(i64, &str)]) {
    let repo = repo(1, "lantern");
    for (number, login) in opened {
        let opened = Scenario::opened(&repo, *number, &person(login), "2026-10-02T08:00:00Z");
        app.deliver(&opened.deliveries).await;
    }
    let id = app.context().ids.next();
    for worker in app.server.jobs().workers {
        if worker.name == "inbox" {
            let run = || worker.run(app.context().clone(), id);
            while run().await.expect("applied") != Progress::Idle {}
        }
    }
}

#[tokio::test]
async fn it_holds_up_no_other_pull_request() {
    let app = scene().await;
    assert_eq!(settle_changed(app.context()).await.expect("settled"), Progress::Worked);
    assert_eq!(app.net_ledger().await, ["#2  pr_opened +10 2026-10", "#3  pr_opened +10 2026-10"]);
    let error = settle_changed(app.context()).await.expect_err("it is left");
    assert!(error.to_string().contains("stored facts"), "{error}");
    app.finish().await;
}

/// More wake-ups than are taken at once.
const MANY: usize = 520;

#[tokio::test]
async fn more_than_a_batch_that_cannot_be_settled_holds_up_no_newer_pull_request() {
    let app = scene().await;
    settle_changed(app.context()).await.expect("settled");
    let failing: Uuid = {
        let tx = app.context().begin().await.expect("a transaction");
        let left = jobs::take(&tx, PULL_REQUEST_CHANGED, 2).await;
        let left = left.expect("wake-ups");
        assert_eq!(left.len(), 1, "{left:?}");
        left[0].object_id
    };
    let mut tx = app.context().begin().await.expect("a transaction");
    let (ids, now) = (app.context().ids.as_ref(), app.context().now());
    let again = std::iter::repeat_n(failing, MANY);
    let raised = tx.wake(PULL_REQUEST_CHANGED, again, ids, now);
    raised.await.expect("raised");
    tx.commit().await.expect("committed");
    apply(&app, &[(4, "wren-oak")]).await;
    let progress = settle_changed(app.context()).await.expect("settled");
    assert_eq!(progress, Progress::Worked);
    assert_eq!(
        app.net_ledger().await,
        ["#2  pr_opened +10 2026-10", "#3  pr_opened +10 2026-10", "#4  pr_opened +10 2026-10"]
    );
    settle_changed(app.context()).await.expect_err("it is left");
    app.finish().await;
}

#[tokio::test]
async fn the_ledger_check_counts_what_it_leaves_out() {
    let app = scene().await;
    let windows = || async { awaiting(app.context(), PROGRAMMES).await.expect("counted") };
    assert_eq!(windows().await, 3);
    settle_changed(app.context()).await.expect("settled");
    assert_eq!(windows().await, 1);
    assert_eq!(verify(app.context(), PROGRAMMES).await.expect("verified"), []);
    let report = app.run_schedule("LedgerVerification").await;
    assert_eq!(report, "no mismatches; 1 window not checked, because settlement is due");
    app.finish().await;
}

#[tokio::test]
async fn operators_are_alerted_after_fifteen_minutes() {
    let app = scene().await;
    let open =
        "SELECT count(*) FROM alerts WHERE kind = 'settlement_waiting' AND resolved_at IS NULL";
    settle_changed(app.context()).await.expect("settled");
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(app.count(open).await, 0);
    app.clock.advance(TimeDelta::minutes(16));
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(app.count(open).await, 1);
    app.change("DELETE FROM wake_ups").await.expect("changed");
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(app.count(open).await, 0);
    app.finish().await;
}
