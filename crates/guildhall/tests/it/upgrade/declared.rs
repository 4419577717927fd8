//! The declarations of migrations are true: one that takes away says so, and each has a way back that works.

use guildhall::{MODULES, Migrator};
use platform::db::{
    Change, Db, Engine, Migrations, WayBack,
    copy::{Table, tables},
    narrowing,
};
use sea_orm::{ConnectionTrait as _, Database as Connection, TransactionTrait as _};
use sea_orm_migration::SchemaManager;

use super::{Breaking, Newer};
use crate::app::Database;

/// The number of migrations from before ways back were declared. It never grows.
const WITHOUT_WAY_BACK: usize = 153;

#[tokio::test]
async fn a_migration_that_takes_away_is_not_additive() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for migration in Breaking::migrations() {
            let name = migration.name();
            let found = narrowing(migration.as_ref(), engine).await;
            let found = found.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(
                found.is_empty() || migration.change() == Change::Replaces,
                "{name} says that it is additive, but on {engine} the release before cannot run after {found:#?}"
            );
        }
    }
}

#[test]
fn every_new_migration_has_a_way_back() {
    let all = MODULES.migrations();
    let without = all.iter().filter(|one| one.way_back() == WayBack::Backup).count();
    assert_eq!(
        without, WITHOUT_WAY_BACK,
        "declare how a new migration is undone: `drops`, `down` or `back` of `platform::migration!`"
    );
    for migration in all {
        if let WayBack::Written(words) = migration.way_back() {
            assert!(words.len() > 20, "{}: {words}", migration.name());
        }
    }
}

/// Undoes the migrations that have a `down`, the newest first, until one that has none.
async fn undo<M: Migrations>(database: &Database) -> usize {
    let orm = Connection::connect(database.address()).await.expect("connected");
    let mut undone = 0;
    for migration in M::migrations().iter().rev() {
        if migration.way_back() != WayBack::Down {
            break;
        }
        let name = migration.name();
        let tx = orm.begin().await.expect("a transaction");
        let down = migration.down(&SchemaManager::new(&tx)).await;
        down.unwrap_or_else(|error| panic!("{name}: {error}"));
        let sql = format!("DELETE FROM schema_migrations WHERE version = '{name}'");
        tx.execute_unprepared(&sql).await.expect("forgotten");
        tx.commit().await.expect("committed");
        undone += 1;
    }
    orm.close().await.expect("closed");
    undone
}

async fn schema(db: &Db) -> Vec<Table> {
    let mut all = tables(db).await.expect("tables");
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

async fn goes_back_and_forth<M: Migrations>() -> usize {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("a database");
    db.migrate::<M>().await.expect("migrated");
    let there = schema(&db).await;
    let undone = undo::<M>(&database).await;
    let again = db.migrate::<M>().await.expect("migrated again");
    assert_eq!(again.len(), undone);
    assert_eq!(schema(&db).await, there);
    db.close().await;
    database.remove().await;
    undone
}

#[tokio::test]
async fn new_migrations_can_be_undone_and_applied_again() {
    let new = goes_back_and_forth::<Migrator>().await;
    assert_eq!(goes_back_and_forth::<Newer>().await, new + 1);
    assert_eq!(goes_back_and_forth::<Breaking>().await, new + 2);
}

/// The schema before and after an additive migration and its way back is the same.
#[tokio::test]
async fn a_way_back_leaves_the_schema_of_before() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("a database");
    db.migrate::<Migrator>().await.expect("migrated");
    let before = schema(&db).await;
    db.migrate::<Breaking>().await.expect("migrated");
    assert_ne!(schema(&db).await, before);
    let new = Breaking::migrations().len() - Migrator::migrations().len();
    let all = Breaking::migrations();
    let orm = Connection::connect(database.address()).await.expect("connected");
    for migration in all.iter().rev().take(new) {
        migration.down(&SchemaManager::new(&orm)).await.expect("undone");
    }
    orm.close().await.expect("closed");
    assert_eq!(schema(&db).await, before);
    db.close().await;
    database.remove().await;
}
