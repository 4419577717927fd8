//! Submissions at code hosts besides GitHub, against their simulations.

use chrono::TimeDelta;
use hackathons::{
    model::{CheckKind, CheckOutcome, Verdict},
    reads::{self, ReportView},
};
use platform::config::{CodeApi, CodeSite};
use serde_json::{Value, json};
use testkit::{
    clock::FakeClock,
    fake_code_host::{CodeHostKind, FakeCodeHost, Options},
    fake_github::code::{CodeStory, CommitStory, PushStory},
};

use super::scene::november;
use crate::app::{TestApp, at};

const KINDS: [(CodeHostKind, CodeApi, &str); 3] = [
    (CodeHostKind::Gitea, CodeApi::Gitea, "gannets/berthlist"),
    (CodeHostKind::Gitlab, CodeApi::Gitlab, "gannets/crew/berthlist"),
    (CodeHostKind::Bitbucket, CodeApi::Bitbucket, "gannets/berthlist"),
];

fn commit(hour: &str, path: &str) -> CommitStory {
    let text = format!("{path} keeps the berths of the harbor\n").repeat(40);
    CommitStory::new("ada", at(hour), "Keep the berths").file(path, &text)
}

fn story(path: &str) -> CodeStory {
    CodeStory::new(path, at("2026-11-14T18:30:00Z")).push(
        PushStory::new("ada", at("2026-11-14T19:05:00Z"))
            .commit(commit("2026-11-14T19:00:00Z", "README.md"))
            .commit(commit("2026-11-14T19:01:00Z", "LICENSE"))
            .commit(commit("2026-11-14T19:02:00Z", "src/main.rs")),
    )
}

/// Starts a server that reads repositories at one simulated code host.
async fn start((kind, api): (CodeHostKind, CodeApi)) -> (TestApp, FakeCodeHost) {
    start_with((kind, api), &[]).await
}

/// Starts it with variables that turn flags off.
async fn start_with((kind, api): (CodeHostKind, CodeApi), off: &[&str]) -> (TestApp, FakeCodeHost) {
    let clock = FakeClock::new(at("2026-11-15T08:00:00Z"));
    let fake = FakeCodeHost::start(clock, Options::new(kind)).await;
    let fake = fake.expect("a free port");
    let address = fake.url().to_owned();
    let app = TestApp::with(|config| {
        config.code_hosts = vec![CodeSite { api, address }];
        let off = off.iter();
        let switches = off.map(|variable| ((*variable).to_owned(), "false".to_owned()));
        config.switches.extend(switches);
    })
    .await;
    (app, fake)
}

fn body(repository: &str) -> Value {
    json!({
        "title": "Gannet", "summary": "A berth list that works offline.", "repository": repository,
    })
}

async fn report(app: &TestApp, slug: &str) -> ReportView {
    let submission = app.submission_of(slug, "ada").await;
    let found = reads::latest_report(&app.context().db, submission.key()).await;
    let state = reads::check_state(&app.context().db, submission.key()).await;
    let report = found.expect("read");
    report.unwrap_or_else(|| panic!("no report: {state:?}"))
}

#[tokio::test]
async fn a_submission_at_another_host_is_checked_and_polled() {
    for (kind, api, path) in KINDS {
        let (app, fake) = start((kind, api)).await;
        fake.add_code(&story(path)).expect("added");
        let slug = app.building(november(), &["ada"]).await;
        let ada = app.browser_of("ada").await;
        let typed = format!("{}/{path}", fake.url());
        let host = fake.url().trim_start_matches("http://");
        let at_api = format!("/api/v1/me/hackathons/{slug}/submission");
        let sent = ada.call("PUT", &at_api, Some(&body(&typed))).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        assert_eq!(sent.json()["repository"], format!("{host}/{path}"));
        app.work().await;
        let first = report(&app, &slug).await;
        assert_eq!(first.commit_sha, fake.head(path, "main"), "{kind:?}");
        let checks = first.checks();
        let of_kind = |kind: CheckKind| checks.iter().find(|check| check.kind() == Some(kind));
        let owner = of_kind(CheckKind::Repository).expect("the check");
        assert_eq!(owner.outcome, CheckOutcome::Warn, "{owner:?}");
        let says = owner.evidence.join(" ");
        assert!(says.contains("could not be witnessed"), "{says}");
        let window = of_kind(CheckKind::Window).expect("the check");
        let is_witnessed = !window.evidence.join(" ").contains("nothing was witnessed");
        assert_eq!(is_witnessed, kind != CodeHostKind::Bitbucket, "{window:?}");
        let submission = app.submission_of(&slug, "ada").await;
        assert_eq!(submission.facts().verdict, Some(Verdict::Valid));
        let page = ada.get(&format!("/hackathons/{slug}/submission")).await;
        let link = format!("https://{host}/{path}");
        assert!(page.text.contains(&link), "{link} in {}", page.text);

        let push = PushStory::new("ada", at("2026-11-15T08:05:00Z"))
            .commit(commit("2026-11-15T08:04:00Z", "a.rs"));
        let after = fake.push_code(path, &push).expect("pushed");
        app.clock.advance(TimeDelta::minutes(10));
        assert_eq!(app.run_schedule("SubmissionPolls").await, "1 submission");
        app.work().await;
        assert_eq!(report(&app, &slug).await.commit_sha, after, "{kind:?}");
        app.abandon().await;
    }
}

#[tokio::test]
async fn only_allowed_hosts_are_accepted_and_called() {
    let (app, fake) = start((CodeHostKind::Gitea, CodeApi::Gitea)).await;
    let slug = app.building(november(), &["ada"]).await;
    let ada = app.browser_of("ada").await;
    let at_api = format!("/api/v1/me/hackathons/{slug}/submission");
    for typed in [
        "https://gitlab.com/gannets/berthlist",
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/a/b",
    ] {
        let refused = ada.call("PUT", &at_api, Some(&body(typed))).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("does not read repositories at"), "{}", refused.text);
    }
    let form = ada.get(&format!("/hackathons/{slug}/submission/edit")).await;
    let host = fake.url().trim_start_matches("http://");
    assert!(form.text.contains(&format!("GitHub or {host}")), "{}", form.text);
    assert!(fake.calls().is_empty());
    app.abandon().await;
}

/// While requests to some code hosts are switched off, submissions there wait, and all others are checked.
#[tokio::test]
async fn submissions_wait_while_their_host_is_switched_off() {
    for (off, is_checked) in [("ENABLE_CODE_HOSTS", false), ("ENABLE_GITHUB_API", true)] {
        let (app, fake) = start_with((CodeHostKind::Gitea, CodeApi::Gitea), &[off]).await;
        fake.add_code(&story("gannets/berthlist")).expect("added");
        let slug = app.building(november(), &["ada"]).await;
        let ada = app.browser_of("ada").await;
        let at_api = format!("/api/v1/me/hackathons/{slug}/submission");
        let typed = format!("{}/gannets/berthlist", fake.url());
        let sent = ada.call("PUT", &at_api, Some(&body(&typed))).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        app.work().await;
        let submission = app.submission_of(&slug, "ada").await;
        let report = reads::latest_report(&app.context().db, submission.key()).await;
        assert_eq!(report.expect("read").is_some(), is_checked, "{off}");
        assert_eq!(fake.calls().is_empty(), !is_checked, "{off}");
        app.abandon().await;
    }
}
