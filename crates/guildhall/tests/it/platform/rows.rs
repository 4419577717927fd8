//! Values read from the database are the values that were written, on both engines.

use kernel::Timestamp;
use platform::db::{Cell, Kind, Rows, Sql, ids, numbers};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::app::{TestApp, at};

const COLUMNS: [(&str, Kind); 6] = [
    ("an_id", Kind::Uuid),
    ("a_number", Kind::Int),
    ("a_text", Kind::Text),
    ("some_bytes", Kind::Bytes),
    ("an_instant", Kind::At),
    ("a_truth", Kind::Bool),
];

#[derive(Debug, PartialEq, FromQueryResult)]
struct Row {
    an_id: Option<Uuid>,
    a_number: Option<i64>,
    a_text: Option<String>,
    some_bytes: Option<Vec<u8>>,
    an_instant: Option<Timestamp>,
    a_truth: Option<bool>,
}

impl Row {
    fn cells(&self) -> [Cell; 6] {
        [
            self.an_id.into(),
            self.a_number.into(),
            self.a_text.clone().into(),
            self.some_bytes.clone().into(),
            self.an_instant.into(),
            self.a_truth.into(),
        ]
    }
}

const NOTHING: Row = Row {
    an_id: None,
    a_number: None,
    a_text: None,
    some_bytes: None,
    an_instant: None,
    a_truth: None,
};

fn rows() -> Vec<Row> {
    let row = |number: i64, text: &str, instant: &str| Row {
        an_id: Some(Uuid::from_u128(number.unsigned_abs().into())),
        a_number: Some(number),
        a_text: Some(text.to_owned()),
        some_bytes: Some(text.bytes().rev().chain([0, 255]).collect()),
        an_instant: Some(at(instant)),
        a_truth: Some(number > 0),
    };
    vec![
        row(i64::MAX, "", "9999-12-31T23:59:59.999999Z"),
        row(i64::MIN, "it's \"quoted\" \\ $1 ? ,{}", "0001-01-01T00:00:00Z"),
        NOTHING,
        row(0, "ünïcödé 🦀 \u{feff}\n\t", "2026-10-02T08:00:00.000001Z"),
        row(1 << 53, &"x".repeat(100_000), "1970-01-01T00:00:00.100000Z"),
        Row { a_number: Some(4), ..NOTHING },
    ]
}

async fn round_trip(app: &TestApp, given: &[Row]) -> Vec<Row> {
    let db = &app.context().db;
    let mut set = Rows::new(COLUMNS);
    given.iter().for_each(|row| set.push(row.cells()));
    let mut query = db.query();
    let set = query.rows(set, "r");
    let sql = format!(
        "SELECT r.an_id, r.a_number, r.a_text, r.some_bytes, r.an_instant, r.a_truth FROM {set}"
    );
    db.all(query.statement(sql)).await.expect("rows")
}

#[tokio::test]
async fn rows_are_read_as_they_were_written() {
    let app = TestApp::start().await;
    assert_eq!(round_trip(&app, &rows()).await, rows());
    for row in rows() {
        assert_eq!(round_trip(&app, &[row]).await.len(), 1);
    }
    assert_eq!(round_trip(&app, &[NOTHING]).await, [NOTHING]);
    assert_eq!(round_trip(&app, &[]).await, []);
    app.finish().await;
}

#[tokio::test]
async fn single_values_are_read_as_they_were_bound() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    for row in rows() {
        let mut query = db.query();
        let [id, number, text, bytes, instant, truth] = row.cells().map(|cell| query.bind(cell));
        let sql = format!(
            "SELECT CAST({number} AS bigint) AS a_number, {text} AS a_text, {id} AS an_id, \
             {bytes} AS some_bytes, {instant} AS an_instant, {truth} AS a_truth"
        );
        let back: Option<Row> = db.one(query.statement(sql)).await.expect("a row");
        assert_eq!(back, Some(row));
    }
    app.finish().await;
}

#[tokio::test]
async fn documents_are_the_values_that_were_written() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    let is_shown = |column: &(&str, Kind)| column.1 != Kind::Bytes;
    let columns: Vec<_> = COLUMNS.into_iter().filter(is_shown).collect();
    type Document = (Option<Uuid>, Option<i64>, Option<String>, Option<Timestamp>, Option<bool>);
    for row in rows() {
        let mut set = Rows::new(COLUMNS);
        set.push(row.cells());
        let mut query = db.query();
        let select = format!("SELECT * FROM {}", query.rows(set, "r"));
        let read: Vec<Document> =
            (db.documents(query.documents(&columns, &select)).await).expect("documents");
        let written = (row.an_id, row.a_number, row.a_text, row.an_instant, row.a_truth);
        assert_eq!(read, [written]);
    }
    app.finish().await;
}

#[tokio::test]
async fn nul_is_dropped_and_instants_are_truncated_to_microseconds() {
    let app = TestApp::start().await;
    let written = Row {
        a_text: Some("a\0b\0".to_owned()),
        an_instant: Some(at("2026-10-02T08:00:00.123456789Z")),
        ..NOTHING
    };
    let read = Row {
        a_text: Some("ab".to_owned()),
        an_instant: Some(at("2026-10-02T08:00:00.123456Z")),
        ..NOTHING
    };
    assert_eq!(round_trip(&app, &[written]).await, [read]);
    app.finish().await;
}

#[tokio::test]
async fn ids_and_numbers_can_be_bound_as_sets() {
    let app = TestApp::start().await;
    let db = &app.context().db;
    let mut query = db.query();
    let all = (1..=3_u128).map(Uuid::from_u128);
    let (of_ids, of_numbers) = (query.rows(ids(all), "i"), query.rows(numbers([7, -7, 7]), "n"));
    let sql = format!("SELECT count(i.id) + count(n.number) FROM {of_ids} CROSS JOIN {of_numbers}");
    assert_eq!(db.count(query.statement(sql)).await.expect("a count"), 18);
    app.finish().await;
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    let app = TestApp::start().await;
    let tx = app.context().begin().await.expect("a transaction");
    let sql = "INSERT INTO boards (id, key, created_at) VALUES ($1, 'x', $2)";
    let values = [Uuid::from_u128(1).into(), app.context().now().into()];
    assert_eq!(tx.run(tx.statement(sql, values)).await.expect("written"), 1);
    drop(tx);
    assert_eq!(app.count("SELECT count(*) FROM boards").await, 0);
    app.finish().await;
}
