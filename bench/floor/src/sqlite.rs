//! SQLite: one connection, write-ahead log, every commit synced to disk; with the server's settings.

use std::str::FromStr;

use chrono::SecondsFormat;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::writer::Row;

/// Needed only if the server's migrations have not created the table.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS webhook_deliveries (
    id BLOB PRIMARY KEY NOT NULL, created_at TEXT NOT NULL, delivery_id TEXT NOT NULL UNIQUE, event TEXT NOT NULL,
    action TEXT, hook_id INTEGER, repository_github_id INTEGER, received_at TEXT NOT NULL, due_at TEXT,
    fingerprint BLOB NOT NULL, body_size INTEGER NOT NULL, body BLOB)";

pub(crate) struct Sqlite(SqliteConnection);

impl Sqlite {
    pub(crate) async fn open(url: &str) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("temp_store", "memory")
            .pragma("mmap_size", "2147418112")
            .pragma("cache_size", "-65536")
            .pragma("recursive_triggers", "on")
            .pragma("wal_autocheckpoint", "8000")
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await?;
        connection.execute(TABLE).await?;
        Ok(Self(connection))
    }

    pub(crate) async fn insert(&mut self, rows: &mut [Row]) -> sqlx::Result<Vec<String>> {
        let at =
            rows.first().map(|row| row.received_at.to_rfc3339_opts(SecondsFormat::Micros, true));
        let mut query = sqlx::query_scalar(AssertSqlSafe(statement(rows.len()))).bind(at);
        for row in rows {
            query = query
                .bind(row.id)
                .bind(std::mem::take(&mut row.delivery_id))
                .bind(std::mem::take(&mut row.event))
                .bind(row.action.take())
                .bind(row.hook_id)
                .bind(row.repository_github_id)
                .bind(std::mem::take(&mut row.fingerprint))
                .bind(row.body_size)
                .bind(std::mem::take(&mut row.body));
        }
        query.fetch_all(&mut self.0).await
    }
}

/// Returns the insert for a number of rows, so that each number is prepared once. All rows share the timestamp `?1`.
fn statement(rows: usize) -> String {
    let row = |row: usize| {
        let values = (2..=10).map(|column| format!(",?{}", 9 * row + column));
        format!("(?1,?1,?1{})", values.collect::<String>())
    };
    let values: Vec<_> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO webhook_deliveries (received_at, due_at, created_at, id, delivery_id, event, action, hook_id, \
         repository_github_id, fingerprint, body_size, body) VALUES {} \
         ON CONFLICT (delivery_id) DO NOTHING RETURNING delivery_id",
        values.join(",")
    )
}
