//! The App that a server gets from GitHub by a manifest, and the token instead: `/setup/github`.

use axum::{Router, http::StatusCode};
use chrono::TimeDelta;
use identity::model::Role;
use platform::config::Config;
use serde_json::Value;
use testkit::{
    clock::FakeClock,
    fake_github::{APP_KEY, FakeGithub, Options},
};

use crate::app::{
    TestApp, at,
    browser::{Answer, Browser},
    logs,
};

const PAGE: &str = "/setup/github";
const OTHER: &str = "fox-elm";

/// A simulated GitHub without an App, and a server that applies what is saved.
struct Scene {
    github: FakeGithub,
    clock: FakeClock,
    app: TestApp,
}

impl Scene {
    async fn start() -> Self {
        let clock = FakeClock::new(at("2026-11-01T00:00:00Z"));
        let github = FakeGithub::start(Options::new(clock.clone())).await.expect("a fake");
        let url = github.url().to_owned();
        let mut app = TestApp::following(|config| {
            config.github_url.clone_from(&url);
            config.github_api_url = url;
        })
        .await;
        app.may_leave_work();
        Self { github, clock, app }
    }

    /// Opens the browser of an admin, who says where the server is.
    async fn admin(&self) -> Browser<'_> {
        let admin = self.app.browser_with("finch-ash", Role::Admin).await;
        name(&self.app, &admin).await;
        admin
    }

    fn pass(&self, seconds: i64) {
        self.app.clock.set(self.clock.advance(TimeDelta::seconds(seconds)));
    }

    /// Creates an App for the admin's own account; returns the address that GitHub leads back to.
    async fn create(&self, admin: &Browser<'_>) -> String {
        let (target, manifest) = leave(&self.github, admin, "").await;
        let page = admin.post(&target, &[("manifest", &manifest)]).await;
        let form = between(&page.text, "action=\"", "\"");
        let created = admin.post(&format!("{}{form}", self.github.url()), &[]).await;
        created.location().to_owned()
    }
}

async fn name(app: &TestApp, admin: &Browser<'_>) {
    let url = app.url.as_str();
    let fields = [("community_name", "Fenwick Commons"), ("public_url", url), ("based_on", "0")];
    admin.post("/setup/community", &fields).await.location();
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before}: {text}")).1;
    rest.split(after).next().unwrap_or_default()
}

/// Begins an App; returns the address on GitHub that takes the manifest, and the manifest.
async fn leave(github: &FakeGithub, admin: &Browser<'_>, owner: &str) -> (String, String) {
    let page = admin.post(PAGE, &[("owner", owner)]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("form-action 'self' {};", github.url())), "{policy}");
    let target = between(&page.text, &format!("action=\"{}", github.url()), "\"");
    let manifest = between(&page.text, "name=\"manifest\" value=\"", "\"");
    let manifest = manifest.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&");
    (format!("{}{target}", github.url()), manifest)
}

/// Lists the saved settings with their values; secrets have none that can be read.
async fn saved(app: &TestApp) -> String {
    let sql = "SELECT name || '=' || coalesce(value, '-') AS value FROM settings ORDER BY name";
    app.values(sql).await.join("\n")
}

async fn events(app: &TestApp) -> Vec<String> {
    app.values("SELECT event AS value FROM webhook_deliveries ORDER BY event").await
}

