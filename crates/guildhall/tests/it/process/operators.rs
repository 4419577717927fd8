//! Commands that are run while the server runs, and commands for the schema.

use std::path::Path;

use serde_json::{Value, json};
use testkit::{
    clock::FakeClock,
    delivery::write_jsonl,
    fake_github::{FakeGithub, Options},
    histories::History,
};

use super::{Sandbox, history};
use crate::app::{at, client, scenarios::delivery};

async fn json(sandbox: &Sandbox, path: &str) -> Value {
    let answer = client().get(sandbox.url() + path).send().await;
    let answer = answer.expect("an answer").error_for_status();
    answer.expect("200").json().await.expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_write_work_while_the_server_runs() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&[]).await;
    let seeded = sandbox.run(&["seed", "--people", "3"]);
    assert!(seeded.status.success(), "{seeded:?}");
    assert!(!seeded.stderr.contains(&0x1b), "no colors: {seeded:?}");
    sandbox.succeed(&["project", "create", "--name", "Lantern Works"]);
    assert!(sandbox.succeed(&["project", "list"]).contains("lantern-works"));
    let secret = sandbox.directory().join("hook-secret");
    std::fs::write(&secret, "of this hook alone\n").expect("written");
    let add = "repo add octo/lantern --project lantern-works --github-id 1296269 --hook-id 7";
    let mut add: Vec<&str> = add.split(' ').collect();
    add.extend(["--secret-file", secret.to_str().expect("UTF-8")]);
    sandbox.succeed(&add);
    let listed = sandbox.succeed(&["repo", "list"]);
    let listed = listed.split_whitespace().collect::<Vec<_>>().join(" ");
    // Whether it still waits to be read depends on the server, which has no token.
    let registered = "octo/lantern 1296269 lantern-works own webhook 7 ";
    assert!(listed.starts_with(registered), "{listed}");
    assert!(listed.contains(" 0 pull requests"), "{listed}");
    sandbox.counts("repository_syncs WHERE last_error IS NOT NULL", 1).await;
    let listed = sandbox.succeed(&["repo", "list"]);
    let words = "not read from GitHub: the server has no token (save one at /setup/github)";
    assert!(listed.contains(words) && !listed.contains("failed, 0"), "{listed}");
    let login = "seed-0000001";
    sandbox.succeed(&["user", "grant", login, "--role", "moderator"]);
    let moderators = "users WHERE role = 'moderator' AND login = 'seed-0000001'";
    assert_eq!(sandbox.count(moderators).await, 1);
    assert_eq!(sandbox.count("audit_logs WHERE action = 'user.grant'").await, 1);
    let owned = ["project", "create", "--name", "Owned", "--owner", login];
    sandbox.succeed(&owned);
    let owners = "project_maintainers m JOIN users u ON u.id = m.user_id \
                  WHERE m.role = 'owner' AND u.login = 'seed-0000001'";
    assert_eq!(sandbox.count(owners).await, 1);
    let ban = ["user", "ban", login, "--reason", "spam", "--for", "7d"];
    assert!(sandbox.succeed(&ban).contains("is banned until "));
    let held = "users u JOIN bans b ON b.id = u.ban_id WHERE b.ends_at IS NOT NULL";
    assert_eq!(sandbox.count(held).await, 1);
    sandbox.succeed(&["user", "unban", login, "--reason", "appealed"]);
    assert_eq!(sandbox.count(held).await, 0);
    people_on_board(&sandbox, 3).await;
    for wrong in [
        &["user", "grant", "unknown-login", "--role", "admin"][..],
        &["user", "ban", "unknown-login", "--reason", "spam"],
        &["user", "unban", login, "--reason", "appealed"],
        &["project", "create", "--name", "Two", "--slug", "lantern-works"],
        &["project", "create", "--name", "Two", "--owner", "unknown-login"],
        &["repo", "add", "octo/x", "--project", "none", "--github-id", "5"],
    ] {
        let output = sandbox.run(wrong);
        assert_eq!(output.status.code(), Some(1), "{wrong:?}");
        assert!(output.stderr.starts_with(b"guildhall: "), "{wrong:?}");
    }
    for (wrong, said) in [
        (
            "repo add octo/x --project lantern-works --github-id -5",
            "use the whole number that GitHub's API shows",
        ),
        ("replay none.jsonl --concurrency 0", "use a whole number"),
        ("fake github --errors 7", "use a share from 0 to 1"),
    ] {
        let arguments: Vec<&str> = wrong.split(' ').collect();
        let output = sandbox.run(&arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{wrong}: {error}");
        assert!(error.contains(said), "{wrong}: {error}");
    }
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_registered_by_its_address() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["project", "create", "--name", "season"]);
    let clock = FakeClock::new(at("2026-11-01T08:00:00Z"));
    let github = FakeGithub::start(Options::new(clock)).await.expect("a fake");
    let id = github.add_repo("octo-org", "lantern").id;
    let add = |address: &str| {
        let mut command = sandbox.command(&["repo", "add", address, "--project", "season"]);
        command.env("GUILDHALL_GITHUB_API_URL", github.url());
        command.output().expect("the program")
    };
    for (address, words) in [
        ("octo-org/nothing", "GitHub shows this server no repository octo-org/nothing"),
        ("lantern", "This is no repository on GitHub"),
    ] {
        let output = add(address);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{address}: {error}");
        assert!(error.contains(words), "{address}: {error}");
    }
    let output = add("https://github.com/octo-org/lantern");
    let said = String::from_utf8_lossy(&output.stdout);
    for words in [
        "Registered octo-org/lantern with the project 'season'.",
        &format!("delivers to {}/api/v1/webhooks/github", sandbox.url()),
    ] {
        assert!(said.contains(words), "{words}: {output:?}");
    }
    let stored = format!("repositories WHERE github_id = {id} AND full_name = 'octo-org/lantern'");
    assert_eq!(sandbox.count(&stored).await, 1);
    sandbox.remove().await;
}

