//! `/admin/overview` and the numbers in the side list of admins.

use chrono::TimeDelta;
use identity::model::Role;

use super::deliveries::{admin, dead_id, server};

#[tokio::test]
async fn what_failed_is_listed_and_counted_in_the_side_list() {
    let app = server().await;
    let browser = admin(&app).await;
    assert_eq!(browser.get("/admin").await.location(), "/admin/overview");
    browser.post("/admin/jobs/SessionRetention/run", &[]).await;
    let failed = "UPDATE jobs SET last_error = 'no room'";
    app.change(failed).await.expect("failed");
    let page = browser.get("/admin/overview").await.text;
    let dead = dead_id(&app).await;
    for shown in [
        "<h1>Deliveries from GitHub failed</h1>",
        "1 delivery from GitHub could not be processed",
        "Failed deliveries",
        ">Pull request opened</a>",
        ">Session retention</a>",
        "Failed jobs",
        "no room",
        &format!("/admin/deliveries/{dead}/retry"),
        "/admin/jobs/SessionRetention/run",
        r#"href="/admin/deliveries">Deliveries <span class="count num">1<"#,
        r#"href="/admin/jobs">Jobs <span class="count num">1<"#,
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    // The numbers follow the data.
    browser.post(&format!("/admin/deliveries/{dead}/retry"), &[]).await.location();
    let page = browser.get("/admin/overview").await.text;
    assert!(page.contains(r#"href="/admin/deliveries">Deliveries<"#), "{page}");
    assert!(!page.contains("Failed deliveries"), "{page}");
    app.abandon().await;
}

#[tokio::test]
async fn failed_runs_of_a_job_are_one_row() {
    let app = server().await;
    let browser = admin(&app).await;
    for _ in 0..2 {
        browser.post("/admin/jobs/SessionRetention/run", &[]).await;
        app.clock.advance(TimeDelta::minutes(1));
        let failed = "UPDATE jobs SET last_error = 'no room', dead_at = created_at, due_at = NULL \
                      WHERE completed_at IS NULL";
        app.change(failed).await.expect("failed");
    }
    let page = browser.get("/admin/overview").await.text;
    for shown in ["2 failed runs", "Retry all failed runs"] {
        assert_eq!(page.matches(shown).count(), 1, "{shown}: {page}");
    }
    let retry = "/admin/jobs/SessionRetention/retry-dead";
    assert!(page.contains(retry), "{page}");
    browser.post(retry, &[]).await.location();
    let left = "SELECT count(*) FROM jobs WHERE dead_at IS NOT NULL";
    assert_eq!(app.count(left).await, 0);
    app.abandon().await;
}

#[tokio::test]
async fn moderators_have_no_overview() {
    let app = server().await;
    let moderator = app.browser_with("moss-fen", Role::Moderator).await;
    assert_eq!(moderator.get("/admin").await.location(), "/admin/people");
    moderator.get("/admin/overview").await.refuses(403, "ROLE_REQUIRED", "admins");
    app.abandon().await;
}
