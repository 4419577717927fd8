//! Bans on the admin page of a person.

use identity::model::Role;

use crate::app::TestApp;

const PAGE: &str = "/admin/people/wren-oak";

#[tokio::test]
async fn an_admin_bans_and_lifts_a_ban_and_the_page_shows_both() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let person = app.browser_of("wren-oak").await;
    let form = [("reason", "<b>Spam"), ("expires_at", "2026-11-08")];
    let banned = admin.post("/admin/people/wren-oak/ban", &form).await;
    let page = admin.get(banned.location()).await.text;
    for text in [
        "wren-oak is banned<",
        "By finch-ash,",
        "8 Nov 2026, 00:00 UTC",
        "&#60;b&#62;Spam",
        "/unban\"",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let refused = person.get("/settings/sessions").await;
    refused.refuses(403, "BANNED", "until 8 November 2026");
    let moderator = app.browser_with("moss-fen", Role::Moderator).await;
    let page = moderator.get(PAGE).await.text;
    assert!(page.contains("By finch-ash,") && !page.contains("/unban"), "{page}");
    let lifted = admin.post("/admin/people/wren-oak/unban", &[("reason", "Appealed")]).await;
    let page = admin.get(lifted.location()).await.text;
    assert!(page.contains("Ban on wren-oak lifted"), "{page}");
    assert!(page.contains("Past ban") && !page.contains(">Banned<"), "{page}");
    assert_eq!(person.get("/settings/sessions").await.status, 200);
    app.finish().await;
}

#[tokio::test]
async fn invalid_bans_are_refused() {
    let app = TestApp::start().await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    app.browser_of("wren-oak").await;
    for (path, form, status, sentence) in [
        ("wren-oak/ban", &[("expires_at", "2026-11-08")][..], 422, "Enter a reason"),
        ("wren-oak/ban", &[("reason", "x"), ("expires_at", "soon")], 422, "soon"),
        ("wren-oak/ban", &[("reason", "x"), ("expires_at", "2020-01-01")], 422, "100 years"),
        ("finch-ash/ban", &[("reason", "x")], 409, "Ask another admin"),
        ("wren-oak/unban", &[("reason", "x")], 409, "not banned"),
        ("wren-oak/unban", &[], 422, "Enter a reason"),
    ] {
        let answer = admin.post(&format!("/admin/people/{path}"), form).await;
        answer.refuses_form(status, None, sentence);
    }
    let form = [("reason", "Spam links"), ("expires_at", "soon")];
    let page = admin.post("/admin/people/wren-oak/ban", &form).await.text;
    assert!(page.contains("Not banned.</strong>") && page.contains(r#"value="Spam links""#));
    assert!(page.contains(r#"<p class="err" id="expires_at-e">"#), "{page}");
    assert!(page.contains(r#"<details class="fold red" open>"#), "{page}");
    let page = admin.get(PAGE).await.text;
    assert!(page.contains(r#"<details class="fold red">"#), "{page}");
    for path in ["unknown-login/ban", "unknown-login/unban"] {
        let path = format!("/admin/people/{path}");
        let answer = admin.post(&path, &[("reason", "x")]).await;
        answer.refuses(404, "PERSON_NOT_FOUND", "Nothing was changed");
    }
    app.finish().await;
}
