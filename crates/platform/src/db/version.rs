//! Versions of the database's state. The database itself provides them, so no code has to count changes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, Statement};
use tokio::sync::{
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    oneshot,
};

use super::{
    Db, changes,
    pool::{Observer, Options, Pool, query_failed},
};
use crate::telemetry::news;

/// A version of the database's state. Equal versions mean equal data; different versions imply nothing.
pub type Version = Arc<str>;

/// How long to wait for the version. After that it counts as unknown, and pages are rendered again.
const PATIENCE: Duration = Duration::from_secs(1);

/// A dedicated connection that reads the database's version.
#[derive(Clone)]
pub(super) struct Watch {
    pool: Pool,
    is_replica: bool,
    last: Arc<Mutex<Option<Seen>>>,
}

/// A snapshot of PostgreSQL, and the state it had. Equal snapshots see equal data. Activity in other databases of the
/// cluster changes the snapshot but not the state of this database.
#[derive(Clone, Debug)]
struct Seen {
    snapshot: String,
    version: Version,
}

impl Watch {
    pub(super) fn new(pool: Pool) -> Self {
        Self { pool, is_replica: false, last: Arc::default() }
    }

    /// Watches a replica, whose version is its position in the log of the primary: it counts no changes of its own.
    pub(super) fn of_replica(pool: Pool) -> Self {
        Self { is_replica: true, ..Self::new(pool) }
    }

    /// Starts the task that looks up versions. It ends when the last handle is dropped.
    pub(super) fn versions(&self) -> Versions {
        let (requests, received) = unbounded_channel();
        tokio::spawn(serve(self.clone(), received));
        Versions(requests)
    }

    pub(super) fn observe(&mut self, observer: Observer) {
        self.pool.observe(observer);
    }

    async fn look(&self) -> Result<Version, DbErr> {
        match self.pool.options() {
            Options::Sqlite(_) => self.look_in_file().await,
            Options::Postgres(_) if self.is_replica => self.look_in_replica().await,
            Options::Postgres(_) => self.look_in_server().await,
        }
    }

    /// Reads SQLite's version, which is relative to its connection. There is a single connection, whose number
    /// distinguishes the versions of those before it.
    async fn look_in_file(&self) -> Result<Version, DbErr> {
        let mut connection = self.pool.connection().await?;
        let look = Statement::from_string(DbBackend::Sqlite, "PRAGMA data_version");
        let row = connection.first(look).await.map_err(query_failed)?.ok_or_else(absent)?;
        let seen: i64 = row.try_get_by_index(0)?;
        Ok(format!("{}.{seen}", connection.number()).into())
    }

    async fn look_in_server(&self) -> Result<Version, DbErr> {
        let before = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = before.as_ref().map_or("", |seen| &seen.snapshot);
        let look =
            Statement::from_sql_and_values(DbBackend::Postgres, changes::LOOK, [known.into()]);
        let row = self.pool.query_one_raw(look).await?.ok_or_else(absent)?;
        let (snapshot, state) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let state: Option<String> = state;
        let version = state.map(Version::from).or(before.map(|seen| seen.version));
        let version = version.ok_or_else(absent)?;
        let seen = Seen { snapshot, version: Arc::clone(&version) };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        Ok(version)
    }

    /// Reads the position of a replica. What is visible at a position stays visible, so that a page that is read after it has at least
    /// the data of its version.
    async fn look_in_replica(&self) -> Result<Version, DbErr> {
        let look = "SELECT CAST(pg_last_wal_replay_lsn() AS text)";
        let look = Statement::from_string(DbBackend::Postgres, look);
        let row = self.pool.query_one_raw(look).await?.ok_or_else(absent)?;
        let position: Option<String> = row.try_get_by_index(0)?;
        position.map(Version::from).ok_or_else(absent)
    }

    async fn look_in_time(&self) -> Option<Version> {
        match tokio::time::timeout(PATIENCE, self.look()).await {
            Ok(Ok(version)) => Some(version),
            Ok(Err(error)) => {
                if let Some(times) = news("versions", &error) {
                    tracing::warn!(%error, times, "cannot check whether the database has changed");
                }
                None
            }
            Err(_) => None,
        }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

fn absent() -> DbErr {
    DbErr::RecordNotFound("the version of the database".to_owned())
}

type Reply = oneshot::Sender<Option<Version>>;

/// Provides the database's version. Requests that arrive during a lookup share the next one, which begins after
/// all of them: many requests at once cost one statement.
#[derive(Clone, Debug)]
pub struct Versions(UnboundedSender<Reply>);

impl Versions {
    /// Returns a version that the database had after this call, or `None` if it could not be read in time.
    pub async fn now(&self) -> Option<Version> {
        let (sender, answer) = oneshot::channel();
        self.0.send(sender).ok()?;
        answer.await.ok().flatten()
    }
}

impl Db {
    /// Starts the task that looks up versions. It ends when the last handle is dropped.
    #[must_use]
    pub fn versions(&self) -> Versions {
        self.0.watch.versions()
    }
}

async fn serve(watch: Watch, mut received: UnboundedReceiver<Reply>) {
    while let Some(first) = received.recv().await {
        let mut waiting = vec![first];
        while let Ok(sender) = received.try_recv() {
            waiting.push(sender);
        }
        let version = watch.look_in_time().await;
        for sender in waiting {
            // The receiver may be gone.
            sender.send(version.clone()).ok();
        }
    }
}
