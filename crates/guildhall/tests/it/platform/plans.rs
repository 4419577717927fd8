//! No statement in normal operation scans a table that grows.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use identity::{model::ACCOUNT_MOVED, reads};
use notifications::{actions::send_digests, model::NewsKinds};
use platform::{
    db::{Db, Engine, Sql},
    jobs,
};
use sea_orm::{FromQueryResult, Statement};

use crate::app::{
    TestApp, at,
    scenarios::{Scenario, delivery, person, repo},
};

/// Tables that grow with use.
const GROWING: [&str; 27] = [
    "sessions",
    "sign_in_links",
    "refresh_tokens",
    "api_tokens",
    "bans",
    "user_emails",
    "notifications",
    "notification_preferences",
    "notification_settings",
    "phones",
    "outbox_messages",
    "users",
    "user_identities",
    "point_transactions",
    "board_rows",
    "board_histogram",
    "webhook_deliveries",
    "pull_requests",
    "pull_request_versions",
    "repositories",
    "github_reviews",
    "contributions",
    "pushes",
    "audit_logs",
    "pr_reviews",
    "pr_review_words",
    "open_reviews",
];

type Seen = Arc<Mutex<BTreeMap<String, Statement>>>;

/// Runs a normal day: deliveries, settlement, and requests to pages and the API.
async fn a_day(app: &TestApp) {
    app.project("season").await;
    app.repository("season", "octo-org/lantern", 1).await;
    for (number, login) in [(1, "hexacat"), (2, "monacat"), (3, "hexacat")] {
        let scenario =
            Scenario::opened(&repo(1, "lantern"), number, &person(login), "2026-10-02T08:00:00Z")
                .approved("2026-10-02T09:00:00Z")
                .merged("2026-10-02T10:00:00Z")
                .labeled("spam", "2026-10-02T11:00:00Z");
        app.deliver(&scenario.deliveries).await;
        app.work().await;
    }
    let twice = delivery("ping", "{}");
    app.deliver(&[twice.clone(), twice]).await;
    app.work().await;
    app.repository("season", "octo-org/harbor", 2).await;
    for page in ["/", "/leaderboards", "/projects", "/people/hexacat"] {
        let answer = app.get(page).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{page}");
    }
    look_up_people_again(app, ["hexacat", "maintainer"]).await;
    app.review_for_a_day("season").await;
    let browser = app.browser_of("hexacat").await;
    app.verify_address("hexacat").await;
    app.clock.set(at("2026-10-02T12:00:00Z"));
    let news = Scenario::opened(&repo(1, "lantern"), 4, &person("hexacat"), "2026-10-02T08:00:00Z")
        .merged("2026-10-02T10:00:00Z");
    app.deliver(&news.deliveries).await;
    app.work().await;
    app.clock.set(at("2026-11-01T00:00:00Z"));
    let sent = send_digests(app.context(), &app.server.post, NewsKinds(app.server.modules())).await;
    assert_eq!(sent.expect("looked"), 1, "the merge is news");
    app.work().await;
    for page in [
        "/",
        "/inbox",
        "/settings/sessions",
        "/settings/tokens",
        "/settings/email",
        "/settings/notifications",
    ] {
        assert_eq!(browser.get(page).await.status, 200, "{page}");
    }
    let address = [("address", "hexacat@oak.example")];
    browser.post("/sign-in/email", &address).await.location();
    app.work().await;
    let wrong = browser.post("/sign-in/email/code", &[("code", "0000 0000")]).await;
    wrong.refuses_form(422, Some("code"), "4 tries are left");
    let link = format!("/sign-in/email/{}", identity::rules::SecretKind::SignInLink.make([7; 32]));
    let unknown = browser.post(&link, &[]).await;
    unknown.refuses(400, "SIGN_IN_LINK_DEAD", "older than 15 minutes");
    browser.post(&format!("{link}/not-me"), &[]).await.location();
    browser.post("/inbox/read", &[]).await;
    browser.post("/settings/email/remove", &[]).await;
    browser.post("/settings/sessions/others/end", &[]).await;
    browser.post("/sign-out", &[]).await;
    for path in [
        "leaderboards/global?limit=1",
        "leaderboards/global?rank=2",
        "leaderboards/months/2026-10",
        "leaderboards/projects/season",
        "leaderboards/global/ranks/hexacat",
        "people/hexacat",
        "people/hexacat/transactions?limit=1",
        "people/hexacat/pull-requests?limit=1",
        "pull-requests/octo-org/lantern/1",
        "projects",
        "projects/season",
    ] {
        let shown = app.json(&format!("/api/v1/{path}")).await;
        if let Some(cursor) = shown["next_cursor"].as_str() {
            let path = path.split('?').next().expect("a path");
            app.json(&format!("/api/v1/{path}?limit=1&cursor={cursor}")).await;
        }
    }
}

