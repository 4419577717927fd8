//! The commands that list, show and erase people.

use std::{
    io::Write as _,
    process::{Output, Stdio},
};

use platform::db::Sql as _;
use serde_json::Value;

use super::Sandbox;

const LOGIN: &str = "seed-0000001";

async fn with_people() -> Sandbox {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "3"]);
    sandbox
}

/// Runs `user erase` and types a line.
fn erase(sandbox: &Sandbox, arguments: &[&str], line: &str) -> Output {
    let mut command = sandbox.command(&["user", "erase", LOGIN]);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut input = child.stdin.take().expect("standard input");
    // The program may end without reading.
    input.write_all(line.as_bytes()).ok();
    drop(input);
    child.wait_with_output().expect("ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_person_asks_for_the_login() {
    let sandbox = with_people().await;
    let erased = "users WHERE erased_at IS NOT NULL";
    for line in ["", "\n", "y\n", "seed-0000002\n"] {
        let output = erase(&sandbox, &[], line);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{line:?}: {said}");
        for words in ["Type seed-0000001 to confirm", "nothing was erased", "--yes"] {
            assert!(said.contains(words), "{line:?}: {said}");
        }
        assert_eq!(sandbox.count(erased).await, 0, "{line:?}");
    }
    let output = erase(&sandbox, &[], "seed-0000001\n");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.starts_with("Erased seed-0000001."), "{said}");
    assert_eq!(sandbox.count(erased).await, 1);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_what_would_be_erased() {
    let sandbox = with_people().await;
    let output = erase(&sandbox, &["--dry-run"], "");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    for words in ["Would erase seed-0000001:", "identity: account (1 entry)", "Nothing was erased"]
    {
        assert!(said.contains(words), "{said}");
    }
    let erased = "users WHERE erased_at IS NOT NULL";
    assert_eq!(sandbox.count(erased).await, 0);
    assert_eq!(sandbox.count("audit_logs WHERE action = 'user.erase'").await, 0);
    let output = erase(&sandbox, &["--yes"], "");
    assert!(output.status.success());
    assert_eq!(sandbox.count(erased).await, 1);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_listed_and_shown() {
    let sandbox = with_people().await;
    sandbox.succeed(&["user", "grant", LOGIN, "--role", "moderator"]);
    sandbox.succeed(&["user", "ban", "seed-0000002", "--reason", "spam"]);
    let list = sandbox.succeed(&["user", "list"]);
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 3, "{list}");
    assert!(lines[1].contains(LOGIN) && lines[1].contains("moderator"), "{list}");
    assert!(lines[2].contains("banned indefinitely"), "{list}");
    assert!(!list.contains("--after"), "everyone is listed: {list}");
    let first = sandbox.succeed(&["user", "list", "--limit", "1"]);
    assert!(first.contains("add `--after "), "{first}");
    let json = |arguments: &[&str]| -> Value {
        serde_json::from_str(&sandbox.succeed(arguments)).expect("JSON")
    };
    let moderators = json(&["user", "list", "--role", "moderator", "--json"]);
    assert_eq!(moderators["people"].as_array().map(Vec::len), Some(1), "{moderators}");
    assert_eq!(moderators["people"][0]["login"], LOGIN);
    let next = json(&["user", "list", "--after", LOGIN, "--limit", "1", "--json"]);
    assert_eq!(next["people"][0]["login"], "seed-0000002");
    let one = json(&["user", "show", LOGIN, "--json"]);
    assert_eq!((&one["login"], &one["member"]["role"]), (&LOGIN.into(), &"moderator".into()));
    let id = one["id"].as_str().expect("an ID").to_owned();
    let shown = sandbox.succeed(&["user", "show", &id]);
    assert!(shown.contains(LOGIN) && shown.contains("Role              moderator"), "{shown}");
    let unknown = sandbox.run(&["user", "show", "unknown-login"]);
    assert_eq!(unknown.status.code(), Some(1));
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_second_factor_is_reset() {
    let sandbox = with_people().await;
    let reset = ["user", "reset-second-factor", LOGIN];
    let none = sandbox.run(&reset);
    let said = String::from_utf8_lossy(&none.stderr);
    assert!(none.status.code() == Some(1) && said.contains("no second factor"), "{said}");
    let tx = sandbox.db.begin().await.expect("a transaction");
    let sql = "INSERT INTO second_factors (id, created_at, user_id, totp_secret, confirmed_at) \
               SELECT id, created_at, id, $1, created_at FROM users WHERE login = $2";
    let values = [vec![0_u8].into(), LOGIN.into()];
    tx.run(tx.statement(sql, values)).await.expect("a second factor");
    tx.commit().await.expect("committed");
    let said = sandbox.succeed(&reset);
    assert!(said.contains("seed-0000001 has no second factor anymore"), "{said}");
    assert_eq!(sandbox.count("second_factors").await, 0);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_shown_whose_login_is_a_part_of_many_others() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "105"]);
    let tx = sandbox.db.begin().await.expect("a transaction");
    for (login, of) in [("'a-' || login", "<>"), ("'seed-0000'", "=")] {
        let sql = format!("UPDATE users SET login = {login} WHERE login {of} '{LOGIN}'");
        tx.run(tx.statement(&sql, [])).await.expect("renamed");
    }
    tx.commit().await.expect("committed");
    let shown = sandbox.succeed(&["user", "show", "seed-0000"]);
    assert!(shown.contains("Role              user"), "{shown}");
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_can_be_printed_as_json() {
    let sandbox = with_people().await;
    sandbox.succeed(&["project", "create", "--name", "Lantern"]);
    let add = "repo add octo/lantern --project lantern --github-id 7";
    sandbox.succeed(&add.split(' ').collect::<Vec<_>>());
    for (command, field) in [
        ("project list", "projects"),
        ("repo list", "repositories"),
        ("user list", "people"),
        ("deliveries list", "deliveries"),
        ("flags list", "flags"),
        ("keys list", "keys"),
        ("migrate status", "applied"),
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--json");
        let printed: Value = serde_json::from_str(&sandbox.succeed(&arguments)).expect(command);
        assert!(printed[field].is_array(), "{command}: {printed}");
    }
    let repositories = sandbox.succeed(&["repo", "list", "--json"]);
    let repositories: Value = serde_json::from_str(&repositories).expect("JSON");
    assert_eq!(
        repositories["repositories"][0],
        serde_json::json!({
            "full_name": "octo/lantern", "github_id": 7, "hook_id": null, "github_app": null,
            "project": "lantern", "pull_requests": 0,
            "sync": {
                "state": "waiting", "pull_requests_read": 0, "pull_requests_total": null,
                "requests": 0, "error": null
            }
        })
    );
    sandbox.remove().await;
}
