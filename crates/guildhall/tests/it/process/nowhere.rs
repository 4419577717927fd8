//! A mistyped folder is told, and nothing is left in it; setting up may make a new house, and says so.

use std::process::{Command, Output};

use tempfile::TempDir;

fn run(folder: &TempDir, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    command
        .env_clear()
        .env("GITHUB_WEBHOOK_SECRET", crate::app::SECRET)
        .current_dir(folder.path())
        .args(arguments.split_whitespace())
        .args(["--data-dir", "nowhere"])
        .output()
        .expect("the program")
}

fn said(output: &Output) -> String {
    let all = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8(all).expect("UTF-8")
}

#[test]
fn what_only_looks_makes_no_house() {
    let folder = TempDir::new().expect("a folder");
    for command in [
        "ledger verify",
        "ledger rebuild",
        "ledger dump",
        "project list",
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
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        let sentence =
            "There is no Guildhall in nowhere: give --data-dir, or run `guildhall serve`";
        assert!(said.contains(sentence), "{command}: {said}");
    }
    let planned = run(&folder, "migrate up --dry-run");
    assert!(said(&planned).starts_with("would apply "));
    let left = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(left, 0, "nothing is left behind");
}

#[test]
fn setting_up_makes_a_house_and_says_so_once() {
    let folder = TempDir::new().expect("a folder");
    let first = run(&folder, "project create --name Lantern");
    assert!(first.status.success(), "{}", said(&first));
    let remark = String::from_utf8_lossy(&first.stderr);
    assert_eq!(remark, "Created a new Guildhall in nowhere\n");
    assert_eq!(first.stdout, b"Created the project 'lantern'.\n");
    let second = run(&folder, "project create --name Harbor");
    assert!(second.status.success() && second.stderr.is_empty());
    let verified = run(&folder, "ledger verify");
    assert!(verified.status.success(), "{}", said(&verified));
}

#[test]
fn an_empty_file_is_no_house_and_its_doctor_asks_for_the_schema_alone() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("nowhere");
    std::fs::create_dir(&data).expect("made");
    std::fs::write(data.join("guildhall.db"), "").expect("written");
    let output = run(&folder, "ledger verify");
    assert!(said(&output).contains("There is no Guildhall in nowhere"));
    let said = said(&run(&folder, "doctor"));
    assert!(said.contains("guildhall migrate up"), "{said}");
    assert!(!said.contains("no such table"), "{said}");
    assert!(!data.join("secret.key").exists());
}
