//! Keys are rotated beside a server, and rotations are killed.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use platform::crypto::sign;
use serde_json::Value;

use super::place::Place;

const SECRET: &str = "the lantern's own secret";

/// A place where a repository has a hook of its own.
async fn scene() -> Place {
    let place = Place::new().await;
    let file = place.directory().join("hook-secret");
    fs::write(&file, SECRET).expect("written");
    place.succeed(&["project", "create", "--name", "season"]);
    let file = file.display().to_string();
    let add = "repo add octo/lantern --project season --github-id 1 --hook-id 501 --secret-file";
    let mut arguments: Vec<&str> = add.split(' ').collect();
    arguments.push(&file);
    place.succeed(&arguments);
    place
}

fn list(place: &Place) -> Value {
    serde_json::from_str(&place.succeed(&["keys", "list", "--json"])).expect("JSON")
}

fn key_file(place: &Place) -> String {
    fs::read_to_string(place.directory().join("secret.key")).expect("a key file")
}

async fn deliver(place: &Place, delivery: &str) -> u16 {
    let body = r#"{"hook_id":501,"repository":{"id":1}}"#;
    let signature = sign(&SECRET.to_owned().into(), body.as_bytes());
    let url = format!("{}/api/v1/webhooks/github", place.url());
    let sent = reqwest::Client::new()
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
async fn a_server_goes_on_while_its_keys_are_rotated() {
    let place = scene().await;
    let server = place.serve(&[]).await;
    assert_eq!(deliver(&place, "one").await, 202);
    let before = key_file(&place);
    let said = place.succeed(&["keys", "rotate"]);
    assert!(said.contains("1 secrets were encrypted with it"), "{said}");
    let after = key_file(&place);
    assert!(
        after.ends_with(&format!("emails {}\n", before.trim())),
        "e-mails keep their key"
    );
    for line in after.lines() {
        assert!(!said.contains(line.trim_start_matches("emails ")), "{said}");
    }
    // What the server keeps of hooks is forgotten, so that it must open the secret anew.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(deliver(&place, "two").await, 202);
    let listed = list(&place);
    assert_eq!(
        (&listed["keys"][0]["secrets"], &listed["undecryptable"]),
        (&1.into(), &0.into())
    );
    assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1));
    assert!(
        place
            .succeed(&["keys", "list"])
            .contains("in use  1 secrets")
    );
    drop(server);
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_is_killed_loses_nothing() {
    let place = scene().await;
    for after in [40, 120, 250, 400, 600, 1_000] {
        let mut command: Command = place.command(&["keys", "rotate"]);
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut rotation = quiet.spawn().expect("started");
        tokio::time::sleep(Duration::from_millis(after)).await;
        rotation.kill().ok();
        rotation.wait().expect("ended");
        assert_eq!(list(&place)["undecryptable"], 0, "after {after} ms");
    }
    place.succeed(&["keys", "rotate"]);
    let listed = list(&place);
    assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed["keys"][0]["secrets"], 1);
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_is_told() {
    let place = scene().await;
    fs::write(place.directory().join("secret.key"), "a".repeat(64)).expect("written");
    let output = place.run(&["keys", "list"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("1 secrets can be decrypted with none of these keys"),
        "{said}"
    );
    let doctor = place.run(&["doctor"]);
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(said.contains("FIX   stored secrets"), "{said}");
    fs::remove_file(place.directory().join("secret.key")).expect("removed");
    let output = place.run(&["keys", "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        !place.directory().join("secret.key").exists(),
        "looking makes none"
    );
    place.remove().await;
}
