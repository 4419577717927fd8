//! The order and the repetition of deliveries about installations do not matter.

use std::collections::BTreeSet;

use kernel::Clock as _;
use testkit::{
    payloads::{self, Account, InstallationState, Repo},
    rng::Rng,
};

use super::*;
use crate::app::{at, scenarios::repo};

/// A delivery: its event and its body.
type Sent = (&'static str, String);

fn state(minute: u32, is_suspended: bool) -> InstallationState {
    let updated_at = at(&format!("2026-11-01T08:{minute:02}:00Z"));
    InstallationState {
        id: 7,
        app_id: APP_ID,
        account: Account::organization(9, OWNER),
        repositories: BTreeSet::new(),
        created_at: at("2026-11-01T08:00:00Z"),
        updated_at,
        suspended_at: is_suspended.then_some(updated_at),
    }
}

/// An installation with two repositories: one is removed and added again, the other is removed; it is suspended and that ends.
fn history() -> Vec<Sent> {
    let repos = [repo(1, "lantern"), repo(2, "harbor")];
    let [lantern, harbor]: [&Repo; 2] = [&repos[0], &repos[1]];
    let changed = |minute, added: &[&Repo], removed: &[&Repo]| {
        let body = payloads::installation_repositories(&state(minute, false), added, removed);
        ("installation_repositories", body.get().to_owned())
    };
    let whole = |action: &str, minute, is_suspended| {
        let state = state(minute, is_suspended);
        let body = payloads::installation(action, &state, &[]);
        ("installation", body.get().to_owned())
    };
    vec![
        whole("created", 0, false),
        changed(1, &[lantern, harbor], &[]),
        changed(2, &[], &[lantern]),
        whole("suspend", 3, true),
        changed(4, &[], &[harbor]),
        changed(5, &[lantern], &[]),
        whole("unsuspend", 6, false),
        whole("new_permissions_accepted", 7, false),
    ]
}

async fn server() -> TestApp {
    let app = TestApp::with(|config| {
        config.github_app_webhook_secret = Some(SECRET.to_owned().into());
    });
    let app = app.await;
    app.clock.set(at("2026-11-01T10:00:00Z"));
    app
}

/// Returns the rows of installations without IDs and times of receipt.
async fn rows(app: &TestApp) -> Vec<String> {
    let flag = "CASE WHEN suspended_at IS NULL THEN 'in use' ELSE 'suspended' END";
    let installations = format!(
        "SELECT {flag} || CASE WHEN deleted_at IS NULL THEN '' ELSE ' deleted' END AS value FROM installations"
    );
    let repositories = "SELECT CAST(repository_github_id AS text) || CASE WHEN removed_at IS NULL THEN ' in' ELSE ' out' END \
                        AS value FROM installation_repositories ORDER BY repository_github_id";
    let mut rows = app.values(&installations).await;
    rows.extend(app.values(repositories).await);
    rows
}

async fn deliver(app: &TestApp, sent: &Sent, name: &str) {
    let call = of_app(sent.0, sent.1.as_bytes()).with("x-github-delivery", name);
    assert_eq!(call.answer(app).await.0, 202);
}

#[tokio::test]
async fn any_order_gives_the_same_rows() {
    let expected = ["in use", "1 in", "2 out"];
    for seed in 0..6_u64 {
        let app = server().await;
        let mut history = history();
        let mut rng = Rng::new(seed);
        if seed > 0 {
            rng.shuffle(&mut history);
        }
        for (place, sent) in history.iter().enumerate() {
            deliver(&app, sent, &format!("first-{place}")).await;
            if rng.chance(40) {
                app.work().await;
            }
            if rng.chance(30) {
                deliver(&app, sent, &format!("again-{place}")).await;
            }
            app.clock.set(app.clock.now() + TimeDelta::seconds(1));
        }
        app.work().await;
        assert_eq!(rows(&app).await, expected, "seed {seed}");
        app.finish().await;
    }
}

#[tokio::test]
async fn workers_at_the_same_time_give_the_same_rows() {
    let app = server().await;
    for (place, sent) in history().iter().rev().enumerate() {
        for copy in ["first", "again"] {
            deliver(&app, sent, &format!("{copy}-{place}")).await;
        }
    }
    tokio::join!(app.work(), app.work(), app.work());
    assert_eq!(rows(&app).await, ["in use", "1 in", "2 out"]);
    app.finish().await;
}

#[tokio::test]
async fn a_deletion_is_final() {
    let app = server().await;
    let body = payloads::installation("deleted", &state(1, false), &[]);
    let deleted = ("installation", body.get().to_owned());
    deliver(&app, &deleted, "deleted").await;
    for (place, sent) in history().iter().enumerate() {
        deliver(&app, sent, &format!("late-{place}")).await;
        app.work().await;
    }
    assert_eq!(rows(&app).await, ["in use deleted", "1 in", "2 out"]);
    app.finish().await;
}

#[tokio::test]
async fn a_time_in_the_future_wins_over_nothing_later() {
    let app = server().await;
    let future = state(0, true);
    let future = InstallationState {
        updated_at: at("2999-01-01T00:00:00Z"),
        suspended_at: Some(at("2999-01-01T00:00:00Z")),
        ..future
    };
    let body = payloads::installation("suspend", &future, &[]);
    deliver(&app, &("installation", body.get().to_owned()), "future").await;
    app.work().await;
    assert_eq!(rows(&app).await, ["suspended"]);
    app.clock.set(at("2026-11-01T12:00:00Z"));
    let mut now = state(0, false);
    now.updated_at = at("2026-11-01T11:00:00Z");
    let body = payloads::installation("unsuspend", &now, &[]);
    deliver(&app, &("installation", body.get().to_owned()), "now").await;
    app.work().await;
    assert_eq!(rows(&app).await, ["in use"]);
    app.finish().await;
}
