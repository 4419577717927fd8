//! Indexes of tables with rows, which are built outside the transaction of the migrations.

use guildhall::MODULES;
use platform::db::{Db, Engine, LateIndex, Migration, Migrations, Sql as _};
use sea_orm::ConnectionTrait as _;

use crate::app::Database;

const INDEXES: &[LateIndex] =
    &[LateIndex { name: "projects_late", table: "projects", on: "(created_at)" }];

platform::migration!(
    /// Adds an index of projects.
    IndexLate,
    "2999_01_01_000003_index_projects",
    indexes INDEXES
);

struct WithIndex;

impl Migrations for WithIndex {
    fn migrations() -> Vec<Box<dyn Migration>> {
        let mut all = MODULES.migrations();
        all.push(Box::new(IndexLate));
        all
    }
}

/// Returns how many usable indexes there are.
async fn usable(db: &Db) -> i64 {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = 'projects_late'"
        }
        Engine::Postgres => {
            "SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid = to_regclass('projects_late')"
        }
    };
    db.count(db.statement(sql, [])).await.expect("counted")
}

#[tokio::test]
async fn an_index_is_built_and_a_broken_one_is_built_again() {
    let database = Database::create().await;
    let db = Db::connect(database.url()).await.expect("a database");
    assert_eq!(usable(&db).await, 0);
    assert_eq!(db.migrate::<WithIndex>().await.expect("migrated").len(), 1);
    assert_eq!(usable(&db).await, 1);
    // What a process that was killed while it built the index leaves.
    let broken = match db.engine() {
        Engine::Sqlite => "DROP INDEX projects_late",
        Engine::Postgres => {
            "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = to_regclass('projects_late')"
        }
    };
    let tx = db.begin().await.expect("a transaction");
    tx.connection().execute_unprepared(broken).await.expect("broken");
    tx.commit().await.expect("committed");
    assert_eq!(usable(&db).await, 0);
    for _ in 0..2 {
        assert_eq!(db.migrate::<WithIndex>().await.expect("migrated").len(), 0);
        assert_eq!(usable(&db).await, 1);
    }
    db.close().await;
    database.remove().await;
}

#[tokio::test]
async fn two_processes_build_an_index_once() {
    let database = Database::create().await;
    let one = Db::connect(database.url()).await.expect("a database");
    let two = Db::connect(database.url()).await.expect("a database");
    let (first, second) = tokio::join!(one.migrate::<WithIndex>(), two.migrate::<WithIndex>());
    first.expect("migrated");
    second.expect("migrated");
    assert_eq!(usable(&one).await, 1);
    one.close().await;
    two.close().await;
    database.remove().await;
}
