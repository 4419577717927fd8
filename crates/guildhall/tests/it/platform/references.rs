//! Tables that lose their foreign keys keep everything else.

use platform::db::{
    Db, Engine, Sql as _,
    schema::{append_only, drop_references, index, int, references, table, uuid},
};
use sea_orm::{ConnectionTrait as _, Database as Connection, DbErr, TransactionTrait as _};
use sea_orm_migration::SchemaManager;

use crate::app::Database;

async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager.create_table(table("owners")).await?;
    let mut things = table("things");
    things.col(uuid("owner_id")).col(uuid("other_id")).col(int("worth").default(3));
    references(&mut things, "owner_id", "owners");
    references(&mut things, "other_id", "owners");
    manager.create_table(things).await?;
    manager.create_index(index("things", &["worth"])).await?;
    append_only(manager, "things").await
}

#[tokio::test]
async fn a_table_loses_its_foreign_keys_only() {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    // Migrations run on a connection of the ORM.
    let orm = Connection::connect(database.address()).await.expect("connected");
    let tx = orm.begin().await.expect("a transaction");
    let manager = SchemaManager::new(&tx);
    create(&manager).await.expect("created");
    let id = match db.engine() {
        Engine::Sqlite => "x'00000000000000000000000000000001'",
        Engine::Postgres => "'00000000-0000-0000-0000-000000000001'",
    };
    let insert = |owner: &str, worth: i64| {
        format!(
            "INSERT INTO things (id, created_at, owner_id, other_id, worth) \
             SELECT {}, '2026-11-01T00:00:00.000000Z', {owner}, {owner}, {worth}",
            id.replace("01'", &format!("{worth:02}'"))
        )
    };
    let owner =
        format!("INSERT INTO owners (id, created_at) VALUES ({id}, '2026-11-01T00:00:00.000000Z')");
    for sql in [owner, insert(id, 7)] {
        tx.execute_unprepared(&sql).await.expect(&sql);
    }
    drop_references(&manager, "things").await.expect("dropped");
    let stranger = id.replace("01'", "99'");
    let sql = insert(&stranger, 8);
    tx.execute_unprepared(&sql).await.expect(&sql);
    tx.commit().await.expect("committed");
    let sum = "SELECT CAST(sum(worth) AS bigint) FROM things";
    assert_eq!(db.count(db.statement(sum, [])).await.expect("rows"), 15);
    let tx = db.begin().await.expect("a transaction");
    let change = tx.connection().execute_unprepared("UPDATE things SET worth = 9");
    let refusal = change.await.expect_err("append-only").to_string();
    assert!(refusal.contains("append-only"), "{refusal}");
    drop(tx);
    let again = SchemaManager::new(&orm).create_index(index("things", &["worth"])).await;
    let refusal = again.expect_err("there is this index").to_string();
    assert!(refusal.contains("already exists"), "{refusal}");
    orm.close().await.expect("closed");
    db.close().await;
    database.remove().await;
}
