//! Migrations of an empty database, repeated, and of a newer schema.

use guildhall::Migrator;
use platform::db::Db;

use crate::app::{Database, TestApp};

#[tokio::test]
async fn an_empty_database_gets_every_migration_once() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    let before = db
        .schema_status(&guildhall::MODULES.migrations())
        .await
        .expect("a status");
    assert_eq!((before.applied.len(), before.unknown.len()), (0, 0));
    let applied = db.migrate::<Migrator>().await.expect("migrated");
    assert_eq!(applied, before.pending);
    let after = db
        .schema_status(&guildhall::MODULES.migrations())
        .await
        .expect("a status");
    assert_eq!((after.applied, after.pending), (applied, vec![]));
    let again = db.migrate::<Migrator>().await.expect("nothing to do");
    assert_eq!(again, Vec::<String>::new());
    db.close().await;
    database.remove().await;
}

#[tokio::test]
async fn two_processes_migrate_one_after_the_other() {
    let database = Database::empty().await;
    let one = Db::connect(database.url()).await.expect("connected");
    let two = Db::connect(database.url()).await.expect("connected");
    let (first, second) = tokio::join!(one.migrate::<Migrator>(), two.migrate::<Migrator>());
    first.expect("migrated");
    second.expect("migrated");
    let status = one
        .schema_status(&guildhall::MODULES.migrations())
        .await
        .expect("a status");
    assert_eq!((status.pending.len(), status.unknown.len()), (0, 0));
    one.close().await;
    two.close().await;
    database.remove().await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let app = TestApp::start().await;
    let sql =
        "INSERT INTO schema_migrations (version, applied_at) VALUES ('2999_01_01_000001_later', 0)";
    app.change(sql).await.expect("planted");
    let refusal = app
        .context()
        .db
        .migrate::<Migrator>()
        .await
        .expect_err("refused");
    assert_eq!(
        refusal.to_string(),
        "the database schema is newer than this release (it has 2999_01_01_000001_later): \
         start the release that created it, or a newer one"
    );
    app.finish().await;
}
