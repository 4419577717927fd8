//! PostgreSQL: one connection, one statement for any number of rows.

use sqlx::{Connection, Executor, PgConnection};

use crate::writer::Row;

/// Only where the house's migrations have not made it.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS webhook_deliveries (
    id uuid PRIMARY KEY, delivery_id text NOT NULL UNIQUE, hook_id text, event text NOT NULL, action text,
    repository_github_id bigint, fingerprint text, received_at timestamptz NOT NULL, due_at timestamptz,
    claimed_by text, attempts integer NOT NULL DEFAULT 0, completed_at timestamptz, dead_at timestamptz,
    last_error text, outcome text, body bytea)";
/// The bodies are compressed already.
const STORAGE: &str = "ALTER TABLE webhook_deliveries ALTER COLUMN body SET STORAGE EXTERNAL";

const INSERT: &str = "INSERT INTO webhook_deliveries
    (id, delivery_id, event, action, repository_github_id, received_at, due_at, body, attempts)
    SELECT id, delivery_id, event, action, repository, at, at, body, 0
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::bytea[])
        AS row(id, delivery_id, event, action, repository, at, body)
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
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let at: Vec<_> = rows.iter().map(|row| row.received_at).collect();
        let repositories: Vec<_> = rows.iter().map(|row| row.repository_github_id).collect();
        let delivery_ids: Vec<_> = rows
            .iter_mut()
            .map(|row| std::mem::take(&mut row.delivery_id))
            .collect();
        let events: Vec<_> = rows
            .iter_mut()
            .map(|row| std::mem::take(&mut row.event))
            .collect();
        let actions: Vec<_> = rows.iter_mut().map(|row| row.action.take()).collect();
        let bodies: Vec<_> = rows
            .iter_mut()
            .map(|row| std::mem::take(&mut row.body))
            .collect();
        let query = sqlx::query_scalar(INSERT)
            .bind(ids)
            .bind(delivery_ids)
            .bind(events)
            .bind(actions);
        query
            .bind(repositories)
            .bind(at)
            .bind(bodies)
            .fetch_all(&mut self.0)
            .await
    }
}
