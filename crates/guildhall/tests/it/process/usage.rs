//! The command line explains itself and refuses unknown input.

use std::process::Command;

use super::Sandbox;

const COMMANDS: &[&str] = &[
    "demo",
    "serve",
    "worker",
    "migrate status",
    "migrate up",
    "seed",
    "doctor",
    "setup-code",
    "project create",
    "project edit",
    "project archive",
    "project unarchive",
    "project transfer",
    "project list",
    "project rules show",
    "project rules check",
    "project rules publish",
    "season create",
    "season edit",
    "season publish",
    "season cancel",
    "season sign-off",
    "season add-project",
    "season remove-project",
    "season publish-rules",
    "season add-organizer",
    "season remove-organizer",
    "season warn",
    "season disqualify",
    "season lift",
    "season results",
    "season list",
    "score show",
    "score override",
    "score lift",
    "dispute list",
    "dispute show",
    "repo add",
    "repo remove",
    "repo exclude",
    "repo include",
    "repo secret",
    "repo sync",
    "repo list",
    "badge list",
    "badge create",
    "badge edit",
    "badge retire",
    "badge restore",
    "badge award",
    "badge revoke",
    "badge evaluate",
    "leaderboard months",
    "leaderboard finalize",
    "user list",
    "user create",
    "user show",
    "user grant",
    "user ban",
    "user unban",
    "user reset-second-factor",
    "user export",
    "user erase",
    "alert test",
    "mail test",
    "deliveries list",
    "deliveries retry",
    "flags list",
    "flags set",
    "replay",
    "import gharchive",
    "ledger verify",
    "ledger rebuild",
    "ledger dump",
    "keys list",
    "keys rotate",
    "backup",
    "restore",
    "move",
    "fake github",
    "fake smtp",
    "fake post",
    "fake code-host",
    "fake game-platform",
    "fake openai",
    "fake trello",
    "fake notion",
    "doctor game-platform",
    "discovery follow",
    "discovery unfollow",
    "discovery import projects",
    "discovery status",
    "discovery search",
    "discovery evaluate",
    "openapi",
    "jobs list",
    "jobs run",
    "jobs pause",
    "jobs resume",
    "maintenance on",
    "maintenance off",
    "schema",
    "probe",
    "man",
    "completions",
    "sync all",
    "sync coach",
    "sync game-platform",
    "sync github",
    "sync repository",
    "backfill badges",
    "backfill opportunities",
];

/// Runs the program without configuration; returns exit code, standard output and standard error.
pub(crate) fn call(arguments: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    let folder = tempfile::tempdir().expect("a folder");
    let output = command
        .env_clear()
        .current_dir(folder.path())
        .args(arguments.split_whitespace())
        .output()
        .expect("the program");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in COMMANDS {
        let (code, help, _) = call(&format!("{command} --help"));
        assert_eq!(code, Some(0), "{command}");
        assert!(
            help.contains("Usage: guildhall ") && help.contains("Example"),
            "{command}: {help}"
        );
        assert!(help.contains(&format!("  guildhall {command}")), "{help}");
    }
}

/// Returns the names of the commands that a command's help lists.
fn named(help: &str) -> Vec<String> {
    let after = help.split("Commands:\n").nth(1).unwrap_or_default();
    let list = after.split("\n\n").next().unwrap_or_default().lines();
    list.filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|word| word != "help")
        .collect()
}

