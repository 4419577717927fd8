//! This release on a database that the next one migrated.

use platform::db::{Change, Db, Engine, Lock, Migrations as _, Sql as _};
use serde_json::Value;

use super::{Breaking, LATER, Newer, names};
use crate::{
    app::{Database, client},
    process::Sandbox,
};

const SAID: &str = "newer than this release by 1 additive migration";

#[tokio::test(flavor = "multi_thread")]
async fn a_release_serves_and_writes_on_the_additive_schema_of_the_next() {
    let sandbox = Sandbox::new().await;
    let applied = sandbox.db.migrate::<Newer>().await.expect("migrated");
    assert_eq!(applied, [LATER]);
    let server = sandbox.serve(&[]).await;
    assert_eq!(server.log().matches(SAID).count(), 1, "{}", server.log());
    sandbox.succeed(&["project", "create", "--name", "Lantern"]);
    assert_eq!(sandbox.count("projects WHERE motto = 'none'").await, 1);
    for path in ["/readyz", "/projects/lantern", "/api/v1/leaderboards/global"] {
        let answer = client().get(format!("{}{path}", sandbox.url())).send().await;
        assert_eq!(answer.expect("an answer").status(), 200, "{path}");
    }
    let doctor = sandbox.run(&["doctor", "--json"]);
    let doctor: Value = serde_json::from_slice(&doctor.stdout).expect("JSON");
    let findings = doctor["findings"].as_array().expect("findings");
    let schema = findings.iter().find(|one| one["check"] == "schema").expect("the schema");
    assert_eq!(schema["is_ok"], true, "{schema}");
    assert!(schema["detail"].as_str().is_some_and(|detail| detail.contains(SAID)), "{schema}");
    let status = sandbox.succeed(&["migrate", "status"]);
    assert!(status.ends_with(&format!("newer    {LATER}\n")), "{status}");
    // Rows are copied by a release that knows their schema, files by each.
    let copied = sandbox.run(&["backup", "--to", "copy.db"]);
    let said = String::from_utf8_lossy(&copied.stderr);
    if sandbox.db.engine() == Engine::Postgres {
        assert!(said.contains(&format!("newer than this release (it has {LATER})")), "{said}");
        assert!(said.contains("make backups with `pg_dump`"), "{said}");
        assert!(!sandbox.directory().join("copy.db").exists());
    } else {
        assert!(copied.status.success(), "{said}");
    }
    // The next release finds nothing to do.
    assert_eq!(sandbox.db.migrate::<Newer>().await.expect("migrated"), Vec::<String>::new());
    drop(server);
    sandbox.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_refuses_a_schema_whose_migrations_replaced_something() {
    let sandbox = Sandbox::new().await;
    sandbox.db.migrate::<Breaking>().await.expect("migrated");
    for command in ["serve", "migrate status", "project list"] {
        let output = sandbox.run(&command.split(' ').collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        let words = "newer than this release (it has 2999_01_01_000002_rename_descriptions)";
        assert!(said.contains(words), "{command}: {said}");
    }
    sandbox.remove().await;
}

#[tokio::test]
async fn a_plan_names_the_tables_that_a_migration_locks() {
    let database = Database::create().await;
    let db = Db::connect(database.url()).await.expect("a database");
    let planned = db.plan(&Newer::migrations(), &[LATER.to_owned()]).await.expect("a plan");
    let [planned] = planned.as_slice() else { panic!("{planned:?}") };
    assert_eq!((planned.version.as_str(), planned.change), (LATER, Change::Additive));
    assert_eq!(
        (planned.creates.as_slice(), planned.seconds),
        (&["later_things".to_owned()][..], 0)
    );
    let locks: Vec<_> =
        planned.locks.iter().map(|one| (one.table.as_str(), one.lock, one.rows)).collect();
    let lock = (db.engine() == Engine::Postgres).then_some(Lock::AccessExclusive);
    assert_eq!(locks, [("projects", lock, 0)]);
    let said = planned.to_string();
    assert!(said.starts_with("  additive; under a second\n  creates later_things\n"), "{said}");
    let status = db.schema_status(&Newer::migrations()).await.expect("a status");
    assert_eq!(status.pending, [LATER], "nothing was applied");
    db.close().await;
    database.remove().await;
}

/// A database from before migrations said whether they are additive.
#[tokio::test]
async fn the_record_of_an_earlier_release_is_completed() {
    let database = Database::create().await;
    let db = Db::connect(database.url()).await.expect("a database");
    let tx = db.begin().await.expect("a transaction");
    let earlier = "ALTER TABLE schema_migrations DROP COLUMN is_additive";
    tx.run(tx.statement(earlier, [])).await.expect("as before");
    tx.commit().await.expect("committed");
    // Unknown is not additive.
    let first = names().swap_remove(0);
    let mut fewer = Newer::migrations();
    fewer.retain(|migration| migration.name() != first);
    let status = db.schema_status(&fewer).await.expect("a status");
    assert_eq!(status.unknown_replacing, std::slice::from_ref(&first));
    db.migrate::<Newer>().await.expect("migrated");
    let status = db.schema_status(&fewer).await.expect("a status");
    assert_eq!((status.unknown, status.unknown_replacing), (vec![first], vec![]));
    db.close().await;
    database.remove().await;
}
