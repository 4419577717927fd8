//! Migrations of an empty database, repeated, and of a newer schema.

use guildhall::Migrator;
use kernel::{Ids as _, Timestamp};
use platform::{
    RandomIds,
    db::{Db, Sql as _},
};
use sea_orm::FromQueryResult;
use sea_orm_migration::{MigrationTrait, MigratorTrait, sea_orm::DynIden};

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

/// All migrations but those that rename kinds of notifications.
struct BeforeRenames;

impl MigratorTrait for BeforeRenames {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let renames = |name: &str| name.contains("_rename_");
        let mut all = Migrator::migrations();
        all.retain(|migration| !renames(migration.name()));
        all
    }

    fn migration_table_name() -> DynIden {
        Migrator::migration_table_name()
    }
}

#[tokio::test]
async fn a_choice_follows_a_renamed_kind() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    db.migrate::<BeforeRenames>().await.expect("migrated");
    let tx = db.begin().await.expect("a transaction");
    let (person, now) = (RandomIds.next(), Timestamp::UNIX_EPOCH);
    let sql = "INSERT INTO users (id, created_at, updated_at, login, login_seen_at, kind, is_email_verified, \
               is_banned, is_deleted) VALUES ($1, $2, $2, 'wren-oak', $2, 'user', $3, $3, $3)";
    let values = [person.into(), now.into(), false.into()];
    tx.run(tx.statement(sql, values)).await.expect("a person");
    let sql = "INSERT INTO notification_preferences (id, created_at, updated_at, user_id, kind, channel, mode) \
               VALUES ($1, $2, $2, $3, 'maintainer_appointed', 'email', 'off')";
    let values = [RandomIds.next().into(), now.into(), person.into()];
    tx.run(tx.statement(sql, values)).await.expect("a choice");
    tx.commit().await.expect("committed");
    db.migrate::<Migrator>().await.expect("migrated");
    let sql = "SELECT kind AS found FROM notification_preferences";
    let found: Vec<Found> = db.all(db.statement(sql, [])).await.expect("rows");
    let found: Vec<_> = found.iter().map(|row| row.found.as_str()).collect();
    assert_eq!(found, ["maintainer_added"]);
    db.close().await;
    database.remove().await;
}

#[derive(FromQueryResult)]
struct Found {
    found: String,
}
