//! Connections stay whole when futures are dropped at any point, and are replaced when the server ends them.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use futures_util::{future::join_all, poll};
use platform::db::{Db, DbError, Engine, Fault, Sql as _, numbers};
use sea_orm::{ConnectionTrait as _, Database as Connection, DatabaseConnection, Statement};
use testkit::rng::Rng;
use tokio::time::timeout;

use crate::app::Database;

/// Returns the number of futures that are dropped: `DROPPED_FUTURES`, or 2,000.
fn dropped_futures() -> u64 {
    match std::env::var("DROPPED_FUTURES").unwrap_or_default().as_str() {
        "" => 2_000,
        number => number.parse().expect("DROPPED_FUTURES is a number"),
    }
}

/// Creates a database with the table of marks. Each transaction writes two with the same tag.
async fn with_marks() -> (Database, Db) {
    let database = Database::empty().await;
    let db = Db::connect(database.url()).await.expect("connected");
    let tx = db.begin().await.expect("a transaction");
    let create = "CREATE TABLE marks (tag bigint NOT NULL, part bigint NOT NULL)";
    tx.connection().execute_unprepared(create).await.expect("created");
    tx.commit().await.expect("committed");
    (database, db)
}

/// Returns a connection outside of the pool.
async fn outside(database: &Database) -> DatabaseConnection {
    Connection::connect(database.address()).await.expect("a connection")
}

fn mark(db: &Db, tag: i64, parts: &str) -> Statement {
    db.statement(&format!("INSERT INTO marks (tag, part) VALUES {parts}"), [tag.into()])
}

async fn two_marks(db: &Db, tag: i64, commits: bool) -> Result<(), DbError> {
    let tx = db.begin().await?;
    for parts in ["($1, 0)", "($1, 1)"] {
        tx.run(mark(db, tag, parts)).await?;
    }
    if commits { tx.commit().await } else { Ok(()) }
}

const COUNT: &str = "SELECT count(*) FROM marks";

async fn count_twice(db: &Db) -> Result<(), DbError> {
    let snapshot = db.snapshot().await?;
    let first = snapshot.count(snapshot.statement(COUNT, [])).await?;
    let again = snapshot.count(snapshot.statement(COUNT, [])).await?;
    assert_eq!(first, again);
    Ok(())
}

/// Does some work with the database. Returns true if the two marks are stored.
async fn work(db: &Db, kind: u64, tag: i64) -> Result<bool, DbError> {
    match kind {
        0 => two_marks(db, tag, true).await?,
        1 => drop(db.run_alone(mark(db, tag, "($1, 0), ($1, 1)"), "marks").await?),
        2 => two_marks(db, tag, false).await?,
        3 => count_twice(db).await?,
        4 => drop(db.count(db.statement("SELECT missing FROM marks", [])).await.expect_err("none")),
        _ => drop(db.count(db.statement(COUNT, [])).await?),
    }
    Ok(kind < 2)
}

