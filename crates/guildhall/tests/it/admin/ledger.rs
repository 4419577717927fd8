use std::time::Duration;

use identity::model::Role;

use crate::app::TestApp;

#[tokio::test]
async fn a_check_is_queued_once_and_reports_its_result() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/admin/ledger").await;
    assert!(page.text.contains("No checks yet"), "{}", page.text);
    for _ in 0..2 {
        assert_eq!(admin.post("/admin/ledger/verify", &[]).await.location(), "/admin/ledger");
    }
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 1);
    let page = admin.get("/admin/ledger").await;
    assert!(page.text.contains("A check is in progress"), "{}", page.text);
    let jobs = app.server.start_jobs();
    for _ in 0..600 {
        if app.count("SELECT count(*) FROM jobs WHERE completed_at IS NOT NULL AND name = 'LedgerVerification'").await > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    jobs.stop().await;
    let page = admin.get("/admin/ledger").await;
    assert!(page.text.contains("no mismatches") && page.text.contains("Passed"), "{}", page.text);
    let noted = "SELECT count(*) FROM audit_logs WHERE action = 'job.run'";
    assert_eq!(app.count(noted).await, 1);
    app.finish().await;
}
