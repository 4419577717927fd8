//! The folder of an installation that was moved, and moving one that is in use.

use platform::db::{Db, close_moved};
use tempfile::TempDir;

use super::{Sandbox, program::Program};

#[tokio::test(flavor = "multi_thread")]
async fn every_command_says_where_the_data_was_moved() {
    let folder = TempDir::new().expect("a folder");
    let sandbox = Sandbox::new().await;
    let here = |arguments: &str| {
        let mut command = sandbox.command(&arguments.split(' ').collect::<Vec<_>>());
        command.arg("--data-dir").arg(folder.path());
        let output = command.env_remove("DATABASE_URL").output();
        output.expect("the program")
    };
    assert!(here("migrate up --create").status.success());
    let url = format!("sqlite://{}", folder.path().join("guildhall.db").display());
    let db = Db::connect(&url.parse().expect("an address")).await.expect("a database");
    let tx = db.begin().await.expect("a transaction");
    let now = "2026-11-21T08:00:00Z".parse().expect("an instant");
    close_moved(&tx, "PostgreSQL", now).await.expect("closed");
    tx.commit().await.expect("committed");
    db.close().await;
    for command in [
        "serve",
        "worker",
        "demo",
        "backup --to copy.db",
        "move --to postgres://guild@127.0.0.1:1/guild",
        "migrate status",
        "migrate up",
        "migrate up --create",
        "ledger verify",
        "deliveries list",
        "flags list",
        "keys list",
        "keys rotate",
        "project list",
        "project create --name Lantern",
        "user list",
        "user grant octocat --role admin",
        "doctor",
    ] {
        let output = here(command);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        for words in ["moved to PostgreSQL on November 21, 2026", "set DATABASE_URL"] {
            assert!(said.contains(words), "{command}: {said}");
        }
    }
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_in_use_is_not_moved() {
    let folder = TempDir::new().expect("a folder");
    let sandbox = Sandbox::new().await;
    let here = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        command.env_remove("DATABASE_URL").env("GUILDHALL_DATA_DIR", folder.path());
        command
    };
    let server = Program::start(&mut here(&["serve"]), folder.path());
    let server = server.ready(&sandbox.url()).await;
    let to = ["move", "--to", "postgres://guild@127.0.0.1:1/guild"];
    let move_it = || {
        let output = here(&to).output().expect("the program");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = move_it();
    assert!(said.contains("a server or worker is running on this installation: stop it"), "{said}");
    drop(server);
    let said = move_it();
    assert!(said.contains("cannot connect to PostgreSQL at 127.0.0.1:1"), "{said}");
    sandbox.remove().await;
}
