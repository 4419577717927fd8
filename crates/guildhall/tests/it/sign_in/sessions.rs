use chrono::TimeDelta;

use crate::app::{
    TestApp,
    browser::{Browser, SESSION},
};

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let app = TestApp::start().await;
    let (here, there) = (app.browser_of("wren-oak").await, app.browser_of("wren-oak").await);
    let list = here.get("/settings/sessions").await;
    assert_eq!(list.text.matches("this browser").count(), 1, "{}", list.text);
    let form = list
        .text
        .split("/settings/sessions/")
        .find(|rest| rest.contains("/end\"") && !rest.starts_with("others"));
    let id = form.and_then(|rest| rest.split('/').next()).expect("the other session");
    let end = format!("/settings/sessions/{id}/end");
    let stranger = app.browser_of("finch-ash").await;
    stranger.post(&end, &[]).await.refuses(404, "NOT_FOUND", "This session does not exist");
    stranger.get(&end).await.refuses(404, "NOT_FOUND", "This session does not exist");
    let question = here.get(&end).await;
    assert!(question.text.contains("<h1>Sign out "), "{}", question.text);
    assert_eq!(there.get("/settings/sessions").await.status, 200);
    assert_eq!(here.post(&end, &[]).await.location(), "/settings/sessions");
    there.get("/settings/sessions").await.location();
    let done = here.get("/settings/sessions").await;
    assert!(done.text.contains(" is signed out<"), "{}", done.text);
    let again = here.get("/settings/sessions").await;
    assert!(!again.text.contains(" is signed out<"), "{}", again.text);
    here.post(&end, &[]).await.refuses(404, "NOT_FOUND", "has already ended");
    app.finish().await;
}

#[tokio::test]
async fn sessions_show_the_client_network_behind_a_trusted_proxy() {
    let (github, app) = super::scene().await;
    let browser = Browser::forwarded(&app, "203.0.113.9");
    browser.sign_in(&github, "wren-oak").await;
    let list = browser.get("/settings/sessions").await.text;
    assert!(list.contains("203.0.113.0/24") && !list.contains("127.0.0"), "{list}");
    app.finish().await;
}

#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    let app = TestApp::start().await;
    let here = app.browser_of("wren-oak").await;
    let others = [app.browser_of("wren-oak").await, app.browser_of("wren-oak").await];
    let stranger = app.browser_of("finch-ash").await;
    let question = here.get("/settings/sessions/others/end").await;
    assert!(question.text.contains("End all other sessions?"), "{}", question.text);
    for other in &others {
        assert_eq!(other.get("/settings/sessions").await.status, 200);
    }
    here.post("/settings/sessions/others/end", &[]).await.location();
    for other in &others {
        other.get("/settings/sessions").await.location();
    }
    for still in [&here, &stranger] {
        assert_eq!(still.get("/settings/sessions").await.status, 200);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_session_in_use_is_extended_and_an_unused_one_expires() {
    let app = TestApp::start().await;
    let (used, unused) = (app.browser_of("wren-oak").await, app.browser_of("finch-ash").await);
    for _ in 0..3 {
        app.clock.advance(TimeDelta::days(20));
        let page = used.get("/settings/sessions").await;
        assert_eq!(page.status, 200);
        // The cookie must last as long as the session.
        let cookie = page.header("set-cookie");
        assert!(cookie.starts_with("guildhall-session="), "{cookie}");
        assert!(cookie.contains("Max-Age=2592000"), "{cookie}");
        let soon = used.get("/settings/sessions").await;
        assert_eq!(soon.header("set-cookie"), "");
    }
    unused.get("/settings/sessions").await.location();
    app.clock.advance(TimeDelta::days(60));
    let before = app.context().now() - TimeDelta::days(30);
    let forgotten = identity::actions::forget_sessions(app.context(), before).await;
    assert_eq!(forgotten.expect("forgotten"), 1, "the session that ended long ago");
    app.finish().await;
}

#[tokio::test]
async fn a_ban_applies_to_the_next_request() {
    let app = TestApp::start().await;
    let browser = app.browser_with("wren-oak", identity::model::Role::Admin).await;
    assert_eq!(browser.get("/admin/deliveries").await.status, 200);
    app.browser_with("finch-ash", identity::model::Role::Admin).await;
    app.ban("wren-oak").await;
    browser.get("/admin/deliveries").await.refuses(403, "BANNED", "account is banned");
    let home = browser.get("/").await;
    let invites = home.text.contains(r#"href="/sign-in" rel="nofollow">Sign in"#);
    assert!(home.status == 200 && invites, "{}", home.text);
    assert_eq!(home.header("cache-control"), "private, no-store");
    app.unban("wren-oak").await;
    app.change("UPDATE users SET role = 'user'").await.expect("changed");
    browser.get("/admin/deliveries").await.refuses(403, "ROLE_REQUIRED", "Only admins can do this");
    app.change("UPDATE users SET is_deleted = true").await.expect("deleted");
    browser.get("/settings/sessions").await.location();
    app.finish().await;
}

#[tokio::test]
async fn invalid_session_cookies_are_anonymous() {
    let app = TestApp::start().await;
    for wrong in ["", "x", "guildhall_session_", "'; DROP TABLE sessions; --"] {
        let browser = Browser::new(&app);
        browser.set_cookie(SESSION, wrong);
        browser.get("/settings/sessions").await.location();
        assert_eq!(browser.get("/").await.status, 200, "{wrong}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_request_looks_up_its_session_once() {
    use std::sync::{Arc, Mutex};
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let notes = Arc::clone(&seen);
    let app = TestApp::observed(move |statement| {
        notes.lock().expect("notes").push(statement.sql.clone());
    })
    .await;
    let browser = app.browser_with("wren-oak", identity::model::Role::Admin).await;
    // The numbers of the header and of the admin tabs are counted again only after the data changed.
    for path in ["/inbox", "/admin/flags"] {
        browser.get(path).await;
    }
    for path in ["/", "/people/wren-oak", "/admin/deliveries", "/admin/people", "/admin/ledger"] {
        seen.lock().expect("notes").clear();
        assert_eq!(browser.get(path).await.status, 200, "{path}");
        let asked = seen.lock().expect("notes").clone();
        let of_sessions = asked.iter().filter(|sql| sql.contains("sessions")).count();
        assert_eq!(of_sessions, 1, "{path}: {asked:#?}");
        // Six statements for the page, fifteen for the home page and for the profile of a person without a rank, one for
        // the session and one for the version of the data.
        let most = match path {
            "/" | "/people/wren-oak" => 17,
            _ => 8,
        };
        assert!(asked.len() <= most, "{path}: {asked:#?}");
    }
    app.finish().await;
}
