//! A transaction that the database ends on its own, as SQLite does when the disk is full, or whose beginning is
//! canceled, must not affect later commits.

use std::time::Duration;

use futures_util::poll;
use platform::db::{DbError, Engine, Snapshot, Sql};
use uuid::Uuid;

use crate::app::TestApp;

async fn store(app: &TestApp, id: Uuid) -> Result<(), DbError> {
    let tx = app.context().begin().await?;
    let sql = "INSERT INTO jobs (id, name, attempts, created_at, updated_at) \
               VALUES ($1, 'x', 0, $2, $2)";
    let values = [id.into(), app.context().now().into()];
    tx.run(tx.statement(sql, values)).await?;
    tx.commit().await
}

#[tokio::test]
async fn later_commits_are_kept() {
    let app = TestApp::start().await;
    let known = app.context().ids.next();
    store(&app, known).await.expect("stored");

    let tx = app.context().begin().await.expect("a transaction");
    tx.run(tx.statement("ROLLBACK", [])).await.expect("ended");
    // PostgreSQL only warns of a commit without a transaction.
    tx.commit().await.ok();

    for _ in 0..2 {
        store(&app, known).await.expect_err("known already");
        store(&app, app.context().ids.next()).await.expect("stored");
    }
    let db = &app.context().db;
    let all = db.count(db.statement("SELECT count(*) FROM jobs", []));
    assert_eq!(all.await.expect("counted"), 3, "by another connection");
    app.finish().await;
}

/// Returns the number of PostgreSQL's connections that wait in a transaction. `watcher` has a connection of its own, so
/// that it does not use one of those. SQLite has one connection that writes, and the next transaction waits for it.
async fn left_open(watcher: &Snapshot) -> i64 {
    if watcher.engine() == Engine::Sqlite {
        return 0;
    }
    let renewed = watcher.statement("SELECT pg_stat_clear_snapshot()", []);
    watcher.run(renewed).await.expect("renewed");
    let sql = "SELECT count(*) FROM pg_stat_activity \
               WHERE datname = current_database() AND state = 'idle in transaction'";
    let count = watcher.count(watcher.statement(sql, []));
    count.await.expect("counted")
}

#[tokio::test]
async fn canceled_beginnings_leave_no_transaction() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    let watcher = db.snapshot().await.expect("a snapshot");
    for polls in 0..64 {
        let mut beginning = Box::pin(db.begin());
        let mut has_begun = false;
        for _ in 0..polls {
            has_begun = poll!(beginning.as_mut()).is_ready();
            if has_begun {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(beginning);
        // The connection returns to the pool in the background.
        let mut tries = 0;
        while left_open(&watcher).await > 0 {
            assert!(tries < 50, "canceled after {polls} polls");
            tries += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if has_begun {
            break;
        }
    }
    drop(watcher);
    store(&app, app.context().ids.next()).await.expect("stored");
    app.finish().await;
}
