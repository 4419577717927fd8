//! The database itself refuses to change or delete append-only rows.

use platform::db::Engine;
use sea_orm::ConnectionTrait as _;

use crate::app::{
    TestApp,
    scenarios::{Scenario, person, repo},
};

const TABLES: [&str; 4] =
    ["point_transactions", "audit_logs", "project_rules", "pull_request_versions"];

async fn app() -> TestApp {
    let app = TestApp::of_lantern().await;
    let scenario =
        Scenario::opened(&repo(1, "lantern"), 1, &person("hexacat"), "2026-10-02T08:00:00Z");
    app.deliver(&scenario.deliveries).await;
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
async fn rows_cannot_be_changed_or_deleted() {
    let app = app().await;
    for table in TABLES {
        refused(&app, table, &format!("UPDATE {table} SET created_at = created_at")).await;
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

/// A connection without Guildhall's settings, such as the database's own shell.
#[tokio::test]
async fn a_plain_connection_is_refused_as_well() {
    let app = app().await;
    let plain = sea_orm::Database::connect(app.address()).await.expect("a connection");
    let is_sqlite = app.context().db.engine() == Engine::Sqlite;
    if is_sqlite {
        let set = plain.execute_unprepared("PRAGMA recursive_triggers = off");
        set.await.expect("as SQLite is by itself");
    }
    for table in TABLES {
        let other_id = columns(&app, table).await;
        let mut attempts = vec![
            format!("UPDATE {table} SET created_at = created_at"),
            format!("DELETE FROM {table}"),
        ];
        match is_sqlite {
            true => attempts.extend([
                format!("REPLACE INTO {table} SELECT * FROM {table}"),
                format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
                format!("INSERT OR REPLACE INTO {table} SELECT {other_id} FROM {table}"),
            ]),
            false => attempts.extend([
                format!("TRUNCATE {table} CASCADE"),
                format!(
                    "INSERT INTO {table} SELECT * FROM {table} \
                     ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at"
                ),
            ]),
        }
        let rows = format!("SELECT count(*) FROM {table}");
        let before = app.count(&rows).await;
        for sql in attempts {
            // The ID is the only key of audit entries: a row with another ID is another entry.
            if table == "audit_logs" && sql.contains("randomblob") {
                continue;
            }
            let error = plain.execute_unprepared(&sql).await.expect_err(&sql);
            let words = format!("{table} is append-only");
            assert!(error.to_string().contains(&words), "{sql}: {error}");
        }
        assert_eq!(app.count(&rows).await, before, "{table}");
    }
    plain.close().await.expect("closed");
    app.finish().await;
}

/// Returns a SQLite table's columns, with a new ID: inserting them replaces a row by a key other than the ID.
async fn columns(app: &TestApp, table: &str) -> String {
    if app.context().db.engine() == Engine::Postgres {
        return String::new();
    }
    let names = format!("SELECT name AS value FROM pragma_table_info('{table}')");
    let mut names = app.values(&names).await;
    for name in names.iter_mut().filter(|name| *name == "id") {
        *name = "randomblob(16)".to_owned();
    }
    names.join(", ")
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
    let error = app.change(&again(1)).await.expect_err("refused").to_string();
    let is_refused = error.to_lowercase().contains("unique") || error.contains("append-only");
    assert!(is_refused, "{error}");
    app.change(&again(2)).await.expect("another generation");
    app.finish().await;
}
