//! Queries with the same SQL text on both engines: values are bound as `$1 …`, and a set of rows as one derived
//! table.

use std::io::Write as _;

use chrono::SecondsFormat;
use kernel::Timestamp;
use sea_orm::{Statement, Value, sea_query::ArrayType};
use uuid::Uuid;

use super::Engine;
use crate::folded::FoldedText;

/// A value to bind in a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// An id.
    Uuid(Uuid),
    /// A whole number.
    Int(i64),
    /// Text. NUL, which PostgreSQL cannot store, is removed on both engines.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// An instant: `timestamptz`, or text with exactly six digits on SQLite.
    At(Timestamp),
    /// A boolean.
    Bool(bool),
    /// NULL, with the kind of its column.
    Null(Kind),
}

/// The kind of a [`Cell`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// See [`Cell::Uuid`].
    Uuid,
    /// See [`Cell::Int`].
    Int,
    /// See [`Cell::Text`].
    Text,
    /// See [`Cell::Bytes`].
    Bytes,
    /// See [`Cell::At`].
    At,
    /// See [`Cell::Bool`].
    Bool,
}

/// A type that converts into a [`Cell`].
pub trait CellType: Into<Cell> {
    /// The kind of the cell, even if the value is absent.
    const KIND: Kind;
}

macro_rules! cell {
    ($($type:ty => $variant:ident ($value:ident) $make:expr),+ $(,)?) => {$(
        impl From<$type> for Cell {
            fn from($value: $type) -> Self {
                Cell::$variant($make)
            }
        }

        impl CellType for $type {
            const KIND: Kind = Kind::$variant;
        }
    )+};
}

cell! {
    Uuid => Uuid(value) value,
    i64 => Int(value) value,
    i32 => Int(value) i64::from(value),
    u32 => Int(value) i64::from(value),
    String => Text(value) without_nul(value),
    FoldedText => Text(value) without_nul(value.into()),
    &str => Text(value) without_nul(value.to_owned()),
    Vec<u8> => Bytes(value) value,
    Timestamp => At(value) kernel::truncate_to_micros(value),
    bool => Bool(value) value,
}

impl<K> From<kernel::Id<K>> for Cell {
    fn from(id: kernel::Id<K>) -> Self {
        Cell::Uuid(id.0)
    }
}

impl<K> CellType for kernel::Id<K> {
    const KIND: Kind = Kind::Uuid;
}

impl<T: CellType> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null(T::KIND), Into::into)
    }
}

fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// Formats an instant as SQLite stores it: RFC 3339 in UTC with exactly six digits, so that text sorts by time.
#[must_use]
pub fn sqlite_instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl Cell {
    fn into_value(self, engine: Engine) -> Value {
        match (self, engine) {
            (Cell::Uuid(id), _) => Value::Uuid(Some(id)),
            (Cell::Int(number), _) => Value::BigInt(Some(number)),
            (Cell::Text(text), _) => Value::String(Some(text)),
            (Cell::Bytes(bytes), _) => Value::Bytes(Some(bytes)),
            (Cell::At(at), Engine::Postgres) => Value::ChronoDateTimeUtc(Some(at)),
            (Cell::At(at), Engine::Sqlite) => Value::String(Some(sqlite_instant(at))),
            (Cell::Bool(truth), _) => Value::Bool(Some(truth)),
            (Cell::Null(kind), engine) => null(kind, engine),
        }
    }

    /// Writes the cell into the JSON text that SQLite's `jsonb_each` reads. Writing bytes directly avoids an
    /// intermediate tree of values, which took a twelfth of a settlement's time.
    fn write_json(&self, json: &mut Vec<u8>) {
        let written = match self {
            Cell::Uuid(id) => {
                let mut digits = Uuid::encode_buffer();
                return text(json, id.simple().encode_lower(&mut digits));
            }
            Cell::Int(number) => write!(json, "{number}"),
            Cell::Text(value) => serde_json::to_writer(json, value).map_err(Into::into),
            Cell::Bytes(bytes) => return text(json, &hex::encode(bytes)),
            Cell::At(at) => return text(json, &sqlite_instant(*at)),
            Cell::Bool(truth) => write!(json, "{}", i64::from(*truth)),
            Cell::Null(_) => json.write_all(b"null"),
        };
        written.expect("memory takes what is written");
    }
}

