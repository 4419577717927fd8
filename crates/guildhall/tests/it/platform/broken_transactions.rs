//! A transaction that the database ends on its own, as SQLite does when the disk is full, must not affect later
//! commits.

use platform::db::{DbError, Sql};
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
