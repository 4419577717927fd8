//! The kinds of work of operators, and what all kinds have in common.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use guildhall::MODULES;
use identity::model::Role;
use platform::db::Engine;

use crate::app::TestApp;

#[test]
fn kinds_have_names_of_their_own_and_lead_to_their_list() {
    let mut codes = BTreeSet::new();
    for kind in MODULES.task_kinds() {
        assert!(codes.insert(kind.code), "{} twice", kind.code);
        assert!(!kind.label.is_empty() && !kind.one.is_empty(), "{}", kind.code);
        assert!(!kind.waits.is_empty() && !kind.waits.ends_with('.'), "{}", kind.code);
        assert_eq!(kind.list, format!("/work?kind={}", kind.code));
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let sql = (kind.rows)(engine);
            let code = format!("SELECT '{}' AS kind,", kind.code);
            assert!(sql.starts_with(&code), "{sql}");
            assert_eq!(sql.contains(" AS person, "), kind.is_about, "{sql}");
        }
    }
    assert!(codes.len() > 20, "{codes:?}");
}

#[tokio::test]
async fn an_erasure_waits_for_admins_in_its_last_days() {
    let app = TestApp::start().await;
    app.browser_with("wren-oak", Role::Admin).await;
    let leaver = app.browser_of("finch-ash").await;
    let id = app.person_id("finch-ash").await;
    leaver.post("/settings/account/close", &[("login", "finch-ash")]).await.location();
    app.work().await;
    app.clock.advance(TimeDelta::days(26));
    app.is_done("wren-oak", "erasure").await;
    app.clock.advance(TimeDelta::days(1));
    let item = app.waits("wren-oak", "erasure").await;
    assert_eq!(item["title"], "The account “finch-ash” will be erased");
    assert_eq!(item["address"], format!("/admin/people/{id}"));
    let admin = app.browser_of("wren-oak").await;
    let page = admin.get(&format!("/admin/people/{id}")).await.text;
    assert!(page.contains("closed this account on") && !page.contains("Change role"), "{page}");
    let moderator = app.browser_with("moss-fen", Role::Moderator).await;
    assert_eq!(moderator.get(&format!("/admin/people/{id}")).await.status, 404);
    app.is_done("moss-fen", "erasure").await;
    app.clock.advance(TimeDelta::days(4));
    app.run_schedule(guildhall::privacy::ERASURE).await;
    app.is_done("wren-oak", "erasure").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_overview_lists_the_work_of_admins_and_not_their_own() {
    let app = TestApp::start().await;
    let admin = app.browser_with("wren-oak", Role::Admin).await;
    let page = admin.get("/admin/overview").await.text;
    assert!(page.contains("<h1>Nothing waits for an admin</h1>"), "{page}");
    assert!(page.contains("Nothing waits in any program"), "{page}");
    app.change(
        "INSERT INTO job_pauses (id, created_at, name) SELECT id, created_at, 'FinalMonths' FROM users",
    )
    .await
    .expect("paused");
    let page = admin.get("/admin/overview").await.text;
    assert!(page.contains("<h1>A job is paused</h1>"), "{page}");
    let row = "Resume the job “Final months”, or leave it paused";
    assert!(page.contains(row) && page.contains("id=\"due-open\""), "{page}");
    assert!(!page.contains("Nothing waits in any program"), "{page}");
    assert_eq!(page.matches("<h4>").count(), app.work_of("wren-oak").await.len());
    app.finish().await;
}

#[tokio::test]
async fn failures_wait_for_admins_until_they_are_fixed() {
    let app = TestApp::start().await;
    app.browser_with("wren-oak", Role::Admin).await;
    app.browser_of("finch-ash").await;
    app.is_done("wren-oak", "alerts").await;
    for (kind, made, fixed) in [
        (
            "alerts",
            "INSERT INTO alerts (id, created_at, kind, subject, severity, title, detail, link, last_sent_at, alerts_sent) \
             SELECT id, created_at, 'ledger', 'x', 'medium', 'The ledger differs', 'x', '/admin/ledger', created_at, 0 \
             FROM users WHERE login = 'wren-oak'",
            "UPDATE alerts SET resolved_at = created_at",
        ),
        (
            "paused_jobs",
            "INSERT INTO job_pauses (id, created_at, name) SELECT id, created_at, 'FinalMonths' \
             FROM users WHERE login = 'wren-oak'",
            "DELETE FROM job_pauses",
        ),
        (
            "failed_jobs",
            "INSERT INTO jobs (id, created_at, updated_at, name, attempts, dead_at, last_error) \
             SELECT id, created_at, created_at, 'FinalMonths', 8, created_at, 'out of paper' \
             FROM users WHERE login = 'wren-oak'",
            "DELETE FROM jobs WHERE dead_at IS NOT NULL",
        ),
        (
            "messages",
            "INSERT INTO outbox_messages (id, created_at, person_id, kind, object_id, occurrence, channel, recipient, content, \
             attempts, dead_at, last_error) SELECT id, created_at, id, 'role_changed', id, 'once', 'email', \
             'wren@oak.example', '{}', 8, created_at, 'no such mailbox' FROM users WHERE login = 'wren-oak'",
            "DELETE FROM outbox_messages",
        ),
        (
            "deliveries",
            "INSERT INTO webhook_deliveries (id, created_at, delivery_id, event, received_at, fingerprint, body_size, \
             attempts, dead_at, last_error) SELECT id, created_at, 'one', 'push', created_at, CAST('x' AS bytea), 1, 8, created_at, \
             'no such field' FROM users WHERE login = 'wren-oak'",
            "DELETE FROM webhook_deliveries",
        ),
    ] {
        app.change(made).await.expect("made");
        let item = app.waits("wren-oak", kind).await;
        assert!(item["address"].as_str().is_some_and(|path| path.starts_with("/admin/")));
        app.is_done("finch-ash", kind).await;
        app.change(fixed).await.expect("fixed");
        app.is_done("wren-oak", kind).await;
    }
    app.finish().await;
}
