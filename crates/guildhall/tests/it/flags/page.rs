//! `/admin/flags`.

use super::admin;
use crate::app::{TestApp, browser::Browser};

#[tokio::test]
async fn an_admin_switches_a_feature_on_for_some_people() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    app.browser_of("wren-oak").await;
    let page = admin.get("/admin/flags").await;
    assert!(page.text.contains("No changes yet"));
    let form = [
        ("enabled", "on"),
        ("rollout_percent", "10"),
        ("people", "wren-oak, finch-ash"),
        ("roles", "admin"),
        ("reason", "<b>To try</b>"),
    ];
    let set = admin.post("/admin/flags/api_docs", &form).await;
    let page = admin.get(set.location()).await;
    for words in ["API docs saved.", "on for 10% and admins, ", "wren-oak", "&#60;b&#62;To try"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert_eq!(Browser::new(&app).get("/docs/api").await.status, 404);
    assert_eq!(admin.get("/docs/api").await.status, 200);
    let off = [("enabled", "off"), ("rollout_percent", "10"), ("reason", "x")];
    admin.post("/admin/flags/api_docs", &off).await.location();
    assert_eq!(admin.get("/docs/api").await.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn invalid_changes_are_refused() {
    let app = TestApp::start().await;
    let admin = admin(&app).await;
    let no_reason = [("enabled", "off"), ("rollout_percent", "100")];
    let refused = admin.post("/admin/flags/api_docs", &no_reason).await;
    refused.refuses_form(422, None, "Enter a reason");
    assert!(refused.text.contains(r#"id="reason-e""#), "{}", refused.text);
    let no_number = [("rollout_percent", "many"), ("reason", "x")];
    let refused = admin.post("/admin/flags/api_docs", &no_number).await;
    refused.refuses_form(422, None, "is not a percentage. Enter one from 0 to 100.");
    app.finish().await;
}