#[test]
fn the_list_of_commands_is_complete() {
    let mut groups = vec![String::new()];
    while let Some(group) = groups.pop() {
        for verb in named(&call(&format!("{group} --help")).1) {
            let name = format!("{group} {verb}").trim().to_owned();
            match named(&call(&format!("{name} --help")).1).is_empty() {
                true => assert!(COMMANDS.contains(&&*name), "{name} is not tested"),
                false => groups.push(name),
            }
        }
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    for command in COMMANDS {
        let (code, _, said) = call(&format!("{command} --no-such-flag"));
        assert_eq!(code, Some(2), "{command}: {said}");
    }
    for wrong in [
        "",
        "no-such-command",
        "jobs pause SubmissionValidator",
        "sync",
        "sync repository",
        "sync coach",
        "sync nothing",
        "backfill",
        "backfill nothing",
        "repo add octo/lantern",
        "repo remove",
        "repo exclude octo/lantern",
        "repo include octo/lantern",
        "repo sync",
        "repo sync octo/lantern --all",
        "project edit lantern",
        "project archive",
        "project transfer lantern wren-oak",
        "score show octo-org/lantern",
        "score override octo-org/lantern#1 --reason x",
        "score override octo-org/lantern#1 --points 1",
        "score override octo-org/lantern#1 --points -1 --reason x",
        "score override octo-org/lantern#1 --points 100001 --reason x",
        "score override octo-org/lantern#1 --points 1 --none --reason x",
        "score lift octo-org/lantern#1",
        "dispute list --state closed",
        "dispute list --kind mute",
        "dispute list --limit 0",
        "dispute show F-1",
        "man",
        "completions",
        "completions dos",
        "leaderboard finalize",
        "leaderboard finalize october",
        "leaderboard months 2026-10",
        "project rules",
        "project rules show",
        "project rules check lantern",
        "project rules publish lantern rules.json --based-on x",
        "user grant octocat --role emperor",
        "repo secret octo/lantern --secret-file x --keep-old-for soon",
        "user ban octocat",
        "user ban octocat --reason x --for soon",
        "user ban octocat --reason x --until soon",
        "user ban octocat --reason x --for 7d --until 2030-01-01",
        "user unban octocat",
        "serve --bind nowhere",
        "deliveries list --limit 0",
        "user list --limit 0",
        "user list --role emperor",
        "user erase octocat --yes --dry-run",
        "backup --to -",
        "deliveries retry",
        "deliveries retry x --all-dead",
        "replay x.jsonl --to http://127.0.0.1:1 --rate 0",
        "seed",
    ] {
        assert_eq!(call(wrong).0, Some(2), "{wrong}");
    }
}

#[test]
fn refused_arguments_say_what_to_give() {
    for (wrong, says) in [
        ("deliveries list --limit 0", "use a whole number from 1"),
        ("backup --to -", "give the path of a new file"),
        ("score show octo-org/lantern", "octo-org/lantern#1"),
        ("dispute list --state closed", "use open, appealed or decided"),
        ("dispute show F-1", "such as D-12"),
        ("leaderboard finalize october", "use YYYY-MM, such as 2026-10"),
    ] {
        let (_, _, said) = call(wrong);
        assert!(said.contains(says), "{wrong}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_errors_name_their_key() {
    let place = Sandbox::new().await;
    for (variable, value, says) in [
        ("GUILDHALL_BIND", "nowhere", "bind"),
        ("GUILDHALL_BINDD", "127.0.0.1:1", "GUILDHALL_BINDD"),
        ("GUILDHALL_LOG", "info,=x=y", "log (GUILDHALL_LOG) is 'info,=x=y'"),
        ("GUILDHALL_LOG_FORMAT", "xml", "it must be json or pretty"),
        ("GUILDHALL_JOB_LEASE_SECONDS", "soon", "job_lease_seconds"),
        ("GUILDHALL_JOB_LEASE_SECONDS", "0", "from 1 to 86400"),
        ("DATABASE_URL", "sqlite::memory:", "in-memory"),
        ("GITHUB_WEBHOOK_SECRET_FILE", "none", "GITHUB_WEBHOOK_SECRET"),
        ("DATABASE_URL", "mysql://localhost/x", "DATABASE_URL"),
        ("GUILDHALL_SECRET_KEY", "short", "GUILDHALL_SECRET_KEY"),
        ("GUILDHALL_METRICS_TOKEN", "short", "it must be a secret of at least 16 bytes"),
        ("REDIS_PASSWORD", "x", "REDIS_PASSWORD is set without REDIS_URL"),
    ] {
        let mut command = place.command(&["serve"]);
        let output = command.env(variable, value).output().expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{variable}: {said}");
        assert!(said.contains(says), "{variable}: {said}");
    }
    std::fs::write(place.directory().join("guildhall.toml"), "bindd = \"x\"\n").expect("written");
    let output = place.run(&["serve"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("bindd"), "{said}");
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_not_printed() {
    let place = Sandbox::new().await;
    let mut command = place.command(&["doctor"]);
    let url = "postgres://guild:hunter2hunter2@127.0.0.1:port/guild";
    let output = command.env("DATABASE_URL", url).output();
    let output = output.expect("the program");
    assert_eq!(output.status.code(), Some(1));
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("the database URL is invalid"), "{said}");
    for secret in ["hunter2", crate::app::SECRET] {
        assert!(!said.contains(secret), "{said}");
    }
    place.remove().await;
}
