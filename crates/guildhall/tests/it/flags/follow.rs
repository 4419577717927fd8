//! Every process follows a changed flag within five seconds.

use std::time::Duration;

use platform::db::Sql as _;
use sea_orm::ConnectionTrait as _;
use tokio::time::Instant;

use crate::app::{TestApp, browser::Browser, skip};

const SOON: Duration = Duration::from_secs(5);

/// The time between two looks at a page.
const STEP: Duration = Duration::from_millis(200);

/// Waits until the API page has this status.
async fn becomes(app: &TestApp, status: u16) {
    let (began, browser) = (Instant::now(), Browser::new(app));
    while browser.get("/docs/api").await.status != status {
        assert!(began.elapsed() < SOON, "not within {SOON:?}");
        skip(STEP).await;
    }
    let is_linked = browser.get("/").await.text.contains("/docs/api");
    assert_eq!(is_linked, status == 200, "no stale page is cached");
}

#[tokio::test]
async fn a_plain_sql_update_is_followed_even_where_the_environment_allows_the_flag() {
    let app = TestApp::with(|config| {
        config.switches.insert("ENABLE_API_DOCS".to_owned(), "true".to_owned());
    })
    .await;
    app.context().flags.follow(&app.context().db);
    let operator = app.sibling().await;
    for (sql, status) in [
        ("UPDATE feature_flags SET enabled = false", 404),
        ("UPDATE feature_flags SET enabled = true", 200),
        ("DELETE FROM feature_flags", 404),
    ] {
        let tx = operator.context.begin().await.expect("a transaction");
        tx.connection().execute_unprepared(sql).await.expect("changed");
        tx.commit().await.expect("committed");
        becomes(&app, status).await;
    }
    operator.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn a_flag_set_in_one_process_is_followed_by_another() {
    let app = TestApp::start().await;
    let sibling = app.sibling().await;
    let there = &sibling.context;
    there.flags.follow(&there.db);
    let docs = there.flags.find("api_docs").expect("declared");
    assert!(there.flags.is_on_for_everyone(docs));
    super::set(&app, "api_docs", super::to(false, 100)).await;
    assert_eq!(Browser::new(&app).get("/docs/api").await.status, 404);
    let began = Instant::now();
    while there.flags.is_on_for_everyone(docs) {
        assert!(began.elapsed() < SOON);
        skip(STEP).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    sibling.context.db.close().await;
    app.finish().await;
}

#[tokio::test]
async fn a_start_keeps_an_operators_setting() {
    let app = TestApp::start().await;
    super::set(&app, "api_docs", super::to(false, 40)).await;
    let flags = &app.context().flags;
    flags.seed(app.context()).await.expect("seeded");
    let row = "SELECT enabled || ' ' || rollout_percent AS value FROM feature_flags \
               WHERE name = 'api_docs'";
    let kept = app.values(row).await;
    assert!(["0 40", "false 40"].contains(&kept[0].as_str()), "{kept:?}");
    app.finish().await;
}

#[tokio::test]
async fn an_invalid_row_breaks_nothing() {
    let app = TestApp::start().await;
    let odd = "UPDATE feature_flags SET people = 'wren', roles = '{}', rollout_percent = 1000";
    app.change(odd).await.expect("written");
    let flags = &app.context().flags;
    flags.look(&app.context().db).await.expect("looked");
    assert_eq!(Browser::new(&app).get("/docs/api").await.status, 200);
    app.finish().await;
}
