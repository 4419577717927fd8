//! A database of an earlier release: only servers and `migrate up` change its schema.

use guildhall::{MODULES, Migrator};
use platform::db::Db;
use serde_json::Value;
use tempfile::TempDir;

use super::Sandbox;

/// An installation without the newest migration.
async fn earlier() -> Sandbox {
    let sandbox = Sandbox::empty().await;
    let mut applied = names();
    applied.pop();
    sandbox.db.migrate_like::<Migrator>(&applied).await.expect("migrated");
    sandbox
}

fn names() -> Vec<String> {
    let all = MODULES.migrations();
    all.iter().map(|migration| migration.name().to_owned()).collect()
}

async fn pending(db: &Db) -> usize {
    let status = db.schema_status(&MODULES.migrations()).await;
    status.expect("a status").pending.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_report_pending_migrations_and_apply_none() {
    let sandbox = earlier().await;
    for command in [
        "ledger verify",
        "ledger dump",
        "ledger rebuild --check",
        "deliveries list",
        "flags list",
        "keys rotate",
        "project list",
        "project create --name Lantern",
        "repo list",
        "user list",
        "user export octocat",
        "seed --people 1",
    ] {
        let output = sandbox.run(&command.split(' ').collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        for words in ["from an earlier release (1 migration is pending)", "guildhall migrate up"] {
            assert!(said.contains(words), "{command}: {said}");
        }
    }
    let doctor = sandbox.run(&["doctor"]);
    let said = String::from_utf8_lossy(&doctor.stdout);
    assert!(said.contains("1 migration is pending"), "{said}");
    assert_eq!(pending(&sandbox.db).await, 1);
    sandbox.succeed(&["migrate", "up"]);
    assert_eq!(pending(&sandbox.db).await, 0);
    sandbox.succeed(&["ledger", "verify"]);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_keeps_the_earlier_schema_and_restoring_it_migrates() {
    let sandbox = earlier().await;
    let folder = TempDir::new().expect("a folder");
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().expect("a path");
    let output = sandbox.run(&["backup", "--to", copy]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("from an earlier release (1 migration is pending)"), "{said}");
    assert_eq!(pending(&sandbox.db).await, 1);
    let url = format!("sqlite://{copy}").parse().expect("an address");
    let db = Db::connect(&url).await.expect("a copy");
    assert_eq!(pending(&db).await, 1);
    db.close().await;
    let home = folder.path().join("home");
    let mut restore = sandbox.command(&["restore", copy, "--data-dir"]);
    restore.arg(&home).env_remove("DATABASE_URL");
    let output = restore.output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let url = format!("sqlite://{}", home.join("guildhall.db").display());
    let db = Db::connect(&url.parse().expect("an address")).await.expect("restored");
    assert_eq!(pending(&db).await, 0);
    db.close().await;
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_migrates() {
    let sandbox = earlier().await;
    drop(sandbox.serve(&[]).await);
    assert_eq!(pending(&sandbox.db).await, 0);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_a_migration_means() {
    let sandbox = earlier().await;
    let newest = names().pop().expect("a migration");
    let planned = sandbox.succeed(&["migrate", "up", "--dry-run"]);
    assert!(planned.starts_with(&format!("would apply {newest}\n  ")), "{planned}");
    assert!(planned.contains("\n  undone by "), "{planned}");
    let planned = sandbox.succeed(&["migrate", "up", "--dry-run", "--json"]);
    let planned: Value = serde_json::from_str(&planned).expect("JSON");
    assert_eq!(planned.as_array().map(Vec::len), Some(1), "{planned}");
    assert_eq!(planned[0]["version"], newest);
    assert!(["additive", "replaces"].iter().any(|one| planned[0]["change"] == *one), "{planned}");
    assert!(planned[0]["locks"].is_array() && planned[0]["seconds"].is_i64(), "{planned}");
    assert_eq!(pending(&sandbox.db).await, 1);
    sandbox.remove().await;
}
