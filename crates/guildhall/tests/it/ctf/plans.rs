//! Runs and comparisons are kept forever, so that no statement about them reads all rows.

use std::sync::{Arc, Mutex};

use ctf::{model::RosterId, reads};
use sea_orm::Statement;
use uuid::Uuid;

use crate::{app::TestApp, platform::plans::steps};

const TABLES: [&str; 2] = ["game_platform_sync_runs", "game_platform_reconciliations"];

/// Returns whether a step of a plan reads all rows of one of the tables. `r` and `o` are their aliases.
fn is_scan(step: &str) -> bool {
    let name = match step.split_once("Seq Scan on ") {
        Some((_, rest)) => rest,
        None => step.strip_prefix("SCAN ").unwrap_or_default(),
    };
    let name = name.split_whitespace().next().unwrap_or_default();
    let is_table = TABLES.contains(&name) || ["r", "o"].contains(&name);
    // SQLite calls reading a part of an index in its order a scan, too.
    is_table && !step.contains(" USING ")
}

#[tokio::test]
async fn runs_and_comparisons_are_found_by_an_index() {
    let seen = Arc::new(Mutex::new(Vec::<Statement>::new()));
    let observer = Arc::clone(&seen);
    let app = TestApp::observed(move |statement: &Statement| {
        let mut seen = observer.lock().expect("one at a time");
        seen.push(statement.clone());
    })
    .await;
    let (db, now) = (&app.context().db, app.context().now());
    seen.lock().expect("one at a time").clear();
    reads::sync_health(db, now).await.expect("read");
    reads::calls_of_day(db, now).await.expect("read");
    reads::run_counts(db, now).await.expect("read");
    reads::last_sample(db).await.expect("read");
    reads::last_roster_sample(db, RosterId::new(Uuid::from_u128(7))).await.expect("read");
    let mut statements = seen.lock().expect("not poisoned").clone();
    let is_about = |sql: &str| TABLES.iter().any(|table| sql.contains(table));
    statements.retain(|it| it.sql.starts_with("SELECT") && is_about(&it.sql));
    assert!(statements.len() >= 8, "{statements:?}");
    for statement in statements {
        for step in steps(db, &statement).await {
            assert!(!is_scan(&step), "{step}: {}", statement.sql);
        }
    }
    app.finish().await;
}
