//! The commands that show, check and publish the rules of a project.

use std::{
    fs,
    io::Write as _,
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use super::Sandbox;

const PUBLISH: [&str; 4] = ["project", "rules", "publish", "lantern"];
const CHECK: [&str; 4] = ["project", "rules", "check", "lantern"];

async fn with_project() -> Sandbox {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["project", "create", "--name", "Lantern"]);
    sandbox
}

fn written(sandbox: &Sandbox, document: &str) -> String {
    let file = sandbox.directory().join("rules.json");
    fs::write(&file, document).expect("written");
    file.display().to_string()
}

/// Runs a command with this standard input.
fn with_input(sandbox: &Sandbox, arguments: &[&str], input: &str) -> Output {
    let mut command = sandbox.command(arguments);
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("standard input");
    // The program may end without reading.
    stdin.write_all(input.as_bytes()).ok();
    drop(stdin);
    child.wait_with_output().expect("ended")
}

fn refused(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_checked_published_and_shown() {
    let sandbox = with_project().await;
    let file = written(&sandbox, "\u{feff}{ \"merged\": 60 }");
    let said = sandbox.succeed(&[&CHECK[..], &[&file]].concat());
    for words in [
        "The rules are valid. They would be version 2.",
        "0 pull requests opened from",
        "points: 0 → 0",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(sandbox.count("project_rules").await, 1);
    let said = sandbox.succeed(&[&PUBLISH[..], &[&file, "--based-on", "1"]].concat());
    assert!(said.starts_with("Published version 2 of the rules of 'lantern'."), "{said}");
    sandbox.succeed(&["ledger", "rebuild", "--check"]);
    let said = sandbox.succeed(&["project", "rules", "show", "lantern"]);
    assert!(said.starts_with("Version 2 (current), published "), "{said}");
    assert!(said.contains("60 points"), "{said}");
    let said = sandbox.succeed(&["project", "rules", "show", "lantern", "--version", "1"]);
    assert!(said.starts_with("Version 1 (earlier), published "), "{said}");
    let said = sandbox.succeed(&["project", "rules", "show", "lantern", "--json"]);
    let shown: Value = serde_json::from_str(&said).expect("JSON");
    let expected = json!({
        "merged": 60,
        "exclude": { "self_requested_merges": true }, "low_value": { "patches": true },
    });
    assert_eq!(shown, expected);
    // What `show --json` prints can be published again, from standard input.
    let same = with_input(&sandbox, &[&PUBLISH[..], &["-"]].concat(), &said);
    refused(&same, &["equal version 2"]);
    let other = with_input(&sandbox, &[&PUBLISH[..], &["-"]].concat(), "{}");
    assert!(other.status.success());
    let acts = "audit_logs WHERE action = 'project.publish_rules' AND actor_kind = 'operator'";
    assert_eq!(sandbox.count(acts).await, 2);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_input_is_refused() {
    let sandbox = with_project().await;
    let invalid = r#"{"merged": "fifty", "docs": 11}"#;
    let file = written(&sandbox, invalid);
    for command in [CHECK, PUBLISH] {
        let output = sandbox.run(&[&command[..], &[&file]].concat());
        let words = [
            "is not a valid rules document",
            "`merged` must be a whole number from 0 to 10000, not \"fifty\".",
            "`docs` must be a number from 0 to 10",
        ];
        refused(&output, &words);
        let output = with_input(&sandbox, &[&command[..], &["-"]].concat(), " \n");
        refused(&output, &["- is empty"]);
        let output = sandbox.run(&[&command[..], &["nothing.json"]].concat());
        refused(&output, &["cannot read nothing.json"]);
        let large = " ".repeat(70_000) + "{}";
        let output = with_input(&sandbox, &[&command[..], &["-"]].concat(), &large);
        refused(&output, &["larger than 64 KiB"]);
        let unknown = ["project", "rules", command[2], "none", "-"];
        refused(&with_input(&sandbox, &unknown, "{}"), &["Unknown project 'none'"]);
    }
    let stale = [&PUBLISH[..], &["-", "--based-on", "7"]].concat();
    let output = with_input(&sandbox, &stale, r#"{"merged": 60}"#);
    refused(&output, &["Version 1 is current"]);
    let output = sandbox.run(&["project", "rules", "show", "lantern", "--version", "2"]);
    refused(&output, &["versions 1 to 1", "not 2"]);
    assert_eq!(sandbox.count("project_rules").await, 1);
    sandbox.remove().await;
}
