//! Key rotation while the server runs, and rotations that are killed.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use platform::crypto::sign;
use serde_json::Value;

use super::sandbox::Sandbox;
use crate::app::client;

const SECRET: &str = "the lantern's own secret";

/// A server whose repository has its own hook.
async fn scene() -> Sandbox {
    let sandbox = Sandbox::new().await;
    let file = sandbox.directory().join("hook-secret");
    fs::write(&file, SECRET).expect("written");
    sandbox.succeed(&["project", "create", "--name", "season"]);
    let file = file.display().to_string();
    let add = "repo add octo/lantern --project season --github-id 1 --hook-id 501 --secret-file";
    let mut arguments: Vec<&str> = add.split(' ').collect();
    arguments.push(&file);
    sandbox.succeed(&arguments);
    sandbox
}

fn list(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.succeed(&["keys", "list", "--json"])).expect("JSON")
}

fn key_file(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.directory().join("secret.key")).expect("a key file")
}

async fn deliver(sandbox: &Sandbox, delivery: &str) -> u16 {
    let body = r#"{"hook_id":501,"repository":{"id":1}}"#;
    let signature = sign(&SECRET.to_owned().into(), body.as_bytes());
    let url = format!("{}/api/v1/webhooks/github", sandbox.url());
    let sent = client()
        .post(url)
        .header("content-type", "application/json")
        .header("x-github-event", "ping")
        .header("x-github-delivery", delivery)
        .header("x-github-hook-id", "501")
        .header("x-hub-signature-256", signature)
        .body(body)
        .send();
    sent.await.expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_keeps_working_while_its_keys_are_rotated() {
    let sandbox = scene().await;
    let server = sandbox.serve(&[]).await;
    assert_eq!(deliver(&sandbox, "one").await, 202);
    let before = key_file(&sandbox);
    let said = sandbox.succeed(&["keys", "rotate"]);
    assert!(said.contains("Encrypted 1 secret with it"), "{said}");
    let after = key_file(&sandbox);
    assert!(after.ends_with(&format!("emails {}\n", before.trim())), "emails keep their key");
    for line in after.lines() {
        assert!(!said.contains(line.trim_start_matches("emails ")), "{said}");
    }
    // Clears the server's cache of hooks, so that it must decrypt the secret again.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(deliver(&sandbox, "two").await, 202);
    let listed = list(&sandbox);
    assert_eq!((&listed["keys"][0]["secrets"], &listed["undecryptable"]), (&1.into(), &0.into()));
    assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1));
    assert!(sandbox.succeed(&["keys", "list"]).contains("in use  1 secret"));
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_rotation_loses_nothing() {
    let sandbox = scene().await;
    for after in [40, 120, 250, 400, 600, 1_000] {
        let mut command: Command = sandbox.command(&["keys", "rotate"]);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut rotation = quiet.spawn().expect("started");
        tokio::time::sleep(Duration::from_millis(after)).await;
        rotation.kill().ok();
        rotation.wait().expect("ended");
        assert_eq!(list(&sandbox)["undecryptable"], 0, "after {after} ms");
    }
    sandbox.succeed(&["keys", "rotate"]);
    let listed = list(&sandbox);
    assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed["keys"][0]["secrets"], 1);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_is_reported() {
    let sandbox = scene().await;
    fs::write(sandbox.directory().join("secret.key"), "a".repeat(64)).expect("written");
    let output = sandbox.run(&["keys", "list"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("1 secret cannot be decrypted with any of these keys"), "{said}");
    let doctor = sandbox.run(&["doctor"]);
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(said.contains("FIX   stored secrets"), "{said}");
    let words =
        "the webhook secrets of repositories (1): set new ones with `guildhall repo secret`";
    assert!(said.contains(words) && !said.contains("reset-second-factor"), "{said}");
    fs::remove_file(sandbox.directory().join("secret.key")).expect("removed");
    for command in ["keys list", "serve", "worker", "user list", "doctor"] {
        let output = sandbox.run(&command.split(' ').collect::<Vec<_>>());
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        assert!(!sandbox.directory().join("secret.key").exists(), "{command} makes no new key");
        for words in [
            "secret.key is missing",
            "the webhook secrets of repositories (1)",
            "Restore the key",
            "openssl rand -hex 32",
        ] {
            assert!(said.contains(words), "{command}: {said}");
        }
    }
    fs::write(sandbox.directory().join("secret.key"), "b".repeat(64)).expect("written");
    drop(sandbox.serve(&[]).await);
    sandbox.remove().await;
}
