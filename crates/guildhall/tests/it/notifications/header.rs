//! The header: the number of unread notifications, and the viewer's menu.

use super::{SCORED, notify_person};
use crate::app::TestApp;

#[tokio::test]
async fn the_header_counts_unread_notifications_on_cached_pages_too() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    for path in ["/projects", "/", "/projects"] {
        let page = browser.get(path).await.text;
        assert!(page.contains(r#"<span class="vh">Notices</span>"#), "{page}");
    }
    notify_person(&app, "wren-oak", &SCORED, "1").await;
    notify_person(&app, "wren-oak", &SCORED, "2").await;
    for path in ["/projects", "/"] {
        let page = browser.get(path).await.text;
        assert!(page.contains("Notices, 2 unread<"), "{path}: {page}");
    }
    browser.post("/inbox/read", &[]).await.location();
    let page = browser.get("/projects").await.text;
    assert!(page.contains(r#"<span class="vh">Notices</span>"#), "{page}");
    let other = app.browser_of("finch-ash").await;
    let page = other.get("/projects").await.text;
    assert!(page.contains(r#"<span class="vh">Notices</span>"#), "{page}");
    app.finish().await;
}

#[tokio::test]
async fn the_menu_leads_to_profile_settings_and_signs_out() {
    let app = TestApp::start().await;
    let browser = app.browser_of("wren-oak").await;
    let page = browser.get("/projects").await.text;
    let menu = page.split(r#"<details class="account">"#).nth(1);
    let menu = menu.and_then(|rest| rest.split("</details>").next());
    let menu = menu.expect("a menu");
    for shown in [
        r#"href="/people/wren-oak""#,
        r#"href="/settings""#,
        r#"<form method="post" action="/sign-out">"#,
    ] {
        assert!(menu.contains(shown), "{shown}: {menu}");
    }
    let visitor = app.get("/projects").send().await.expect("an answer");
    let page = visitor.text().await.expect("HTML");
    assert!(
        page.contains(r#"href="/sign-in?return=%2Fprojects" rel="nofollow">Sign in</a>"#),
        "{page}"
    );
    assert!(!page.contains("account menu"), "{page}");
    app.finish().await;
}