#[tokio::test]
async fn an_app_is_created_in_one_click_and_its_messages_are_accepted_at_once() {
    let scene = Scene::start().await;
    let admin = scene.admin().await;
    assert!(admin.get(PAGE).await.text.contains("In one click"));
    let (target, manifest) = leave(&scene.github, &admin, "octo-org").await;
    assert!(target.contains("/organizations/octo-org/settings/apps/new?state="), "{target}");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let receiver = format!("{}/api/v1/webhooks/github", scene.app.url);
    assert_eq!(manifest["hook_attributes"]["url"], receiver.as_str());
    let back = scene.create(&admin).await;
    assert!(back.starts_with(&format!("{}{PAGE}/created?code=", scene.app.url)), "{back}");
    scene.github.settle().await;
    assert_eq!(events(&scene.app).await, [""; 0], "the server does not know the secret yet");

    assert_eq!(admin.get(&back).await.location(), PAGE);
    scene.github.settle().await;
    assert_eq!(events(&scene.app).await, ["ping"]);
    let page = admin.get(PAGE).await;
    for part in ["Connected as Fenwick Commons.", "messages reach this server", "Add repositories"]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert_eq!(page.header("refresh"), "");
    let rows = saved(&scene.app).await;
    for key in ["github_app_private_key", "github_app_webhook_secret", "github_client_secret"] {
        assert!(rows.contains(&format!("{key}=-")), "{key}: {rows}");
    }
    let line = APP_KEY.lines().nth(1).expect("a key");
    logs::plant(line);
    assert!(!rows.contains(line) && !admin.get("/admin/settings").await.text.contains(line));
    scene.github.add_repo("octo-org", "lantern");
    scene.github.install("octo-org", &["octo-org/lantern"]).expect("known");
    scene.github.settle().await;
    assert_eq!(events(&scene.app).await, ["installation", "ping"]);
    scene.app.finish().await;
}

#[tokio::test]
async fn an_app_whose_messages_do_not_come_can_be_tested_again() {
    let scene = Scene::start().await;
    let admin = scene.admin().await;
    let back = scene.create(&admin).await;
    admin.get(&back).await.location();
    scene.github.settle().await;
    scene.app.change("DELETE FROM webhook_deliveries").await.expect("deleted");
    let waiting = admin.get(PAGE).await;
    assert_eq!(waiting.header("refresh"), "5");
    assert!(waiting.text.contains("GitHub is sending a test message"), "{}", waiting.text);
    scene.pass(30);
    let page = admin.get(PAGE).await;
    assert_eq!(page.header("refresh"), "");
    let says = format!("GitHub cannot reach {}.", scene.app.url);
    assert!(page.text.contains(&says) && page.text.contains("Test again"), "{}", page.text);
    let test = admin.post("/setup/github/test", &[]).await;
    assert!(test.location().starts_with("/setup/github?from=&asked="), "{}", test.location());
    scene.github.settle().await;
    assert!(admin.get(PAGE).await.text.contains("messages reach this server"));
    scene.app.finish().await;
}

#[tokio::test]
async fn only_the_browser_that_began_gives_the_server_an_app_and_only_once() {
    let scene = Scene::start().await;
    let admin = scene.admin().await;
    let other = scene.app.browser_with(OTHER, Role::Admin).await;
    let again = scene.app.browser_of("finch-ash").await;
    let back = scene.create(&admin).await;
    for stranger in [&other, &again] {
        stranger.get(&back).await.refuses(400, "APP_NOT_BEGUN", "Nothing was saved.");
    }
    // Another admin who has begun has another state.
    leave(&scene.github, &other, "").await;
    other.get(&back).await.refuses(400, "APP_NOT_BEGUN", "Nothing was saved.");
    assert!(!saved(&scene.app).await.contains("github"));
    assert_eq!(admin.get(&back).await.location(), PAGE);
    admin.get(&back).await.refuses(400, "APP_NOT_BEGUN", "Nothing was saved.");

    let back = scene.create(&admin).await;
    scene.pass(3601);
    admin.get(&back).await.refuses(400, "APP_NOT_BEGUN", "more than an hour ago");
    scene.app.finish().await;
}

#[tokio::test]
async fn a_code_that_was_used_elsewhere_is_refused() {
    let scene = Scene::start().await;
    let admin = scene.admin().await;
    let back = scene.create(&admin).await;
    let code = between(&back, "code=", "&");
    let used = format!("{}/app-manifests/{code}/conversions", scene.github.url());
    assert_eq!(admin.post(&used, &[]).await.status, 201);
    admin.get(&back).await.refuses(409, "GITHUB_REFUSED", "works once");
    assert!(!saved(&scene.app).await.contains("github"));
    scene.app.finish().await;
}

