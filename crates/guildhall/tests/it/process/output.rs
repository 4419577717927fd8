//! Output that cannot be written, failed restores, and errors of the database.

use std::{fs, fs::File};

use platform::db::Sql as _;
use tempfile::TempDir;

use super::Sandbox;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_a_command() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "1"]);
    sandbox.succeed(&["project", "create", "--name", "Lantern"]);
    for command in [
        "project list",
        "openapi",
        "ledger dump",
        "ledger verify --json",
        "doctor --json",
    ] {
        let mut command = sandbox.command(&command.split(' ').collect::<Vec<_>>());
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        let output = command.stdout(full).output().expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(
            said.contains("standard output: No space left on device"),
            "{command:?}: {said}"
        );
    }
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_restore_leaves_nothing() {
    let sandbox = Sandbox::new().await;
    let folder = TempDir::new().expect("a folder");
    let words = folder.path().join("words.db");
    fs::write(&words, "no database".repeat(1_000)).expect("written");
    let home = folder.path().join("home");
    let mut restore = sandbox.command(&["restore"]);
    restore
        .arg(&words)
        .arg("--data-dir")
        .arg(&home)
        .env_remove("DATABASE_URL");
    let output = restore.output().expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let sentence = "words.db: it is damaged or not a SQLite database";
    assert!(said.contains(sentence) && !said.contains("code"), "{said}");
    assert!(!home.exists(), "nothing is left");
    fs::create_dir(&home).expect("made");
    assert_eq!(
        restore.output().expect("the program").status.code(),
        Some(1)
    );
    assert_eq!(fs::read_dir(&home).expect("the folder").count(), 0);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_database_are_explained() {
    let sandbox = Sandbox::new().await;
    let tx = sandbox.db.begin().await.expect("a transaction");
    let renamed = tx.run(tx.statement("ALTER TABLE projects RENAME TO projects_away", []));
    renamed.await.expect("renamed");
    tx.commit().await.expect("committed");
    for (command, says) in [
        (&["project", "list"][..], "run `guildhall doctor`"),
        (
            &["backup", "--to", "no/such/folder/copy.db"],
            "the directory no/such/folder does not exist: create it",
        ),
    ] {
        let output = sandbox.run(command);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(says), "{said}");
        for raw in [
            "Error",
            "(code",
            "error returned",
            "projects\"",
            "no such table",
        ] {
            assert!(!said.contains(raw), "{said}");
        }
    }
    let broken = sandbox.directory().join("broken");
    fs::create_dir(&broken).expect("made");
    fs::write(broken.join("guildhall.db"), "no database".repeat(1_000)).expect("written");
    let mut verify = sandbox.command(&["ledger", "verify", "--data-dir"]);
    verify.arg(&broken).env_remove("DATABASE_URL");
    let output = verify.output().expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("is damaged or not a SQLite database; restore a backup"),
        "{said}"
    );
    assert!(!said.contains("(code"), "{said}");
    sandbox.remove().await;
}
