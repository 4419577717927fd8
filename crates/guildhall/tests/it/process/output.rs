//! Output that cannot be written, failed restores, and errors of the database.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt as _,
    time::Duration,
};

use platform::db::Sql as _;
use tempfile::TempDir;

use super::{Sandbox, history, program::Program, send};
use crate::app::{SECRET, client, scenarios::delivery};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_a_command() {
    let sandbox = Sandbox::new().await;
    sandbox.succeed(&["seed", "--people", "1"]);
    sandbox.succeed(&["project", "create", "--name", "Lantern"]);
    for command in
        ["project list", "openapi", "ledger dump", "ledger verify --json", "doctor --json"]
    {
        let mut command = sandbox.command(&command.split(' ').collect::<Vec<_>>());
        let full = File::options().write(true).open("/dev/full").expect("/dev/full");
        let output = command.stdout(full).output().expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(said.contains("standard output: No space left on device"), "{command:?}: {said}");
    }
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_works_without_its_log() {
    let sandbox = Sandbox::with_repositories(&history(1)).await;
    let full = File::options().write(true).open("/dev/full").expect("/dev/full");
    let mut serve = sandbox.command(&["serve"]);
    let server = Program::start_with_log(&mut serve, full);
    let server = server.ready(&sandbox.url()).await;
    // Each of these writes a line: a refused signature, and a delivery that cannot be processed.
    let client = client();
    let broken = r#"{"action":"opened","repository":{"id":1},"pull_request":{}}"#;
    for (secret, status) in [("another secret", 401), (SECRET, 202)] {
        let broken = delivery("pull_request", broken);
        let mut request = client.post(format!("{}/api/v1/webhooks/github", sandbox.url()));
        for (name, value) in broken.headers(secret, None) {
            request = request.header(name, value);
        }
        let answer = request.body(broken.bytes().to_vec()).send().await;
        assert_eq!(answer.expect("an answer").status(), status);
    }
    send(&sandbox.url(), &history(1).deliveries).await;
    for _ in 0..6_000 {
        let inbox = github::reads::inbox(&sandbox.db).await.expect("the inbox");
        if inbox.undone == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let inbox = github::reads::inbox(&sandbox.db).await.expect("the inbox");
    assert_eq!(inbox.undone, 0, "the worker goes on");
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_names_the_file_that_cannot_be_written() {
    let sandbox = Sandbox::new().await;
    let output = sandbox.run(&["backup", "--to", "/proc/backup.db"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot write /proc/backup.db"), "{said}");
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_finds_files_that_others_can_read() {
    let folder = TempDir::new().expect("a folder");
    let sandbox = Sandbox::new().await;
    let of_folder = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        let command = command.env_remove("DATABASE_URL").arg("--data-dir");
        let output = command.arg(folder.path()).output().expect("the program");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    of_folder(&["migrate", "up", "--create"]);
    let finding = "Other users of this machine can read the database";
    assert!(!of_folder(&["doctor"]).contains(finding));
    let everyone = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(folder.path(), everyone(0o755)).expect("changed");
    let database = folder.path().join("guildhall.db");
    assert!(!of_folder(&["doctor"]).contains(finding), "files are private");
    fs::set_permissions(&database, everyone(0o644)).expect("changed");
    let said = of_folder(&["doctor"]);
    assert!(said.contains(finding) && said.contains("chmod -R go="), "{said}");
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
    restore.arg(&words).arg("--data-dir").arg(&home).env_remove("DATABASE_URL");
    let output = restore.output().expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let sentence = "words.db: it is damaged or not a SQLite database";
    assert!(said.contains(sentence) && !said.contains("code"), "{said}");
    assert!(!home.exists(), "nothing is left");
    fs::create_dir(&home).expect("made");
    assert_eq!(restore.output().expect("the program").status.code(), Some(1));
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
        for raw in ["Error", "(code", "error returned", "projects\"", "no such table"] {
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
    assert!(said.contains("is damaged or not a SQLite database; restore a backup"), "{said}");
    assert!(!said.contains("(code"), "{said}");
    sandbox.remove().await;
}