/// Writes a JSON string that needs no escaping.
fn text(json: &mut Vec<u8>, value: &str) {
    json.push(b'"');
    json.extend_from_slice(value.as_bytes());
    json.push(b'"');
}

fn null(kind: Kind, engine: Engine) -> Value {
    match kind {
        Kind::Uuid => Value::Uuid(None),
        Kind::Int => Value::BigInt(None),
        Kind::Text => Value::String(None),
        Kind::Bytes => Value::Bytes(None),
        Kind::At if engine == Engine::Sqlite => Value::String(None),
        Kind::At => Value::ChronoDateTimeUtc(None),
        Kind::Bool => Value::Bool(None),
    }
}

/// A set of rows that a statement reads, joins or inserts.
#[derive(Clone, Debug)]
pub struct Rows<const N: usize> {
    columns: [(&'static str, Kind); N],
    rows: Vec<[Cell; N]>,
}

impl<const N: usize> Rows<N> {
    /// Creates an empty set with named, typed columns.
    #[must_use]
    pub fn new(columns: [(&'static str, Kind); N]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row, with its cells in the order of the columns.
    pub fn push(&mut self, row: [Cell; N]) {
        debug_assert!(
            row.iter().zip(&self.columns).all(|(cell, (_, kind))| cell.kind() == *kind),
            "a cell is not of its column's kind: {row:?}"
        );
        self.rows.push(row);
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns true if there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Creates a set of ids with one column named `id`.
pub fn ids<T: Into<Uuid>>(ids: impl IntoIterator<Item = T>) -> Rows<1> {
    let mut rows = Rows::new([("id", Kind::Uuid)]);
    for id in ids {
        rows.push([Cell::Uuid(id.into())]);
    }
    rows
}

/// Creates a set of whole numbers with one column named `number`.
pub fn numbers(numbers: impl IntoIterator<Item = i64>) -> Rows<1> {
    let mut rows = Rows::new([("number", Kind::Int)]);
    for number in numbers {
        rows.push([Cell::Int(number)]);
    }
    rows
}

impl Cell {
    fn kind(&self) -> Kind {
        match self {
            Cell::Uuid(_) => Kind::Uuid,
            Cell::Int(_) => Kind::Int,
            Cell::Text(_) => Kind::Text,
            Cell::Bytes(_) => Kind::Bytes,
            Cell::At(_) => Kind::At,
            Cell::Bool(_) => Kind::Bool,
            Cell::Null(kind) => *kind,
        }
    }
}

/// A builder that collects the values of a statement and assigns their placeholders.
#[derive(Debug)]
pub struct Query {
    engine: Engine,
    values: Vec<Value>,
}

impl Query {
    /// Creates an empty list of values for `engine`.
    #[must_use]
    pub fn new(engine: Engine) -> Self {
        Self { engine, values: Vec::new() }
    }

    /// Binds a value. Returns its placeholder.
    pub fn bind(&mut self, cell: impl Into<Cell>) -> String {
        self.push(cell.into().into_value(self.engine))
    }

    /// Binds a set of rows. Returns a derived table named `alias` with the set's columns.
    pub fn rows<const N: usize>(&mut self, rows: Rows<N>, alias: &str) -> String {
        match self.engine {
            Engine::Sqlite => self.json_rows(&rows, alias),
            Engine::Postgres => self.array_rows(rows, alias),
        }
    }

    /// Binds a small set of rows. Returns a derived table named `alias` with the set's columns. On SQLite, each value is
    /// bound by itself: unlike those of [`Self::rows`], they are not written as text and parsed again, which is expensive
    /// for bytes, but each number of rows is a statement of its own. The rows must be the first values of the statement.
    pub fn few_rows<const N: usize>(&mut self, rows: Rows<N>, alias: &str) -> String {
        match self.engine {
            Engine::Sqlite => self.value_rows(rows, alias),
            Engine::Postgres => self.array_rows(rows, alias),
        }
    }

    /// Binds a part of a text. Returns the SQL condition that a column contains it, without wildcards. `column` has such texts too, or
    /// is [`super::ascii_lower`] of one.
    pub fn contains(&mut self, column: &str, part: &FoldedText) -> String {
        let part = self.bind(part.as_str());
        self.is_within(&part, column)
    }

    /// Binds a part of a text. Returns the SQL condition that a column contains it, without wildcards, in any case of
    /// the characters of ASCII. It is for what the program writes, such as errors; other characters that these quote
    /// are compared as they are.
    pub fn contains_words(&mut self, column: &str, part: &str) -> String {
        let part = self.bind(part.to_ascii_lowercase());
        let column = match self.engine {
            Engine::Sqlite => format!("lower({column})"),
            Engine::Postgres => format!("lower({column} COLLATE \"C\")"),
        };
        self.is_within(&part, &column)
    }

    fn is_within(&self, part: &str, column: &str) -> String {
        match self.engine {
            Engine::Sqlite => format!("instr({column}, {part}) > 0"),
            Engine::Postgres => format!("position({part} in {column}) > 0"),
        }
    }

    pub(super) fn engine(&self) -> Engine {
        self.engine
    }

    /// Builds the statement with all bound values.
    #[must_use]
    pub fn statement(self, sql: impl Into<String>) -> Statement {
        let backend = match self.engine {
            Engine::Sqlite => sea_orm::DbBackend::Sqlite,
            Engine::Postgres => sea_orm::DbBackend::Postgres,
        };
        Statement::from_sql_and_values(backend, sql.into(), self.values)
    }

    /// Builds a select that returns its rows as one JSON text, each row as an array of these columns, for
    /// [`Sql::documents`](super::Sql::documents).
    #[must_use]
    pub fn documents(self, columns: &[(&str, Kind)], select: &str) -> Statement {
        let sql = self.engine.as_json(columns, select);
        self.statement(sql)
    }

    fn push(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn value_rows<const N: usize>(&mut self, rows: Rows<N>, alias: &str) -> String {
        let columns = rows.columns.iter().enumerate();
        let columns: Vec<String> =
            columns.map(|(index, (name, _))| format!("column{} AS {name}", index + 1)).collect();
        let tuples = self.tuples(rows.rows);
        format!("(SELECT {} FROM (VALUES {tuples})) AS {alias}", columns.join(", "))
    }

    /// Binds rows, each with the same number of cells, as the first values of the statement. Returns them for `VALUES`.
    /// On SQLite, placeholders have no number: it finds a number by searching all of them, so that the cost would grow
    /// with the square of the values.
    pub(super) fn tuples<R: IntoIterator<Item = Cell>>(
        &mut self,
        rows: impl IntoIterator<Item = R>,
    ) -> String {
        assert!(self.values.is_empty(), "the rows are the first values");
        let mut tuples = String::new();
        for row in rows {
            tuples.push_str(if tuples.is_empty() { "(" } else { ",(" });
            for (column, cell) in row.into_iter().enumerate() {
                if column > 0 {
                    tuples.push(',');
                }
                self.values.push(cell.into_value(self.engine));
                match self.engine {
                    Engine::Sqlite => tuples.push('?'),
                    Engine::Postgres => tuples.push_str(&format!("${}", self.values.len())),
                }
            }
            tuples.push(')');
        }
        tuples
    }

    /// Uses `jsonb_each`, which passes each row on in parsed form; `json_each` would serialize it, to be parsed
    /// again.
    fn json_rows<const N: usize>(&mut self, rows: &Rows<N>, alias: &str) -> String {
        let columns: Vec<String> = rows
            .columns
            .iter()
            .enumerate()
            .map(|(index, (name, kind))| match kind {
                Kind::Uuid | Kind::Bytes => format!("unhex(value->>{index}) AS {name}"),
                _ => format!("value->>{index} AS {name}"),
            })
            .collect();
        let set = self.push(Value::String(Some(json(&rows.rows))));
        format!("(SELECT {} FROM jsonb_each({set})) AS {alias}", columns.join(", "))
    }

    /// Uses `unnest` with one array per column. The arrays contain no NULL: an absent cell becomes the blank
    /// value of its kind, and a second array says which cells are present.
    fn array_rows<const N: usize>(&mut self, rows: Rows<N>, alias: &str) -> String {
        let Rows { columns, rows } = rows;
        let mut arrays: [Vec<Cell>; N] = std::array::from_fn(|_| Vec::with_capacity(rows.len()));
        for row in rows {
            for (array, cell) in arrays.iter_mut().zip(row) {
                array.push(cell);
            }
        }
        let (mut sources, mut names, mut selected) = (Vec::new(), Vec::new(), Vec::new());
        for ((name, kind), cells) in columns.into_iter().zip(arrays) {
            if cells.iter().any(|cell| matches!(cell, Cell::Null(_))) {
                let present = cells.iter().map(|cell| Cell::Bool(!matches!(cell, Cell::Null(_))));
                let present = self.push(array(Kind::Bool, present.collect()));
                sources.push(format!("{present}::bool[]"));
                names.push(format!("has_{name}"));
                selected.push(format!("CASE WHEN has_{name} THEN {name} END AS {name}"));
            } else {
                selected.push(name.to_owned());
            }
            let value = self.push(array(kind, cells));
            sources.push(format!("{value}::{}[]", postgres_type(kind)));
            names.push(name.to_owned());
        }
        format!(
            "(SELECT {} FROM unnest({}) AS {alias}_({})) AS {alias}",
            selected.join(", "),
            sources.join(", "),
            names.join(", ")
        )
    }
}

impl Engine {
    /// Returns a select of the rows of another one as a single JSON text, each row as an array of these columns, for
    /// [`read_rows`](super::read_rows).
    #[must_use]
    pub fn as_json(self, columns: &[(&str, Kind)], select: &str) -> String {
        let is_sqlite = self == Self::Sqlite;
        let column = |(name, kind): &(&str, Kind)| match kind {
            Kind::Uuid | Kind::Bytes if is_sqlite => {
                format!("iif({name} IS NULL, NULL, hex({name}))")
            }
            Kind::Bool if is_sqlite => {
                format!("iif({name} IS NULL, NULL, iif({name}, json('true'), json('false')))")
            }
            _ => (*name).to_owned(),
        };
        let columns: Vec<String> = columns.iter().map(column).collect();
        let columns = columns.join(", ");
        match is_sqlite {
            true => format!("SELECT json_group_array(json_array({columns})) FROM ({select})"),
            false => format!(
                "SELECT CAST(coalesce(json_agg(json_build_array({columns})), '[]') AS text) \
                 FROM ({select}) AS d"
            ),
        }
    }
}

/// Encodes the rows as a JSON array of arrays.
fn json<const N: usize>(rows: &[[Cell; N]]) -> String {
    let mut json = vec![b'['];
    for (index, row) in rows.iter().enumerate() {
        json.extend_from_slice(if index > 0 { b",[" } else { b"[" });
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                json.push(b',');
            }
            cell.write_json(&mut json);
        }
        json.push(b']');
    }
    json.push(b']');
    String::from_utf8(json).expect("JSON is text")
}

fn array(kind: Kind, cells: Vec<Cell>) -> Value {
    let values = cells
        .into_iter()
        .map(|cell| match cell {
            Cell::Null(kind) => blank(kind),
            cell => cell.into_value(Engine::Postgres),
        })
        .collect();
    let array_type = match kind {
        Kind::Uuid => ArrayType::Uuid,
        Kind::Int => ArrayType::BigInt,
        Kind::Text => ArrayType::String,
        Kind::Bytes => ArrayType::Bytes,
        Kind::At => ArrayType::ChronoDateTimeUtc,
        Kind::Bool => ArrayType::Bool,
    };
    Value::Array(array_type, Some(Box::new(values)))
}

fn blank(kind: Kind) -> Value {
    match kind {
        Kind::Uuid => Value::Uuid(Some(Uuid::nil())),
        Kind::Int => Value::BigInt(Some(0)),
        Kind::Text => Value::String(Some(String::new())),
        Kind::Bytes => Value::Bytes(Some(Vec::new())),
        Kind::At => Value::ChronoDateTimeUtc(Some(Timestamp::UNIX_EPOCH)),
        Kind::Bool => Value::Bool(Some(false)),
    }
}

/// Returns the type of columns of a kind on PostgreSQL.
pub(super) fn postgres_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Uuid => "uuid",
        Kind::Int => "int8",
        Kind::Text => "text",
        Kind::Bytes => "bytea",
        Kind::At => "timestamptz",
        Kind::Bool => "bool",
    }
}
