//! PostgreSQL: one connection, and one statement for any number of rows.

use std::mem::take;

use sqlx::{Connection, Executor, PgConnection};

use crate::writer::Row;

/// Needed only if the server's migrations have not created the table.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS webhook_deliveries (
    id uuid PRIMARY KEY, created_at timestamptz NOT NULL, delivery_id text NOT NULL UNIQUE, event text NOT NULL,
    action text, hook_id bigint, repository_github_id bigint, received_at timestamptz NOT NULL, due_at timestamptz,
    fingerprint bytea NOT NULL, body_size bigint NOT NULL, body bytea)";
/// The bodies are already compressed.
const STORAGE: &str = "ALTER TABLE webhook_deliveries ALTER COLUMN body SET STORAGE EXTERNAL";

const INSERT: &str = "INSERT INTO webhook_deliveries (id, delivery_id, event, action, hook_id,
    repository_github_id, received_at, due_at, created_at, fingerprint, body_size, body)
    SELECT id, delivery_id, event, action, hook, repository, at, at, at, fingerprint, size, body
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::timestamptz[],
        $8::bytea[], $9::bigint[], $10::bytea[])
        AS row(id, delivery_id, event, action, hook, repository, at, fingerprint, size, body)
    ON CONFLICT (delivery_id) DO NOTHING RETURNING delivery_id";

pub(crate) struct Postgres(PgConnection);

impl Postgres {
    pub(crate) async fn open(url: &str) -> sqlx::Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        connection.execute(TABLE).await?;
        connection.execute(STORAGE).await?;
        Ok(Self(connection))
    }

    pub(crate) async fn insert(&mut self, rows: &mut [Row]) -> sqlx::Result<Vec<String>> {
        let query = sqlx::query_scalar(INSERT)
            .bind(column(rows, |row| row.id))
            .bind(column(rows, |row| take(&mut row.delivery_id)))
            .bind(column(rows, |row| take(&mut row.event)))
            .bind(column(rows, |row| row.action.take()))
            .bind(column(rows, |row| row.hook_id))
            .bind(column(rows, |row| row.repository_github_id))
            .bind(column(rows, |row| row.received_at))
            .bind(column(rows, |row| take(&mut row.fingerprint)))
            .bind(column(rows, |row| row.body_size))
            .bind(column(rows, |row| take(&mut row.body)));
        query.fetch_all(&mut self.0).await
    }
}

fn column<T>(rows: &mut [Row], value: fn(&mut Row) -> T) -> Vec<T> {
    rows.iter_mut().map(value).collect()
}
