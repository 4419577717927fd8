//! The version of the data changes with every change by any connection, and stays the same otherwise, even when other
//! databases change.

use platform::db::{Db, Version, Versions};
use sea_orm::{
    ConnectionTrait as _, Database as Connection, DatabaseConnection, TransactionTrait as _,
};

use crate::app::{Database, TestApp};

/// Returns a connection outside of the program, like an operator's.
async fn separate_connection(database: &Database) -> DatabaseConnection {
    let connection = Connection::connect(database.address()).await;
    connection.expect("a connection")
}

async fn now(versions: &Versions) -> Version {
    versions.now().await.expect("a version")
}

const CHANGE: &str = "UPDATE projects SET name = name || '!'";

#[tokio::test]
async fn a_change_by_another_connection_changes_the_version() {
    let app = TestApp::of_lantern().await;
    let versions = app.context().db.versions();
    let hand = separate_connection(app.database()).await;
    for _ in 0..3 {
        let before = now(&versions).await;
        assert_eq!(now(&versions).await, before);
        hand.execute_unprepared(CHANGE).await.expect("changed");
        assert_ne!(now(&versions).await, before);
    }
    hand.close().await.expect("closed");
    app.finish().await;
}

#[tokio::test]
async fn a_transaction_that_is_open_during_a_check_changes_the_version_when_it_ends() {
    let app = TestApp::of_lantern().await;
    let versions = app.context().db.versions();
    let hand = separate_connection(app.database()).await;
    for _ in 0..3 {
        let tx = hand.begin().await.expect("begun");
        tx.execute_unprepared(CHANGE).await.expect("changed");
        let before = now(&versions).await;
        tx.commit().await.expect("committed");
        assert_ne!(now(&versions).await, before);
    }
    hand.close().await.expect("closed");
    app.finish().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn other_databases_of_the_cluster_do_not_change_the_version() {
    let app = TestApp::of_lantern().await;
    let neighbor = Database::empty().await;
    let busy = separate_connection(&neighbor).await;
    let versions = app.context().db.versions();
    let before = now(&versions).await;
    for _ in 0..20 {
        let sql = "SELECT pg_current_xact_id()";
        busy.execute_unprepared(sql).await.expect("a transaction");
        assert_eq!(now(&versions).await, before);
    }
    busy.close().await.expect("closed");
    neighbor.remove().await;
    app.finish().await;
}

/// PostgreSQL hides the activity of other roles from an ordinary role.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_change_by_a_hidden_role_changes_the_version() {
    let app = TestApp::of_lantern().await;
    let hand = separate_connection(app.database()).await;
    let role = format!("reader_{}", std::process::id());
    let grant = format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}; \
         GRANT SELECT ON data_changes TO {role}"
    );
    hand.execute_unprepared(&grant).await.expect("granted");
    let address = app.database().address();
    let (_, place) = address.split_once('@').expect("a user");
    let url = format!("postgres://{role}:x@{place}").parse().expect("an address");
    let db = Db::connect(&url).await.expect("connected");
    let versions = db.versions();
    for _ in 0..3 {
        let tx = hand.begin().await.expect("begun");
        tx.execute_unprepared(CHANGE).await.expect("changed");
        let before = now(&versions).await;
        tx.commit().await.expect("committed");
        assert_ne!(now(&versions).await, before);
    }
    db.close().await;
    let drop = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    hand.execute_unprepared(&drop).await.expect("dropped");
    hand.close().await.expect("closed");
    app.finish().await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn the_changes_of_every_table_are_counted() {
    let app = TestApp::start().await;
    let uncounted = "SELECT c.relname::text AS value FROM pg_class c \
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT EXISTS \
        (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'counts_change')";
    assert_eq!(app.values(uncounted).await, Vec::<String>::new());
    app.finish().await;
}