#[tokio::test]
async fn an_incomplete_app_is_not_saved() {
    let broken = Router::new().fallback(async || (StatusCode::CREATED, r#"{"id": 190001}"#));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move { axum::serve(listener, broken).await });
    let app = TestApp::following(|config| {
        config.github_url.clone_from(&url);
        config.github_api_url = url;
    });
    let app = app.await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    name(&app, &admin).await;
    let page = admin.post(PAGE, &[]).await;
    let state = between(&page.text, "settings/apps/new?state=", "\"");
    let back = format!("{PAGE}/created?code=abc&state={state}");
    admin.get(&back).await.refuses(503, "GITHUB_UNAVAILABLE", "nothing was changed");
    assert!(!saved(&app).await.contains("github"));
    server.abort();
    app.finish().await;
}

#[tokio::test]
async fn the_account_and_a_recent_sign_in_are_checked_first() {
    let scene = Scene::start().await;
    let admin = scene.admin().await;
    let wrong = admin.post(PAGE, &[("owner", "octo/org")]).await;
    wrong.refuses_form(422, Some("owner"), "as in its address on GitHub");
    assert!(wrong.text.contains("value=\"octo/org\""), "{}", wrong.text);
    scene.pass(3600);
    assert!(admin.get(PAGE).await.text.contains("/sign-in?return=%2Fsetup%2Fgithub"));
    for path in [PAGE, "/setup/github/token"] {
        let form = [("owner", ""), ("github_api_token", "token-hexacat")];
        admin.post(path, &form).await.refuses(403, "SIGN_IN_AGAIN", "Sign in again");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn a_server_that_github_cannot_reach_gets_no_app() {
    let app = TestApp::following(|_| {}).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    name(&app, &admin).await;
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("only this machine or its network knows this address"), "{page}");
    assert!(!page.contains("Create the app"), "{page}");
    admin.post(PAGE, &[]).await.refuses_form(409, None, "Change it at /setup/community.");
    app.finish().await;
}

async fn enter(admin: &Browser<'_>, token: &str, based_on: &str) -> Answer {
    let form = [("github_api_token", token), ("based_on", based_on)];
    admin.post("/setup/github/token", &form).await
}

#[tokio::test]
async fn a_token_is_saved_if_github_accepts_it() {
    let scene = Scene::start().await;
    scene.github.add_user("hexacat");
    let admin = scene.admin().await;
    let empty = enter(&admin, " ", "1").await;
    empty.refuses_form(422, Some("github_api_token"), "Enter a token");
    let wrong = enter(&admin, "token-of-no-one", "1").await;
    wrong.refuses_form(422, Some("github_api_token"), "GitHub does not accept this token.");
    assert!(!wrong.text.contains("token-of-no-one"), "{}", wrong.text);
    assert!(!saved(&scene.app).await.contains("github"));
    assert_eq!(enter(&admin, "token-hexacat", "1").await.location(), "/setup/email");
    assert!(saved(&scene.app).await.contains("github_api_token=-"));
    let page = admin.get(PAGE).await.text;
    assert!(page.contains("Remove the token") && !page.contains("token-hexacat"), "{page}");
    assert!(page.contains("/settings/personal-access-tokens/new\">Create a token"), "{page}");
    enter(&admin, "token-hexacat", "1").await.refuses_form(409, None, "saved in the meantime");
    let removed = admin.post("/setup/github/token", &[("remove", "yes"), ("based_on", "2")]).await;
    assert_eq!(removed.location(), PAGE);
    assert!(!admin.get(PAGE).await.text.contains("Remove the token"));
    scene.app.finish().await;
}

#[tokio::test]
async fn what_the_environment_sets_cannot_be_changed_here() {
    let environment = [("GITHUB_API_TOKEN".to_owned(), "token-of-the-server".to_owned())];
    let loaded = Config::load(&environment.into(), &Default::default()).expect("read");
    let app = TestApp::following(|config| config.settings = loaded.settings).await;
    let admin = app.browser_with("finch-ash", Role::Admin).await;
    let page = admin.get("/setup/github?from=settings").await.text;
    assert!(page.contains("Set by GITHUB_API_TOKEN in the environment of the server."), "{page}");
    assert!(!page.contains("name=\"github_api_token\""), "{page}");
    enter(&admin, "token-hexacat", "0").await.refuses_form(409, None, "GITHUB_API_TOKEN");
    app.finish().await;
}
