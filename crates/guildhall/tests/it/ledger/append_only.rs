//! The database itself refuses to change or remove what is append-only.

use platform::db::Engine;

use crate::app::{
    TestApp,
    tell::{Tale, person, repo},
};

const TABLES: [&str; 3] = ["point_transactions", "audit_logs", "project_rules"];

async fn app() -> TestApp {
    let app = TestApp::start().await;
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    let tale = Tale::opened(
        &repo(1, "lantern"),
        1,
        &person("hexacat"),
        "2026-10-02T08:00:00Z",
    );
    app.deliver(&tale.deliveries).await;
    app.work().await;
    app
}

async fn refused(app: &TestApp, table: &str, sql: &str) {
    let before = app.count(&format!("SELECT count(*) FROM {table}")).await;
    assert!(before > 0, "{table} has rows to lose");
    let error = app.change(sql).await.expect_err(sql).to_string();
    let words = format!("{table} is append-only");
    assert!(error.contains(&words), "{sql}: {error}");
    let after = app.count(&format!("SELECT count(*) FROM {table}")).await;
    assert_eq!(before, after);
}

#[tokio::test]
async fn rows_cannot_be_changed_or_removed() {
    let app = app().await;
    for table in TABLES {
        refused(
            &app,
            table,
            &format!("UPDATE {table} SET created_at = created_at"),
        )
        .await;
        refused(&app, table, &format!("DELETE FROM {table}")).await;
    }
    app.finish().await;
}

#[tokio::test]
async fn whole_tables_cannot_be_emptied() {
    let app = app().await;
    for table in TABLES {
        let sql = match app.context().db.engine() {
            Engine::Postgres => format!("TRUNCATE {table} CASCADE"),
            Engine::Sqlite => format!("DELETE FROM {table} WHERE true"),
        };
        refused(&app, table, &sql).await;
    }
    app.finish().await;
}

#[tokio::test]
async fn rows_cannot_be_replaced() {
    let app = app().await;
    for table in TABLES {
        let sql = match app.context().db.engine() {
            Engine::Sqlite => format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
            Engine::Postgres => format!(
                "INSERT INTO {table} SELECT * FROM {table} \
                 ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at"
            ),
        };
        refused(&app, table, &sql).await;
    }
    app.finish().await;
}

#[tokio::test]
async fn an_entry_is_posted_once() {
    let app = app().await;
    let again = |generation: i64| {
        format!(
            "INSERT INTO point_transactions (id, user_id, identity_id, source_kind, source_id, reason, \
             generation, kind, points, occurred_at, boards, explanation, created_at) \
             SELECT user_id, user_id, identity_id, source_kind, source_id, reason, {generation}, kind, \
             points, occurred_at, boards, '{{}}', created_at FROM point_transactions WHERE generation = 1"
        )
    };
    let error = app
        .change(&again(1))
        .await
        .expect_err("refused")
        .to_string();
    assert!(error.to_lowercase().contains("unique"), "{error}");
    app.change(&again(2)).await.expect("another generation");
    app.finish().await;
}
