//! A single task writes. Rows that arrive during a commit form the next insert.

use std::collections::HashSet;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::{postgres::Postgres, sqlite::Sqlite};

/// Maximum number of rows per insert.
const BATCH: usize = 128;

/// A stored delivery.
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) delivery_id: String,
    pub(crate) event: String,
    pub(crate) action: Option<String>,
    pub(crate) hook_id: Option<i64>,
    pub(crate) repository_github_id: Option<i64>,
    pub(crate) received_at: DateTime<Utc>,
    pub(crate) fingerprint: Vec<u8>,
    pub(crate) body_size: i64,
    pub(crate) body: Vec<u8>,
}

struct Insert {
    row: Row,
    answer: oneshot::Sender<bool>,
}

/// Sends rows to the writing task.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Insert>);

impl Writer {
    /// Stores a row. Returns whether it is new, after the commit; `None` if it could not be stored.
    pub(crate) async fn write(&self, row: Row) -> Option<bool> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Insert { row, answer }).await.ok()?;
        answered.await.ok()
    }
}

enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    async fn open(url: &str) -> Result<Self> {
        match url.split(':').next() {
            Some("sqlite") => Ok(Self::Sqlite(Sqlite::open(url).await?)),
            Some("postgres") => Ok(Self::Postgres(Postgres::open(url).await?)),
            _ => bail!("DATABASE_URL must begin with sqlite: or postgres:"),
        }
    }

    /// Commits the rows and returns the delivery IDs of new ones.
    async fn insert(&mut self, rows: &mut [Row]) -> sqlx::Result<Vec<String>> {
        match self {
            Self::Sqlite(database) => database.insert(rows).await,
            Self::Postgres(database) => database.insert(rows).await,
        }
    }
}

/// Opens the database and starts the writing task.
pub(crate) async fn start(url: &str) -> Result<Writer> {
    let database = Database::open(url).await?;
    let (sender, receiver) = mpsc::channel(4 * BATCH);
    tokio::spawn(write_all(database, receiver));
    Ok(Writer(sender))
}

async fn write_all(mut database: Database, mut inserts: mpsc::Receiver<Insert>) {
    let mut batch = Vec::with_capacity(BATCH);
    while inserts.recv_many(&mut batch, BATCH).await > 0 {
        let (mut rows, answers): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|insert| (insert.row, insert.answer)).unzip();
        let ids: Vec<_> = rows.iter().map(|row| row.delivery_id.clone()).collect();
        match database.insert(&mut rows).await {
            Ok(new) => answer(&ids, answers, &new),
            Err(error) => eprintln!("a batch was not stored: {error}"),
        }
    }
}

fn answer(ids: &[String], answers: Vec<oneshot::Sender<bool>>, new: &[String]) {
    let mut new: HashSet<&str> = new.iter().map(String::as_str).collect();
    for (id, answer) in ids.iter().zip(answers) {
        // Of two equal rows in a batch, the first is new.
        let _ = answer.send(new.remove(id.as_str()));
    }
}
