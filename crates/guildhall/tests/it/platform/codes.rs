//! A row with an unknown code is an error that names its table, its column and the code.

use guildhall::MODULES;
use kernel::Timestamp;
use platform::db::{Cell, Engine, Sql as _, Tx};
use uuid::Uuid;

use crate::app::TestApp;

/// Inserts a row with a text in a column and any values in the others. It may refer to rows that do not exist.
async fn insert(tx: &Tx, table: &str, column: &str, text: &str) {
    let free = match tx.engine() {
        Engine::Sqlite => "PRAGMA defer_foreign_keys = ON",
        Engine::Postgres => "SET LOCAL session_replication_role = replica",
    };
    tx.run(tx.statement(free, [])).await.expect("no foreign keys");
    let lines = include_str!("schema.txt").lines();
    let of_table = lines.filter_map(|line| line.strip_prefix(table)?.strip_prefix('.'));
    let mut cells: Vec<(&str, Cell)> = Vec::new();
    for line in of_table {
        let (name, kind) = line.split_once(' ').expect("a kind");
        match kind.split(' ').next() {
            _ if name == column => cells.push((name, text.into())),
            _ if kind.contains(" null") => {}
            Some("uuid") => cells.push((name, Uuid::from_u128(1).into())),
            Some("int") => cells.push((name, 1.into())),
            Some("instant") => cells.push((name, Timestamp::UNIX_EPOCH.into())),
            Some("bytes") => cells.push((name, vec![1_u8].into())),
            Some("truth") => cells.push((name, false.into())),
            _ => cells.push((name, "text".into())),
        }
    }
    let mut query = tx.query();
    let (names, cells): (Vec<_>, Vec<_>) = cells.into_iter().unzip();
    let values: Vec<_> = cells.into_iter().map(|cell| query.bind(cell)).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    let sql = format!("INSERT INTO {table} ({names}) VALUES ({values})");
    tx.run(query.statement(sql)).await.unwrap_or_else(|error| panic!("{table}: {error}"));
}

#[tokio::test]
async fn an_unknown_code_is_an_error_in_each_table() {
    let app = TestApp::start().await;
    for table in MODULES.iter().flat_map(|module| module.tables) {
        for column in table.codes {
            let (table, name) = (table.name, column.name);
            let tx = app.context().begin().await.expect("a transaction");
            insert(&tx, table, name, "no_such_code").await;
            let sql = format!("SELECT t.{name} FROM {table} t WHERE t.{name} = 'no_such_code'");
            let read = (column.read)(&tx, tx.statement(&sql, [])).await;
            let error = read.expect_err(table).to_string();
            let kind = (column.kind)();
            let expected =
                format!("column \"{name}\": `no_such_code` is no {kind}, in a row of {table}");
            assert!(error.contains(&expected), "{table}.{name}: {error}");
            drop(tx);
        }
    }
    app.finish().await;
}