/// Looks up again who did what these people did, as after the linking of an account.
async fn look_up_people_again(app: &TestApp, logins: [&str; 2]) {
    let mut tx = app.context().begin().await.expect("a transaction");
    for login in logins {
        let person = reads::find_person(&tx, login).await.expect("a person");
        let found = reads::people_beginning(&tx, login, 10).await;
        assert!(!found.expect("searched").is_empty(), "{login}");
        let (ids, now) = (app.context().ids.as_ref(), app.context().now());
        let moved = tx.wake(ACCOUNT_MOVED, [person.id], ids, now);
        moved.await.expect("raised");
    }
    tx.commit().await.expect("committed");
    app.work().await;
}

#[derive(FromQueryResult)]
struct SqliteStep {
    detail: String,
}

#[derive(FromQueryResult)]
struct PostgresStep {
    #[sea_orm(from_alias = "QUERY PLAN")]
    step: String,
}

/// Returns the steps of a statement's plan.
pub(crate) async fn steps(db: &Db, statement: &Statement) -> Vec<String> {
    let mut explained = statement.clone();
    if db.engine() == Engine::Sqlite {
        explained.sql = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let steps: Vec<SqliteStep> = db.all(explained).await.expect("a plan");
        return steps.into_iter().map(|step| step.detail).collect();
    }
    let tx = db.begin().await.expect("a transaction");
    // PostgreSQL scans small tables despite their indexes, unless sequential scans are disabled.
    let dear = tx.statement("SET LOCAL enable_seqscan = off", []);
    tx.run(dear).await.expect("set");
    explained.sql = format!("EXPLAIN {}", statement.sql);
    let steps: Vec<PostgresStep> = tx.all(explained).await.expect("a plan");
    steps.into_iter().map(|step| step.step).collect()
}

/// Returns the tables that a statement scans.
async fn scanned(db: &Db, statement: &Statement) -> Vec<String> {
    let steps = steps(db, statement).await;
    if db.engine() == Engine::Sqlite {
        let scan = |step: &String| step.strip_prefix("SCAN ").map(first_word);
        return aliased(&statement.sql, steps.iter().filter_map(scan));
    }
    let scan = |step: &String| {
        let (_, rest) = step.split_once("Seq Scan on ")?;
        Some(first_word(rest))
    };
    steps.iter().filter_map(scan).collect()
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Translates aliases, because SQLite's plans name a table by its alias in the statement.
fn aliased(sql: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let table = |name: String| {
        let is_alias = |table: &&&str| {
            let called = [format!("{table} {name}"), format!("{table} AS {name}")];
            called.iter().any(|words| sql.ends_with(words) || sql.contains(&format!("{words} ")))
        };
        GROWING.iter().find(is_alias).map_or(name, |table| (*table).to_owned())
    };
    names.map(table).collect()
}

/// Returns true when a statement has a query plan.
fn has_plan(statement: &Statement) -> bool {
    let verbs = ["SELECT", "WITH", "UPDATE", "DELETE", "INSERT"];
    verbs.contains(&first_word(&statement.sql).as_str())
}

/// Returns false for lookups that SQLite plans but does not run: for an INSERT of several rows, it plans a lookup in
/// the referring tables that only runs when a foreign key is violated.
fn is_executed(statement: &Statement, table: &str) -> bool {
    !statement.sql.starts_with("INSERT") || statement.sql.contains(table)
}

#[tokio::test]
async fn no_statement_scans_a_table_that_grows() {
    let seen = Seen::default();
    let observer = Arc::clone(&seen);
    let app = TestApp::observed(move |statement: &Statement| {
        let mut seen = observer.lock().expect("one at a time");
        seen.insert(statement.sql.clone(), statement.clone());
    })
    .await;
    a_day(&app).await;
    let seen = seen.lock().expect("not poisoned").clone();
    assert!(seen.len() > 50, "{} statements", seen.len());
    let mut found = Vec::new();
    for statement in seen.values().filter(|statement| has_plan(statement)) {
        let scanned = scanned(&app.context().db, statement).await;
        let growing = scanned
            .iter()
            .filter(|table| GROWING.contains(&table.as_str()) && is_executed(statement, table));
        found.extend(growing.map(|table| format!("all of {table}: {}", statement.sql)));
    }
    assert_eq!(found, Vec::<String>::new());
    app.finish().await;
}

#[tokio::test]
async fn failed_runs_are_found_without_reading_the_others() {
    let seen = Seen::default();
    let observer = Arc::clone(&seen);
    let app = TestApp::observed(move |statement: &Statement| {
        let mut seen = observer.lock().expect("one at a time");
        seen.insert(statement.sql.clone(), statement.clone());
    })
    .await;
    let db = &app.context().db;
    assert_eq!(jobs::failed(db, 10).await.expect("read").len(), 0);
    assert_eq!(jobs::failed_count(db).await.expect("counted"), 0);
    let seen = seen.lock().expect("not poisoned").clone();
    let mut statements = seen.into_values().collect::<Vec<_>>();
    statements.retain(|statement| statement.sql.contains("last_error IS NOT NULL"));
    assert_eq!(statements.len(), 2, "{statements:?}");
    for statement in statements {
        let scanned = scanned(db, &statement).await;
        assert!(!scanned.contains(&"jobs".to_owned()), "{}", statement.sql);
    }
    app.finish().await;
}
