//! Servers and workers of one database follow the settings that admins save in the browser.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use platform::{
    audit::Actor::Operator,
    config::{Config, Flags},
    db::Sql as _,
    settings::{self, SettingChange},
};
use reqwest::StatusCode;

use super::{Sandbox, assert_same, history, program::Program, run_without_kills, send};
use crate::app::client;

/// Maximum time until every process follows changed settings.
const SOON: Duration = Duration::from_secs(5);

/// The line in the log of a process that follows.
const FOLLOWS: &str = "applying changed settings";

async fn save(sandbox: &Sandbox, based_on: i64, changes: &[SettingChange]) {
    let config = Config::load(&Default::default(), &Flags::default()).expect("defaults");
    let saved = settings::save(&sandbox.context(), &config, Operator, based_on, changes).await;
    assert_eq!(saved.expect("saved"), based_on + 1);
}

async fn becomes(url: &str, words: &str) {
    let began = Instant::now();
    loop {
        let page = client().get(url).send().await.expect("an answer");
        assert_eq!(page.status(), StatusCode::OK);
        if page.text().await.expect("text").contains(words) {
            return;
        }
        assert!(began.elapsed() < SOON, "{url} does not say {words}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Tries to sign in with an unknown token `count` times. Returns how often this was not refused by the rate limit.
async fn let_in(url: &str, count: usize) -> usize {
    let mut let_in = 0;
    for _ in 0..count {
        let request = client().post(format!("{url}/api/v1/auth/refresh"));
        let answer = request.json(&serde_json::json!({})).send().await.expect("an answer");
        let_in += usize::from(answer.status() != StatusCode::TOO_MANY_REQUESTS);
    }
    let_in
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_and_a_worker_follow_saved_settings() {
    let history = history(8_200);
    let sandbox = Sandbox::with_repositories(&history).await;
    let one = sandbox.serve(&["--no-jobs"]).await;
    let port = Sandbox::fresh_port();
    let other_url = format!("http://127.0.0.1:{port}");
    let mut command: Command = sandbox.command(&["serve", "--no-jobs"]);
    command.env("GUILDHALL_BIND", format!("127.0.0.1:{port}"));
    let other = Program::start(&mut command, sandbox.directory()).ready(&other_url).await;
    let worker = sandbox.worker().await;
    for url in [&sandbox.url(), &other_url] {
        becomes(url, "Guildhall").await;
    }
    assert!(let_in(&sandbox.url(), 60).await < 60, "the rate limit is used up");

    save(&sandbox, 0, &[SettingChange::set("community_name", "Fenwick Commons")]).await;
    for url in [&sandbox.url(), &other_url] {
        becomes(url, "Fenwick Commons").await;
    }
    let again = let_in(&sandbox.url(), 20).await;
    assert!(again < 15, "the rate limit began anew: {again} of 20");
    let _programs =
        (one.says(FOLLOWS).await, other.says(FOLLOWS).await, worker.says(FOLLOWS).await);

    // Deliveries and jobs go on in the composition that replaced the first.
    let sent = send(&other_url, &history.deliveries).await;
    assert_eq!(sent.accepted, history.deliveries.len() as u64);
    sandbox.settled().await;
    assert_same(&run_without_kills(&history).await, &sandbox.dump());
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_secret_signs_deliveries_and_doctor_knows_it() {
    let sandbox = Sandbox::new().await;
    let mut command = sandbox.command(&["serve"]);
    command.env_remove("GITHUB_WEBHOOK_SECRET");
    let server = Program::start(&mut command, sandbox.directory()).ready(&sandbox.url()).await;
    let history = history(8_300);
    let refused = send(&sandbox.url(), &history.deliveries[..1]).await;
    assert_eq!(refused.accepted, 0);
    let changes = [
        SettingChange::set("github_webhook_secret", crate::app::SECRET),
        SettingChange::set("smtp_url", "smtp://127.0.0.1:9"),
        SettingChange::set("mail_from", "hall@guild.example"),
        SettingChange::set("public_url", "http://guild.example"),
    ];
    save(&sandbox, 0, &changes).await;
    let server = server.says(FOLLOWS).await;
    let began = Instant::now();
    while send(&sandbox.url(), &history.deliveries[..1]).await.accepted == 0 {
        assert!(began.elapsed() < SOON, "the secret is not used");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let mut command = sandbox.command(&["doctor"]);
    let doctor = command.env_remove("GITHUB_WEBHOOK_SECRET").output().expect("doctor");
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(said.contains("sent from hall@guild.example"), "{said}");
    assert!(said.contains("ok    webhook secret"), "{said}");
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_does_not_read_never_stops_a_start() {
    let sandbox = Sandbox::new().await;
    let changes = [
        SettingChange::set("community_name", "Fenwick Commons"),
        SettingChange::set("public_url", "https://fen.example"),
    ];
    save(&sandbox, 0, &changes).await;
    let tx = sandbox.context().begin().await.expect("a transaction");
    let broken = "UPDATE settings SET value = 'nonsense' WHERE name = 'public_url'";
    tx.run(tx.statement(broken, [])).await.expect("changed");
    tx.commit().await.expect("committed");
    let server = sandbox.serve(&[]).await.says("cannot be used").await;
    becomes(&sandbox.url(), "Fenwick Commons").await;
    assert!(server.log().contains("public_url"));
    let doctor = sandbox.run(&["doctor"]);
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(said.contains("FIX   settings") && said.contains("public_url"), "{said}");
    drop(server);
    sandbox.remove().await;
}
