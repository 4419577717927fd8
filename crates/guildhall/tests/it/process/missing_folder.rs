//! A mistyped data folder is reported and not created, except by `migrate up --create` and by servers.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

fn run(folder: &TempDir, arguments: &str) -> Output {
    run_with(folder, arguments, "")
}

/// Runs the program on the database at an address; the file in the data folder if it is empty.
fn run_with(folder: &TempDir, arguments: &str, database: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command.env_clear();
    if !database.is_empty() {
        command.env("DATABASE_URL", database);
    }
    command
        .env("GITHUB_WEBHOOK_SECRET", crate::app::SECRET)
        .current_dir(folder.path())
        .args(arguments.split_whitespace())
        .args(["--data-dir", "nowhere"])
        .output()
        .expect("the program")
}

fn printed(output: &Output) -> String {
    let all = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8(all).expect("UTF-8")
}

#[test]
fn only_servers_and_explicit_requests_create_a_data_folder() {
    let folder = TempDir::new().expect("a folder");
    for command in [
        "ledger verify",
        "ledger rebuild",
        "ledger dump",
        "project list",
        "project create --name Lantern",
        "seed --people 1",
        "seed --demo",
        "worker",
        "user list",
        "user show octocat",
        "user erase octocat --yes",
        "keys list",
        "keys rotate",
        "move --to postgres://guild@127.0.0.1:1/guild",
        "flags list",
        "backup --to copy.db",
        "migrate up",
        "migrate up --dry-run",
        "doctor",
        "doctor --json",
        "migrate status",
        "deliveries list",
        "deliveries retry --all-dead",
        "repo add octo/lantern --project lantern --github-id 1",
        "user grant octocat --role admin",
        "import gharchive 2025-09-01-15.json.gz --project lantern",
        "replay x.jsonl --to http://127.0.0.1:9 --register lantern",
        "replay x.jsonl --to http://127.0.0.1:9 --wait",
    ] {
        let output = run(&folder, command);
        let printed = printed(&output);
        assert_eq!(output.status.code(), Some(1), "{command}: {printed}");
        let sentence =
            "no Guildhall installation in nowhere: set `--data-dir`, or run `guildhall serve`";
        assert!(printed.contains(sentence), "{command}: {printed}");
    }
    let planned = run(&folder, "migrate up --create --dry-run");
    assert!(printed(&planned).starts_with("would apply "));
    let left = std::fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(left, 0, "nothing is left behind");
}

#[test]
fn a_key_without_a_database_is_that_of_an_installation_elsewhere() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("nowhere");
    std::fs::create_dir(&data).expect("made");
    std::fs::write(data.join("secret.key"), "a key").expect("written");
    let printed = printed(&run(&folder, "setup-code"));
    assert!(printed.contains("set DATABASE_URL as the server does"), "{printed}");
}

#[test]
fn an_installation_can_be_created_before_the_first_server() {
    let folder = TempDir::new().expect("a folder");
    let created = run(&folder, "migrate up --create");
    assert!(created.status.success(), "{}", printed(&created));
    let first = run(&folder, "project create --name Lantern");
    assert!(first.status.success() && first.stderr.is_empty(), "{}", printed(&first));
    assert_eq!(first.stdout, b"Created the project 'lantern'.\n");
    let verified = run(&folder, "ledger verify");
    assert!(verified.status.success(), "{}", printed(&verified));
    let backup = run(&folder, "backup --to nowhere/guildhall.backup");
    assert!(backup.status.success(), "{}", printed(&backup));
    assert_private(&folder.path().join("nowhere"));
}

/// Checks that only the user can read a folder and its files.
fn assert_private(folder: &Path) {
    let mode = |path: &Path| {
        let metadata = std::fs::metadata(path).expect("metadata");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(folder), 0o700);
    let files = std::fs::read_dir(folder).expect("the folder");
    let files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn an_empty_database_is_refused_and_doctor_says_how_to_create_its_schema() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("nowhere");
    std::fs::create_dir(&data).expect("made");
    std::fs::write(data.join("guildhall.db"), "").expect("written");
    for command in ["ledger verify", "migrate up", "migrate up --dry-run"] {
        let output = run(&folder, command);
        let printed = printed(&output);
        let sentence = "no Guildhall installation in nowhere";
        assert!(printed.contains(sentence), "{command}: {printed}");
    }
    let printed = printed(&run(&folder, "doctor"));
    assert!(printed.contains("guildhall migrate up --create"), "{printed}");
    assert!(!printed.contains("no such table"), "{printed}");
    assert!(!data.join("secret.key").exists());
}

#[test]
fn a_dry_run_creates_no_data_folder() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("elsewhere.db");
    std::fs::write(&file, "").expect("written");
    let url = format!("sqlite://{}", file.display());
    let planned = run_with(&folder, "migrate up --create --dry-run", &url);
    assert!(printed(&planned).starts_with("would apply "));
    assert!(!folder.path().join("nowhere").exists());
}
