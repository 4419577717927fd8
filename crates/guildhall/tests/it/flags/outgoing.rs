//! Calls to GitHub that are switched off: GitHub gets no request, and the page says so.

use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options},
};

use super::{set, to};
use crate::app::{TestApp, at, browser::Browser};

async fn scene() -> (FakeGithub, TestApp) {
    let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
    let github = FakeGithub::start(Options::new(clock)).await.expect("a port");
    github.add_user("wren-oak");
    let url = github.url().to_owned();
    let app = TestApp::with(|config| {
        config.github_client_id = Some("guildhall".to_owned());
        config.github_client_secret = Some("fake-secret".to_owned().into());
        config.github_url = url.clone();
        config.github_api_url = url;
    });
    (github, app.await)
}

#[tokio::test]
async fn sign_in_with_github_is_refused_and_github_gets_no_requests() {
    let (github, app) = scene().await;
    let browser = Browser::new(&app);
    let back = browser.callback(&github, "wren-oak", "/sign-in/github");
    let back = back.await;
    set(&app, "github_sign_in", to(false, 100)).await;
    let began = browser.get("/sign-in/github").await;
    began.refuses(503, "SWITCHED_OFF", "currently turned off");
    let came = browser.get(&back).await;
    came.refuses(503, "SWITCHED_OFF", "flag github_sign_in");
    assert_eq!(app.count("SELECT count(*) FROM sessions").await, 0);
    let page = browser.get("/sign-in").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("currently turned off"), "{}", page.text);
    assert!(!page.text.contains("Sign in with GitHub</a>"));
    set(&app, "github_sign_in", to(true, 100)).await;
    let came = browser.sign_in(&github, "wren-oak").await;
    assert_eq!(came.location(), "/");
    app.work().await;
    app.finish().await;
}
