use super::scene;
use crate::app::{
    TestApp,
    browser::{Answer, Browser, SESSION},
};

async fn sessions(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM sessions").await
}

/// Checks that the sign-in was refused and created no session, and that its cookie is gone.
async fn refused(app: &TestApp, browser: &Browser<'_>, answer: &Answer, says: (u16, &str, &str)) {
    answer.refuses(says.0, says.1, says.2);
    assert!(browser.cookie(SESSION).is_none() && browser.cookie("guildhall-sign-in").is_none());
    assert_eq!(sessions(app).await, 0);
}

const NOT_BEGUN: (u16, &str, &str) = (400, "SIGN_IN_NOT_BEGUN_HERE", "started in another browser");

#[tokio::test]
async fn a_mismatched_state_is_refused() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github").await;
    let answer = browser.get(&format!("{back}0")).await;
    refused(&app, &browser, &answer, NOT_BEGUN).await;
    let answer = browser.get(&back).await;
    refused(&app, &browser, &answer, NOT_BEGUN).await;
    app.finish().await;
}

#[tokio::test]
async fn a_callback_from_another_browser_is_refused() {
    let (github, app) = scene().await;
    let back = Browser::new(&app).callback(&github, "wren-oak", "/sign-in/github").await;
    let (other, begun) = (Browser::new(&app), Browser::new(&app));
    let answer = other.get(&back).await;
    refused(&app, &other, &answer, NOT_BEGUN).await;
    begun.callback(&github, "wren-oak", "/sign-in/github").await;
    let answer = begun.get(&back).await;
    refused(&app, &begun, &answer, NOT_BEGUN).await;
    app.finish().await;
}

#[tokio::test]
async fn an_attempt_lasts_ten_minutes() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github").await;
    app.clock.advance(chrono::TimeDelta::minutes(10));
    let answer = browser.get(&back).await;
    refused(&app, &browser, &answer, NOT_BEGUN).await;
    app.finish().await;
}

#[tokio::test]
async fn a_replayed_code_is_refused() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github").await;
    let attempt = browser.cookie("guildhall-sign-in").expect("an attempt");
    browser.get(&back).await.location();
    browser.get(&back).await.refuses(400, "SIGN_IN_NOT_BEGUN_HERE", "Start again");
    browser.set_cookie("guildhall-sign-in", &attempt);
    browser.get(&back).await.refuses(400, "SIGN_IN_USED", "already used");
    assert_eq!(sessions(&app).await, 1);
    app.finish().await;
}

#[tokio::test]
async fn the_return_path_cannot_lead_to_another_site() {
    let (github, app) = scene().await;
    for evil in ["//evil.example", "https://evil.example/", "/%5Cevil.example", "%09//evil.example"]
    {
        let browser = Browser::new(&app);
        let begin = format!("/sign-in/github?return={evil}");
        let back = browser.callback(&github, "wren-oak", &begin).await;
        assert_eq!(browser.get(&back).await.location(), "/", "{evil}");
        let page = browser.get(&format!("/sign-in?return={evil}")).await;
        assert!(page.text.contains("/sign-in/github?return=%2F\""), "{}", page.text);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_rejected_token_is_reported() {
    let (github, app) = scene().await;
    github.switch(|switches| switches.dead_tokens = true);
    let browser = Browser::new(&app);
    let answer = browser.sign_in(&github, "wren-oak").await;
    let says = (401, "GITHUB_TOKEN_REVOKED", "revoked the authorization");
    refused(&app, &browser, &answer, says).await;
    app.finish().await;
}

#[tokio::test]
async fn an_unreachable_github_is_reported() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github").await;
    github.switch(|switches| switches.errors = 1.0);
    let answer = browser.get(&back).await;
    let says = (503, "GITHUB_UNAVAILABLE", "Try again in a few minutes");
    refused(&app, &browser, &answer, says).await;
    drop(github);
    let answer = browser.get("/sign-in/github").await;
    answer.location();
    app.finish().await;
}

#[tokio::test]
async fn a_declined_authorization_is_reported() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github").await;
    let (_, state) = back.split_once("&state=").expect("a state");
    let declined = format!("/sign-in/github/callback?error=access_denied&state={state}");
    let answer = browser.get(&declined).await;
    refused(&app, &browser, &answer, (403, "SIGN_IN_DECLINED", "still view public pages")).await;
    app.finish().await;
}

#[tokio::test]
async fn deleted_people_and_banned_people_with_a_closed_account_are_refused() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    app.change("DELETE FROM sessions").await.expect("forgotten");
    app.ban("wren-oak").await;
    for (state, says) in [
        ("closed_at = updated_at", (403, "BANNED", "account is banned")),
        ("closed_at = NULL", (403, "ACCOUNT_DELETED", "account was deleted")),
    ] {
        app.change(&format!("UPDATE users SET is_deleted = true, {state}")).await.expect("changed");
        let browser = Browser::new(&app);
        let answer = browser.sign_in(&github, "wren-oak").await;
        refused(&app, &browser, &answer, says).await;
        let restored = "SELECT count(*) FROM users WHERE NOT is_deleted";
        assert_eq!(app.count(restored).await, 0);
    }
    app.finish().await;
}

#[tokio::test]
async fn banned_people_sign_in_to_their_ban_alone() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    browser.sign_in(&github, "wren-oak").await.location();
    app.ban("wren-oak").await;
    let browser = Browser::new(&app);
    let answer = browser.sign_in(&github, "wren-oak").await;
    assert_eq!(answer.location(), "/me/standing");
    let page = browser.get("/me/standing").await;
    assert_eq!(page.status, 200, "{}", page.text);
    for words in ["You are banned", "Spam", "Signed in as", "Sign out"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    for path in ["/settings/sessions", "/inbox", "/api/v1/me"] {
        let refused = browser.get(path).await;
        refused.refuses(403, "BANNED", "account is banned");
    }
    let refused = browser.get("/settings/sessions").await;
    refused.refuses(403, "BANNED", r#"href="/me/standing">See your ban"#);
    let app_tokens = browser.call("POST", "/api/v1/auth/token", None).await;
    app_tokens.refuses(403, "BANNED", "account is banned");
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/");
    assert!(browser.cookie(SESSION).is_none());
    app.finish().await;
}

#[tokio::test]
async fn unknown_app_credentials_are_reported_to_operators() {
    let (github, app) = scene().await;
    let url = github.url().to_owned();
    let misconfigured = TestApp::with(|config| {
        config.github_client_id = Some("guildhall".to_owned());
        config.github_client_secret = Some("another-secret".to_owned().into());
        config.github_url = url.clone();
        config.github_api_url = url;
    })
    .await;
    let browser = Browser::new(&misconfigured);
    let answer = browser.sign_in(&github, "wren-oak").await;
    let says = (500, "SIGN_IN_MISCONFIGURED", "Ask an admin");
    refused(&misconfigured, &browser, &answer, says).await;
    misconfigured.finish().await;
    app.finish().await;
}
