//! `/admin/jobs`.

use identity::model::Role;

use crate::app::TestApp;

#[tokio::test]
async fn an_admin_reads_runs_pauses_and_resumes_jobs() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/admin/jobs").await;
    for words in ["Inbox", "Settlement", "Session retention", "daily at 03:50"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let page = admin.get("/admin/jobs/SessionRetention").await;
    assert!(page.text.contains("No runs yet"));
    for said in ["Run queued", "A run is already queued"] {
        let ran = admin.post("/admin/jobs/SessionRetention/run", &[]).await;
        let page = admin.get(ran.location()).await;
        assert!(page.text.contains(said), "{}", page.text);
    }
    let why = [("reason", "The disk is full")];
    let paused = admin.post("/admin/jobs/inbox/pause", &why).await;
    let page = admin.get(paused.location()).await;
    assert!(page.text.contains("Inbox paused"), "{}", page.text);
    assert!(page.text.contains("/admin/jobs/inbox/resume"));
    let resumed = admin.post("/admin/jobs/inbox/resume", &[]).await;
    let page = admin.get(resumed.location()).await;
    assert!(!page.text.contains("/admin/jobs/inbox/resume"));
    app.finish().await;
}

#[tokio::test]
async fn dead_letters_and_refusals_are_shown() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let job = "/admin/jobs/SessionRetention";
    admin.post(&format!("{job}/run"), &[]).await;
    let dead = "UPDATE jobs SET dead_at = created_at, due_at = NULL, last_error = 'no room'";
    app.change(dead).await.expect("dead");
    let page = admin.get(job).await;
    assert!(page.text.contains("no room") && page.text.contains("Failed"), "{}", page.text);
    let retried = admin.post(&format!("{job}/retry-dead"), &[]).await;
    let page = admin.get(retried.location()).await;
    assert!(page.text.contains("queued again"), "{}", page.text);
    let unknown = admin.get("/admin/jobs/nothing").await;
    unknown.refuses(404, "JOB_NOT_FOUND", "Unknown job");
    let silent = admin.post(&format!("{job}/pause"), &[]).await;
    silent.refuses_form(422, None, "Enter a reason");
    assert!(silent.text.contains(r#"id="reason-e""#), "{}", silent.text);
    let silent = admin.post("/admin/jobs/inbox/pause", &[]).await;
    silent.refuses_form(422, None, "Enter a reason");
    assert!(silent.text.contains("<details open>"), "{}", silent.text);
    app.finish().await;
}
