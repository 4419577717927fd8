//! Wake-ups: rows that are claimed, handled, and deleted one by one.

use platform::{db::Tx, jobs};
use uuid::Uuid;

use crate::app::TestApp;

const TOPIC: &str = "test.topic";

async fn wake(app: &TestApp, tx: &mut Tx, objects: &[u128]) {
    let objects = objects.iter().map(|object| Uuid::from_u128(*object));
    let context = app.context();
    tx.wake(TOPIC, objects, context.ids.as_ref(), context.now()).await.expect("raised");
}

#[tokio::test]
async fn a_wake_up_during_work_is_not_lost() {
    let app = TestApp::start().await;
    let mut tx = app.context().begin().await.expect("a transaction");
    wake(&app, &mut tx, &[1, 2, 1]).await;
    tx.commit().await.expect("committed");
    let tx = app.context().begin().await.expect("a transaction");
    let taken = jobs::take(&tx, TOPIC, 2).await.expect("taken");
    assert_eq!(taken.iter().map(|wake_up| wake_up.object_id.as_u128()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(jobs::take(&tx, "another", 9).await.expect("taken").len(), 0);
    jobs::forget(&tx, &taken).await.expect("forgotten");
    tx.commit().await.expect("committed");
    let db = &app.context().db;
    assert!(jobs::is_raised(db, TOPIC).await.expect("read"));
    let tx = app.context().begin().await.expect("a transaction");
    let rest = jobs::take(&tx, TOPIC, 9).await.expect("taken");
    assert_eq!(rest.len(), 1);
    jobs::forget(&tx, &rest).await.expect("forgotten");
    jobs::forget(&tx, &rest).await.expect("forgotten twice");
    tx.commit().await.expect("committed");
    assert!(!jobs::is_raised(db, TOPIC).await.expect("read"));
    app.finish().await;
}

#[tokio::test]
async fn a_rolled_back_transaction_raises_no_wake_up() {
    let app = TestApp::start().await;
    let mut tx = app.context().begin().await.expect("a transaction");
    wake(&app, &mut tx, &[1]).await;
    drop(tx);
    let db = &app.context().db;
    assert_eq!(jobs::raised(db).await.expect("read"), 0);
    let bell = db.wakes().bell(TOPIC);
    let heard = tokio::time::timeout(std::time::Duration::from_millis(20), bell.notified()).await;
    assert!(heard.is_err(), "the bell rang");
    app.finish().await;
}

#[tokio::test]
async fn a_commit_notifies_a_worker_that_waits_later() {
    let app = TestApp::start().await;
    let mut tx = app.context().begin().await.expect("a transaction");
    wake(&app, &mut tx, &[1]).await;
    tx.commit().await.expect("committed");
    let bell = app.context().db.wakes().bell(TOPIC);
    let heard = tokio::time::timeout(std::time::Duration::from_secs(5), bell.notified()).await;
    assert!(heard.is_ok(), "the bell did not ring");
    app.change("DELETE FROM wake_ups").await.expect("forgotten");
    app.finish().await;
}