/// Waits until the leaderboard has this many people: the server reads what other processes wrote a moment later.
async fn people_on_board(sandbox: &Sandbox, people: usize) {
    for _ in 0..600 {
        let board = json(sandbox, "/api/v1/leaderboards/global").await;
        if board["items"].as_array().map(Vec::len) == Some(people) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the leaderboard never had {people} people");
}

/// Waits until this query finds a row.
async fn until(sandbox: &Sandbox, rows: &str) {
    for _ in 0..6_000 {
        if sandbox.count(rows).await > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no {rows} within a minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_follows_flags_set_from_the_command_line() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&[]).await;
    let list = sandbox.succeed(&["flags", "list", "--json"]);
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let flags = list["flags"].as_array().expect("flags");
    let off: Vec<&Value> = flags.iter().filter(|flag| flag["enabled"] == false).collect();
    assert!(off.len() == 1 && off[0]["name"] == "maintainers_create_projects", "{list}");
    let said = sandbox.succeed(&["flags", "set", "api_docs", "off", "--reason", "to try"]);
    assert_eq!(said.trim(), "api_docs is off.");
    let client = client();
    let status = async || {
        let page = client.get(format!("{}/docs/api", sandbox.url())).send().await;
        page.expect("an answer").status().as_u16()
    };
    let began = std::time::Instant::now();
    while status().await == 200 {
        assert!(began.elapsed().as_secs() < 5, "within five seconds");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(status().await, 404);
    let said = sandbox.succeed(&["flags", "set", "api_docs", "25"]);
    assert_eq!(said.trim(), "api_docs is on for 25%.");
    assert!(sandbox.succeed(&["flags", "list"]).contains("on for 25%"));
    assert_eq!(sandbox.count("audit_logs WHERE action = 'flag.change'").await, 2);
    for (wrong, code) in [
        (&["flags", "set", "nothing", "off"][..], 1),
        (&["flags", "set", "github_sign_in", "50"], 1),
        (&["flags", "set", "api_docs", "maybe"], 2),
    ] {
        assert_eq!(sandbox.run(wrong).status.code(), Some(code), "{wrong:?}");
    }
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_listed_and_retried_while_the_server_runs() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&[]).await;
    let drifted = delivery("pull_request", r#"{"action":"opened","pull_request":7}"#);
    let id = drifted.delivery.to_string();
    super::send(&sandbox.url(), &[drifted]).await;
    let dead = "webhook_deliveries WHERE dead_at IS NOT NULL";
    until(&sandbox, dead).await;
    let list = sandbox.succeed(&["deliveries", "list", "--failed"]);
    assert!(
        list.contains(&id) && list.contains("pull_request.opened") && list.contains("failed: pull"),
        "{list}"
    );
    let doctor = sandbox.run(&["doctor"]);
    let said = String::from_utf8_lossy(&doctor.stdout);
    assert!(said.contains("guildhall deliveries list --failed"), "{said}");
    let said = sandbox.succeed(&["deliveries", "retry", &id]);
    assert_eq!(said, "1 delivery queued again.\n");
    until(&sandbox, &format!("{dead} AND attempts = 1")).await;
    let json = sandbox.succeed(&["deliveries", "list", "--json"]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["deliveries"][0]["delivery_id"], json!(id));
    let said = sandbox.succeed(&["deliveries", "retry", "--all-dead"]);
    assert_eq!(said, "1 delivery queued again.\n");
    let acts = "audit_logs WHERE action = 'delivery.retry' AND actor_kind = 'operator'";
    assert_eq!(sandbox.count(acts).await, 2);
    let unknown = sandbox.run(&["deliveries", "retry", "unknown"]);
    assert_eq!(unknown.status.code(), Some(1));
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_migrations_are_listed_before_they_are_applied() {
    let sandbox = Sandbox::empty().await;
    let pending = sandbox.succeed(&["migrate", "up", "--create", "--dry-run"]);
    assert!(pending.lines().count() > 3, "{pending}");
    assert!(pending.lines().all(|line| line.starts_with("would apply ")));
    let status = sandbox.succeed(&["migrate", "status"]);
    assert!(status.lines().all(|line| line.starts_with("pending ")), "{status}");
    let refused = sandbox.run(&["migrate", "up"]);
    let printed = String::from_utf8_lossy(&refused.stderr);
    assert!(printed.contains("no Guildhall installation"), "{printed}");
    let applied = sandbox.succeed(&["migrate", "up", "--create"]);
    assert_eq!(applied.replace("applied", "would apply"), pending);
    assert_eq!(sandbox.succeed(&["migrate", "up"]), "The schema is up to date.\n");
    assert_eq!(sandbox.succeed(&["migrate", "up", "--dry-run"]), "");
    let status = sandbox.succeed(&["migrate", "status"]);
    assert!(status.lines().all(|line| line.starts_with("applied ")), "{status}");
    sandbox.remove().await;
}

fn write(path: &Path, history: &History) {
    let file = std::fs::File::create(path).expect("a file");
    write_jsonl(file, history.deliveries.clone()).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn replay_registers_repositories_sends_waits_and_reports() {
    let (sandbox, history) = (Sandbox::new().await, history(6_000));
    let file = sandbox.directory().join("history.jsonl");
    write(&file, &history);
    let server = sandbox.serve(&[]).await;
    sandbox.succeed(&["project", "create", "--name", "season"]);
    let url = sandbox.url();
    let mut replay = vec!["replay", file.to_str().expect("UTF-8"), "--to", &url];
    replay.extend(["--register", "season", "--wait", "--json"]);
    let (count, mut rows) = (history.deliveries.len(), Vec::new());
    for duplicates in [0, count] {
        let said = sandbox.succeed(&replay);
        let last = said.lines().last().expect("a line");
        let summary: Value = serde_json::from_str(last).expect("JSON");
        assert_eq!(summary["accepted"], json!(count));
        assert_eq!(summary["duplicates"], json!(duplicates));
        assert_eq!(summary["refused"], json!(0));
        for figure in ["rate", "ack_p50_ms", "ack_p99_ms"] {
            assert!(summary[figure].as_f64().is_some_and(|n| n > 0.0), "{last}");
        }
        rows.push((
            sandbox.count("webhook_deliveries").await,
            sandbox.count("pull_request_versions").await,
            sandbox.count("point_transactions").await,
            sandbox.dump(),
        ));
    }
    assert_eq!(rows[0].0, count as i64);
    assert!(rows[0].2 > 0);
    assert_eq!(rows[0], rows[1], "a second replay adds nothing");
    let registered = sandbox.count("repositories").await;
    assert_eq!(registered, history.repositories.len() as i64);
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_and_an_unknown_project_are_reported() {
    let history = history(6_001);
    let sandbox = Sandbox::with_repositories(&history).await;
    let url = sandbox.url();
    let refused = |arguments: &[&str], says: &str| {
        let output = sandbox.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
    };
    let file = sandbox.directory().join("history.jsonl");
    write(&file, &history);
    let file = file.to_str().expect("UTF-8");
    let to_unknown = ["replay", file, "--to", &url, "--register", "nope"];
    refused(&to_unknown, "unknown project 'nope'");
    let empty = sandbox.directory().join("empty.json");
    std::fs::write(&empty, "\n \n").expect("written");
    let empty = empty.to_str().expect("UTF-8");
    let import = ["import", "gharchive", empty, "--project", "season"];
    for command in [&["replay", empty, "--to", &url][..], &import] {
        refused(command, &format!("{empty} contains no deliveries"));
    }
    refused(&["replay", "-", "--to", &url], "standard input contains no");
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_ends_the_command_quietly() {
    let history = history(6_002);
    let sandbox = Sandbox::with_repositories(&history).await;
    assert_eq!(sandbox.succeed(&["ledger", "dump"]), sandbox.succeed(&["ledger", "dump"]));
    for command in [&["ledger", "dump"][..], &["project", "list"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = sandbox.command(command);
        let output = command.stdout(writer).output().expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{said}");
    }
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replay_reports_refused_deliveries() {
    let sandbox = Sandbox::new().await;
    let file = sandbox.directory().join("bad.jsonl");
    std::fs::write(&file, "{\"event\": \"ping\"}\n").expect("written");
    let server = sandbox.serve(&["--no-jobs"]).await;
    let file = file.to_str().expect("UTF-8");
    let output = sandbox.run(&["replay", file, "--to", &sandbox.url(), "--json"]);
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(summary["refused"], json!(1));
    assert_eq!(output.status.code(), Some(1));
    let mut unsigned = sandbox.command(&["replay", file, "--to", &sandbox.url()]);
    let output = unsigned.env_remove("GITHUB_WEBHOOK_SECRET").output();
    let output = output.expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("GITHUB_WEBHOOK_SECRET"), "{said}");
    drop(server);
    sandbox.remove().await;
}
