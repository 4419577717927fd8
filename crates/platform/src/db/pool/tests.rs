use std::{future::poll_fn, pin::pin, task::Poll};

use futures_util::{future::join_all, poll};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, sqlx::sqlite::SqliteConnectOptions};
use tempfile::TempDir;

use super::*;

const LIMITS: Limits = Limits {
    most: 3,
    acquire_timeout: Duration::from_secs(30),
    idle: None,
    kept: 1,
    lifetime: None,
    is_needed: true,
};

fn pool(limits: Limits) -> (Pool, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pool.db");
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    (Pool::keeping_unused(Options::Sqlite(options), limits), folder)
}

fn size(open: u32, idle: u32) -> PoolSize {
    PoolSize { open, idle, most: LIMITS.most, waiting: 0 }
}

fn select(sql: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, sql)
}

async fn three(pool: &Pool) -> [Pooled; 3] {
    let all = join_all([pool.acquire(), pool.acquire(), pool.acquire()]).await;
    let all: Vec<Pooled> = all.into_iter().map(|one| one.expect("a connection")).collect();
    all.try_into().ok().expect("three")
}

async fn next(pool: &Pool) -> u64 {
    pool.acquire().await.expect("a connection").number()
}

/// Polls a future, a number of times after it was woken, and drops it.
async fn abandon(work: impl Future, mut polls: usize) {
    let mut work = pin!(work);
    poll_fn(|context| {
        let is_over = polls == 0 || work.as_mut().poll(context).is_ready();
        polls = polls.saturating_sub(1);
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

#[tokio::test]
async fn the_connection_used_last_is_used_next() {
    let (pool, _folder) = pool(LIMITS);
    let [first, second, third] = three(&pool).await;
    assert_eq!(pool.size(), size(3, 0));
    let number = second.number();
    for returned in [third, first, second] {
        drop(returned);
    }
    assert_eq!(pool.size(), size(3, 3), "returned at once");
    for _ in 0..5 {
        pool.query_one_raw(select("SELECT 1")).await.expect("a row");
        assert_eq!(next(&pool).await, number);
    }
    pool.close().await;
}

#[tokio::test]
async fn at_most_as_many_as_allowed_are_open_and_the_next_one_waits() {
    let (pool, _folder) = pool(LIMITS);
    let [first, _second, _third] = three(&pool).await;
    let mut waiting = pin!(pool.acquire());
    assert!(poll!(waiting.as_mut()).is_pending());
    assert_eq!(pool.size(), PoolSize { waiting: 1, ..size(3, 0) });
    let number = first.number();
    drop(first);
    assert_eq!(waiting.await.expect("a connection").number(), number);
}

#[tokio::test]
async fn waiting_for_a_connection_ends() {
    let (pool, _folder) =
        pool(Limits { most: 0, acquire_timeout: Duration::from_millis(1), ..LIMITS });
    let late = pool.acquire().await.err().expect("no permit");
    assert!(matches!(late, Error::PoolTimedOut), "{late}");
}

#[tokio::test]
async fn unused_connections_are_closed_but_one() {
    let (pool, _folder) = pool(Limits { idle: Some(Duration::ZERO), ..LIMITS });
    let [first, second, third] = three(&pool).await;
    let kept = third.number();
    drop((first, second, third));
    while let Some(lease) = pool.shared.take_unused() {
        lease.close().await;
    }
    assert_eq!(pool.size(), size(1, 1));
    assert_eq!(next(&pool).await, kept);
}

#[tokio::test]
async fn old_connections_are_closed_when_they_return() {
    let (pool, _folder) = pool(Limits { lifetime: Some(Duration::ZERO), ..LIMITS });
    drop(three(&pool).await);
    pool.shared.open.subscribe().wait_for(|open| *open == 0).await.expect("closed");
    assert_eq!(next(&pool).await, 3);
}

#[tokio::test]
async fn closing_waits_for_current_work() {
    let (pool, _folder) = pool(LIMITS);
    let transaction = pool.begin("BEGIN").await.expect("begun");
    let [mut closing, mut waiting] = [pool.close(), pool.close()].map(Box::pin);
    assert!(poll!(&mut closing).is_pending() && poll!(&mut waiting).is_pending());
    let refused = pool.acquire().await.err().expect("closed");
    assert!(matches!(refused, Error::PoolClosed), "{refused}");
    transaction.query_one_raw(select("SELECT 1")).await.expect("still open");
    transaction.commit().await.expect("committed");
    closing.await;
    waiting.await;
    assert_eq!(pool.size(), size(0, 0));
}

#[tokio::test]
async fn those_who_wait_for_a_connection_learn_that_the_pool_closes() {
    let (pool, _folder) = pool(LIMITS);
    let all = three(&pool).await;
    let mut waiting = Box::pin(pool.acquire());
    assert!(poll!(&mut waiting).is_pending());
    let mut closing = Box::pin(pool.close());
    assert!(poll!(&mut closing).is_pending());
    let refused = waiting.await.err().expect("closed");
    assert!(matches!(refused, Error::PoolClosed), "{refused}");
    drop(all);
    closing.await;
}

#[tokio::test]
async fn an_abandoned_transaction_is_rolled_back_before_its_connection_is_used_again() {
    let (pool, _folder) = pool(Limits { most: 1, ..LIMITS });
    pool.execute_unprepared("CREATE TABLE things (id)").await.expect("created");
    for polls in 0..12 {
        abandon(pool.begin("BEGIN IMMEDIATE"), polls).await;
        let work = async {
            let transaction = pool.begin("BEGIN IMMEDIATE").await.expect("begun");
            for _ in 0..2 {
                let insert = select("INSERT INTO things VALUES (1)");
                transaction.execute_raw(insert).await.expect("inserted");
            }
            drop(transaction);
        };
        abandon(work, polls).await;
        let rows = pool.query_all_raw(select("SELECT * FROM things")).await.expect("rows");
        assert_eq!((rows.len(), next(&pool).await), (0, 0), "after {polls} polls");
    }
}

#[tokio::test]
async fn a_transaction_that_the_database_ended_leaves_a_usable_connection() {
    let (pool, _folder) = pool(Limits { most: 1, ..LIMITS });
    for _ in 0..3 {
        let transaction = pool.begin("BEGIN IMMEDIATE").await.expect("begun");
        transaction.execute_raw(select("ROLLBACK")).await.expect("ended");
        transaction.commit().await.expect_err("there is none to commit");
    }
    assert_eq!(next(&pool).await, 0);
}

#[tokio::test]
async fn a_connection_that_is_lost_is_replaced_with_those_that_are_idle() {
    let (pool, _folder) = pool(LIMITS);
    let [first, second, mut third] = three(&pool).await;
    drop((first, second));
    third.is_lost = true;
    drop(third);
    assert_eq!((pool.size(), next(&pool).await), (size(0, 0), 3));
}
