//! Versions of the database's state. The database itself provides them, so no code has to count changes.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    DbBackend, Statement,
    sqlx::{Error, PgPool, Sqlite, SqlitePool, query_scalar},
};
use tokio::sync::{
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    oneshot,
};

use super::{Db, changes};

/// A version of the database's state. Equal versions mean equal data; different versions imply nothing.
pub type Version = Arc<str>;

/// How long to wait for the version. After that it counts as unknown, and pages are rendered again.
const PATIENCE: Duration = Duration::from_secs(1);

/// A function that is called with each statement. The driver of the watching connection has none of its own.
pub(super) type Observer = Arc<dyn Fn(&Statement) + Send + Sync>;

/// The statement that reads SQLite's version.
const DATA_VERSION: &str = "PRAGMA data_version";

/// A dedicated connection that reads the database's version.
#[derive(Clone, Debug)]
pub(super) enum Watch {
    /// `PRAGMA data_version` is relative to its connection. There is a single connection, and `opened` counts its
    /// reconnects to distinguish their versions.
    Sqlite { pool: SqlitePool, opened: Arc<AtomicU64> },
    /// Equal snapshots see equal data. Activity in other databases of the cluster changes the snapshot but not
    /// the state of this database.
    Postgres { pool: PgPool, last: Arc<Mutex<Option<Seen>>> },
}

/// A snapshot, and the state it had.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    snapshot: String,
    version: Version,
}

impl Watch {
    async fn look(&self) -> Result<Version, Error> {
        match self {
            Self::Sqlite { pool, opened } => {
                let mut connection = pool.acquire().await?;
                let seen = query_scalar::<Sqlite, i64>(DATA_VERSION);
                let seen = seen.fetch_one(&mut *connection).await?;
                Ok(format!("{}.{seen}", opened.load(Ordering::SeqCst)).into())
            }
            Self::Postgres { pool, last } => {
                let before = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let known = before.as_ref().map_or("", |seen| &seen.snapshot);
                let (snapshot, state) = changes::look(pool, known).await?;
                let version = state.map(Version::from).or(before.map(|seen| seen.version));
                let version = version.ok_or(Error::RowNotFound)?;
                let seen = Seen { snapshot, version: Arc::clone(&version) };
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
                Ok(version)
            }
        }
    }

    /// Returns the statement of a lookup, for an observer.
    fn statement(&self) -> Statement {
        match self {
            Self::Sqlite { .. } => Statement::from_string(DbBackend::Sqlite, DATA_VERSION),
            Self::Postgres { .. } => {
                Statement::from_sql_and_values(DbBackend::Postgres, changes::LOOK, ["".into()])
            }
        }
    }

    async fn look_in_time(&self) -> Option<Version> {
        match tokio::time::timeout(PATIENCE, self.look()).await {
            Ok(Ok(version)) => Some(version),
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot check whether the database has changed");
                None
            }
            Err(_) => None,
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { pool, .. } => pool.close().await,
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
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
        let (requests, received) = unbounded_channel();
        let observer = self.0.watch_observer.clone();
        tokio::spawn(serve(self.0.watch.clone(), observer, received));
        Versions(requests)
    }
}

async fn serve(watch: Watch, observer: Option<Observer>, mut received: UnboundedReceiver<Reply>) {
    while let Some(first) = received.recv().await {
        let mut waiting = vec![first];
        while let Ok(sender) = received.try_recv() {
            waiting.push(sender);
        }
        if let Some(observer) = &observer {
            observer(&watch.statement());
        }
        let version = watch.look_in_time().await;
        for sender in waiting {
            // The receiver may be gone.
            sender.send(version.clone()).ok();
        }
    }
}
