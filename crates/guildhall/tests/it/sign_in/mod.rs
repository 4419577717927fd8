//! Signing in with GitHub, OpenID, emailed links and codes, and in the demo; sessions, and refusals.

mod ages;
mod api;
mod bios;
mod demo;
mod email_code;
mod email_link;
mod github;
mod github_health;
mod linking;
mod merging;
pub(crate) mod openid;
mod page;
mod refusals;
mod second_factor;
mod sessions;

use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options},
};

use crate::app::{TestApp, at};

/// GitHub with one person, and a server with GitHub sign-in.
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
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("a network")];
    });
    (github, app.await)
}