/// Drops a future after a number of polls, each after it was woken, unless it ends before.
async fn dropped_after<T>(polls: u64, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

/// Drops futures at random points. Returns the tags whose marks are stored.
async fn drop_futures(db: Db, part: u64, number: u64) -> Vec<i64> {
    let mut rng = Rng::part(43, part);
    let mut stored = Vec::new();
    for index in 0..number {
        let tag = i64::try_from(part * number + index).expect("a tag");
        let polls = rng.below(12);
        let kind = rng.below(7);
        if let Some(ended) = dropped_after(polls, work(&db, kind, tag)).await
            && ended.expect("the database works")
        {
            stored.push(tag);
        }
        for (name, size) in db.pools() {
            assert!(size.idle <= size.open && size.open <= size.most, "{name}: {size:?}");
        }
    }
    stored
}

/// Waits until no connection is in use.
async fn settled(db: &Db) {
    for _ in 0..1_500 {
        if db.pools().iter().all(|(_, size)| size.idle == size.open) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("connections stay in use: {:?}", db.pools());
}

/// Returns the number of connections that are in a transaction.
async fn in_transaction(db: &Db, hand: &DatabaseConnection) -> i64 {
    let sql = match db.engine() {
        // The log cannot be emptied while a transaction reads it, or another one writes.
        Engine::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
        Engine::Postgres => {
            "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        }
    };
    let row = hand.query_one_raw(db.statement(sql, [])).await.expect("asked").expect("a row");
    match db.engine() {
        Engine::Sqlite => row.try_get_by_index::<i32>(0).expect("a number").into(),
        Engine::Postgres => row.try_get_by_index(0).expect("a number"),
    }
}

/// Uses all connections at once.
async fn use_all(db: &Db) {
    for (name, size) in db.pools() {
        let transactions: Vec<_> = if name == "writer" {
            let tx = db.begin().await.expect("the writer");
            assert_eq!(tx.count(tx.statement("SELECT 1", [])).await.expect("a number"), 1);
            continue;
        } else {
            join_all((0..size.most).map(|_| db.snapshot())).await
        };
        for transaction in &transactions {
            let transaction = transaction.as_ref().expect("one for each permit");
            transaction.count(transaction.statement(COUNT, [])).await.expect("a count");
        }
        let used = db.pools().into_iter().find(|(other, _)| *other == name).expect("the pool").1;
        assert_eq!((used.open, used.idle), (size.most, 0), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dropped_futures_leave_whole_connections() {
    let (database, db) = with_marks().await;
    let tasks = 8;
    let number = dropped_futures() / tasks;
    let work = (0..tasks).map(|part| tokio::spawn(drop_futures(db.clone(), part, number)));
    let stored = join_all(work.collect::<Vec<_>>()).await;
    let stored: Vec<i64> = stored.into_iter().flat_map(|tags| tags.expect("no panic")).collect();
    assert!(!stored.is_empty());
    settled(&db).await;
    let hand = outside(&database).await;
    assert_eq!(in_transaction(&db, &hand).await, 0);
    hand.close().await.expect("closed");
    use_all(&db).await;
    let parts = "SELECT count(*) FROM (SELECT tag FROM marks GROUP BY tag HAVING count(*) <> 2) t";
    assert_eq!(db.count(db.statement(parts, [])).await.expect("counted"), 0, "half a transaction");
    let mut query = db.query();
    let tags = query.rows(numbers(stored), "r");
    let lost = format!(
        "SELECT count(*) FROM {tags} WHERE NOT EXISTS (SELECT 1 FROM marks WHERE tag = r.number)"
    );
    assert_eq!(db.count(query.statement(lost)).await.expect("counted"), 0, "lost commits");
    db.close().await;
    assert!(db.pools().iter().all(|(_, size)| (size.open, size.idle) == (0, 0)));
    database.remove().await;
}

#[tokio::test]
async fn closing_waits_for_transactions() {
    let (database, db) = with_marks().await;
    let tx = db.begin().await.expect("a transaction");
    let mut closing = pin!(db.close());
    assert!(poll!(closing.as_mut()).is_pending());
    let late = timeout(Duration::from_secs(5), db.snapshot()).await.expect("refused at once");
    let late = late.err().expect("the pool is closed");
    assert_eq!(late.fault(), Fault::Unavailable);
    tx.run(mark(&db, 1, "($1, 0)")).await.expect("marked");
    tx.commit().await.expect("committed");
    closing.await;
    assert!(db.pools().iter().all(|(_, size)| size.open == 0));
    let again = Db::connect(database.url()).await.expect("connected");
    assert_eq!(again.count(again.statement(COUNT, [])).await.expect("counted"), 1);
    again.close().await;
    database.remove().await;
}

/// Ends connections of the database, as soon as there are some that meet a condition.
async fn end(hand: &DatabaseConnection, db: &Db, condition: &str) {
    let sql = format!(
        "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}) t"
    );
    loop {
        let row = hand.query_one_raw(db.statement(&sql, [])).await.expect("asked");
        if row.expect("a row").try_get_by_index::<i64>(0).expect("a number") > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn sleep(db: &Db, in_transaction: bool) -> Result<u64, DbError> {
    let sleep = db.statement("SELECT pg_sleep(60)", []);
    if in_transaction { db.begin().await?.run(sleep).await } else { db.run(sleep).await }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_connection_that_the_server_ends_is_replaced() {
    let (database, db) = with_marks().await;
    let hand = outside(&database).await;
    for in_transaction in [false, true] {
        let sleeps = "state = 'active' AND query LIKE '%pg_sleep(60)%'";
        let (ended, ()) = tokio::join!(sleep(&db, in_transaction), end(&hand, &db, sleeps));
        assert_eq!(ended.expect_err("ended").fault(), Fault::Unavailable);
        for _ in 0..3 {
            assert_eq!(db.count(db.statement(COUNT, [])).await.expect("counted"), 0);
        }
    }
    let tx = db.begin().await.expect("a transaction");
    tx.run(mark(&db, 1, "($1, 0)")).await.expect("marked");
    end(&hand, &db, "state = 'idle in transaction'").await;
    tx.commit().await.expect_err("ended");
    use_all(&db).await;
    settled(&db).await;
    // Only the first statement finds out. It discards the others, which ended, too.
    end(&hand, &db, "state = 'idle'").await;
    let mut failed = 0;
    for _ in 0..20 {
        failed += i32::from(db.count(db.statement(COUNT, [])).await.is_err());
    }
    assert_eq!(failed, 1);
    assert_eq!(db.count(db.statement(COUNT, [])).await.expect("counted"), 0);
    settled(&db).await;
    hand.close().await.expect("closed");
    db.close().await;
    database.remove().await;
}
