//! The faults that operators meet, of which `doctor` names the cause and the next step. A wrong key is in `keys.rs`.

use std::{io::Write as _, net::TcpListener, process::Command, thread};

use serde_json::Value;
use testkit::{
    clock::FakeClock,
    fake_github::{FakeGithub, Options},
};

use super::sandbox::Sandbox;

/// Returns the command for an installation with a key, without which no service is asked.
fn doctor(sandbox: &Sandbox) -> Command {
    drop(sandbox.context());
    sandbox.command(&["doctor", "--json"])
}

/// Runs `doctor`, which has to fail, and returns what it says of a check that failed.
fn fault(command: &mut Command, check: &str) -> String {
    let output = command.output().expect("doctor");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let said: Value = serde_json::from_str(&said).expect("JSON");
    let findings = said["findings"].as_array().expect("findings");
    let found = findings.iter().find(|it| it["check"] == check && it["is_ok"] == false);
    let found = found.unwrap_or_else(|| panic!("{check}: {said:#}"));
    found["detail"].as_str().expect("a detail").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_that_the_database_cannot_be_reached() {
    let sandbox = Sandbox::new().await;
    let closed = Sandbox::fresh_port();
    let mut doctor = doctor(&sandbox);
    doctor.env("DATABASE_URL", format!("postgres://owl:hunter2@127.0.0.1:{closed}/guildhall"));
    let said = fault(&mut doctor, "database");
    assert!(
        said.contains(&format!("cannot connect to PostgreSQL at 127.0.0.1:{closed}")),
        "{said}"
    );
    assert!(said.contains("check that it is running") && !said.contains("hunter2"), "{said}");
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_that_github_refuses_the_token() {
    let clock = FakeClock::new("2026-11-01T08:00:00Z".parse().expect("an instant"));
    let github = FakeGithub::start(Options::new(clock)).await.expect("a fake");
    let sandbox = Sandbox::new().await;
    let mut doctor = doctor(&sandbox);
    doctor.env("GUILDHALL_GITHUB_API_URL", github.url()).env("GITHUB_API_TOKEN", "token-revoked");
    let said = fault(&mut doctor, "github-api");
    assert!(said.contains("GitHub rejected the token: create a new one"), "{said}");
    assert!(said.contains("GITHUB_API_TOKEN") && !said.contains("token-revoked"), "{said}");
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_what_the_mail_server_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // Ends with the test's process.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = b"554 5.3.2 no service for this address\r\n";
            stream.and_then(|mut stream| stream.write_all(answer)).ok();
        }
    });
    let sandbox = Sandbox::new().await;
    let mut doctor = doctor(&sandbox);
    doctor
        .env("SMTP_URL", format!("smtp://127.0.0.1:{port}"))
        .env("GUILDHALL_MAIL_FROM", "hall@guild.example");
    let said = fault(&mut doctor, "email service");
    assert!(said.contains("Cannot connect to the mail server") && said.contains("554"), "{said}");
    assert!(said.contains("Check the mail server") && said.contains("SMTP_URL"), "{said}");
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_writes_an_archive_without_secrets() {
    let sandbox = Sandbox::new().await;
    drop(sandbox.context());
    let file = sandbox.directory().join("help.tar.gz");
    let mut doctor = sandbox.command(&["doctor", "--bundle", file.to_str().expect("UTF-8")]);
    doctor.env("GITHUB_WEBHOOK_SECRET", "hunter2-hunter2-hunter2");
    let output = doctor.output().expect("doctor");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let archive = std::fs::read(&file).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let mut text = String::new();
    let mut unpacked = flate2::read::GzDecoder::new(&*archive);
    std::io::Read::read_to_string(&mut unpacked, &mut text).expect("text");
    for name in ["about.json", "settings.json", "health.json", "failures.json", "queues.json"] {
        assert!(said.contains(name) && text.contains(&format!("guildhall/{name}")), "{name}");
    }
    assert!(text.contains("github_webhook_secret") && !text.contains("hunter2"), "{text}");
    sandbox.remove().await;
}
