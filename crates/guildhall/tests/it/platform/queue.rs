//! The contract of queues: claims, leases, backoff, dead letters.

use std::time::Duration;

use chrono::TimeDelta;
use platform::{
    db::Sql,
    jobs::{Failure, MAX_ATTEMPTS, Queue, backoff},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::app::TestApp;

const JOBS: Queue = Queue { table: "jobs" };
const LEASE: Duration = Duration::from_secs(60);
const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);

#[derive(Debug, FromQueryResult)]
struct Claimed {
    id: Uuid,
    attempts: i64,
}

async fn add(app: &TestApp, count: i64) {
    let tx = app.context().begin().await.expect("a transaction");
    for _ in 0..count {
        let sql = "INSERT INTO jobs (id, name, due_at, attempts, created_at, updated_at) \
                   VALUES ($1, 'x', $2, 0, $2, $2)";
        let values = [app.context().ids.next().into(), app.context().now().into()];
        tx.run(tx.statement(sql, values)).await.expect("added");
    }
    tx.commit().await.expect("committed");
}

async fn claim(app: &TestApp, worker: Uuid, limit: i64) -> Vec<Claimed> {
    JOBS.claim(app.context(), worker, LEASE, limit, "id, attempts").await.expect("claimed")
}

async fn complete(app: &TestApp, worker: Uuid, id: Uuid) {
    let tx = app.context().begin().await.expect("a transaction");
    let done = [(id, "done".to_owned())];
    JOBS.complete(&tx, worker, done, app.context().now()).await.expect("completed");
    tx.commit().await.expect("committed");
}

async fn fail(app: &TestApp, worker: Uuid, job: &Claimed, failure: Failure) {
    let tx = app.context().begin().await.expect("a transaction");
    let attempt = (job.id, job.attempts);
    JOBS.fail(&tx, worker, attempt, &failure, app.context().now()).await.expect("failed");
    tx.commit().await.expect("committed");
}

async fn pending_and_dead(app: &TestApp) -> (i64, i64) {
    let db = &app.context().db;
    (JOBS.undone(db).await.expect("undone"), JOBS.dead(db).await.expect("dead"))
}

#[tokio::test]
async fn a_claim_lasts_as_long_as_its_lease() {
    let app = TestApp::start().await;
    add(&app, 3).await;
    assert_eq!(claim(&app, ONE, 2).await.len(), 2);
    assert_eq!(claim(&app, TWO, 9).await.len(), 1);
    assert_eq!(claim(&app, TWO, 9).await.len(), 0);
    app.clock.advance(TimeDelta::seconds(59));
    assert_eq!(claim(&app, TWO, 9).await.len(), 0);
    app.clock.advance(TimeDelta::seconds(1));
    let again = claim(&app, TWO, 9).await;
    assert_eq!(again.iter().map(|job| job.attempts).collect::<Vec<_>>(), [2; 3]);
    app.finish().await;
}

#[tokio::test]
async fn an_expired_lease_cannot_finish_the_job() {
    let app = TestApp::start().await;
    add(&app, 1).await;
    let job = claim(&app, ONE, 1).await.remove(0);
    app.clock.advance(TimeDelta::seconds(60));
    let again = claim(&app, TWO, 1).await.remove(0);
    complete(&app, ONE, job.id).await;
    fail(&app, ONE, &job, Failure::Fail("late".to_owned())).await;
    assert_eq!(pending_and_dead(&app).await, (1, 0));
    complete(&app, TWO, again.id).await;
    assert_eq!(pending_and_dead(&app).await, (0, 0));
    let outcome = app.values("SELECT outcome AS value FROM jobs").await;
    assert_eq!(outcome, ["done"]);
    app.finish().await;
}

#[tokio::test]
async fn a_failure_waits_longer_each_time_and_finally_becomes_a_dead_letter() {
    let app = TestApp::start().await;
    add(&app, 1).await;
    for attempt in 1..=MAX_ATTEMPTS {
        let job = claim(&app, ONE, 1).await.remove(0);
        assert_eq!(job.attempts, attempt);
        fail(&app, ONE, &job, Failure::Retry(format!("attempt {attempt}"))).await;
        let wait = TimeDelta::from_std(backoff(attempt, job.id)).expect("a wait");
        app.clock.advance(wait - TimeDelta::milliseconds(1));
        assert_eq!(claim(&app, TWO, 1).await.len(), 0, "attempt {attempt}");
        app.clock.advance(TimeDelta::milliseconds(1));
    }
    assert_eq!(pending_and_dead(&app).await, (0, 1));
    assert_eq!(claim(&app, ONE, 1).await.len(), 0);
    let error = app.values("SELECT last_error AS value FROM jobs").await;
    assert_eq!(error, ["attempt 8"]);
    app.finish().await;
}

#[tokio::test]
async fn revived_dead_letters_get_all_their_attempts_back() {
    let app = TestApp::start().await;
    add(&app, 2).await;
    for job in claim(&app, ONE, 2).await {
        fail(&app, ONE, &job, Failure::Fail("never".to_owned())).await;
    }
    assert_eq!(pending_and_dead(&app).await, (0, 2));
    let first = app.context().begin().await.expect("a transaction");
    let now = app.context().now();
    let revived = JOBS.revive(&first, now, |_| "name = 'y'".to_owned()).await;
    assert_eq!(revived.expect("none"), 0);
    let revived = JOBS.revive(&first, now, |query| format!("name = {}", query.bind("x"))).await;
    assert_eq!(revived.expect("all"), 2);
    first.commit().await.expect("committed");
    assert_eq!(pending_and_dead(&app).await, (2, 0));
    assert_eq!(claim(&app, ONE, 1).await.remove(0).attempts, 1);
    app.finish().await;
}

#[tokio::test]
async fn released_jobs_are_due_at_once_and_use_no_attempt() {
    let app = TestApp::start().await;
    add(&app, 2).await;
    let claimed: Vec<Uuid> = claim(&app, ONE, 2).await.iter().map(|job| job.id).collect();
    let tx = app.context().begin().await.expect("a transaction");
    let now = app.context().now();
    JOBS.release(&tx, TWO, &claimed, now).await.expect("not his");
    JOBS.release(&tx, ONE, &claimed[..1], now).await.expect("released");
    tx.commit().await.expect("committed");
    let again = claim(&app, TWO, 9).await;
    assert_eq!((again.len(), again[0].id, again[0].attempts), (1, claimed[0], 1));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_never_claim_the_same_job() {
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    add(&app, 60).await;
    let contexts = [app.context().clone(), sibling.context.clone()];
    let workers = (1..=6_u128).map(|worker| {
        let context = contexts[worker as usize % 2].clone();
        tokio::spawn(async move {
            let (worker, mut mine) = (Uuid::from_u128(worker), Vec::new());
            loop {
                let claimed: Vec<Claimed> =
                    JOBS.claim(&context, worker, LEASE, 4, "id, attempts").await.expect("claimed");
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|job| job.id));
            }
        })
    });
    let claimed = futures_util::future::join_all(workers).await;
    let mut all: Vec<Uuid> = claimed.into_iter().flat_map(|mine| mine.expect("ended")).collect();
    let total = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!((total, all.len()), (60, 60));
    sibling.context.db.close().await;
    app.finish().await;
}
