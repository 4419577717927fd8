//! Version of the database's state, from the database itself: no code has to count changes.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::sqlx::{Error, PgPool, Sqlite, SqlitePool, query_scalar};
use tokio::sync::{
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    oneshot,
};

use super::{Db, changes};

/// A state of the database. Equal ones mean that equal data is seen; different ones mean nothing.
pub type Version = Arc<str>;

/// A database that does not say within this time is not asked to: pages are then rendered.
const PATIENCE: Duration = Duration::from_secs(1);

/// A connection that only looks which state the database is in.
#[derive(Clone, Debug)]
pub(super) enum Watch {
    /// `PRAGMA data_version` compares with what this very connection saw before: there is one, and
    /// each that is opened after it counts as another.
    Sqlite {
        pool: SqlitePool,
        opened: Arc<AtomicU64>,
    },
    /// Equal snapshots see equal data; what the cluster's other databases do makes other snapshots of the
    /// same state of this one.
    Postgres {
        pool: PgPool,
        last: Arc<Mutex<Option<Seen>>>,
    },
}

/// A snapshot, and the state that it showed.
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
                let seen = query_scalar::<Sqlite, i64>("PRAGMA data_version");
                let seen = seen.fetch_one(&mut *connection).await?;
                Ok(format!("{}.{seen}", opened.load(Ordering::SeqCst)).into())
            }
            Self::Postgres { pool, last } => {
                let before = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let known = before.as_ref().map_or("", |seen| &seen.snapshot);
                let (snapshot, state) = changes::look(pool, known).await?;
                let version = state.map(Version::from).or(before.map(|seen| seen.version));
                let version = version.ok_or(Error::RowNotFound)?;
                let seen = Seen {
                    snapshot,
                    version: Arc::clone(&version),
                };
                *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
                Ok(version)
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

type Asker = oneshot::Sender<Option<Version>>;

/// Tells the database's version. Those who ask while it is being looked up share the next look, which
/// begins after all of them asked: many requests at once cost one statement.
#[derive(Clone, Debug)]
pub struct Versions(UnboundedSender<Asker>);

impl Versions {
    /// A version that the database had after this was called; `None` when it does not say.
    pub async fn now(&self) -> Option<Version> {
        let (asker, answer) = oneshot::channel();
        self.0.send(asker).ok()?;
        answer.await.ok().flatten()
    }
}

impl Db {
    /// Starts telling versions, until the last handle on them is gone.
    #[must_use]
    pub fn versions(&self) -> Versions {
        let (asks, asked) = unbounded_channel();
        tokio::spawn(tell(self.0.watch.clone(), asked));
        Versions(asks)
    }
}

async fn tell(watch: Watch, mut asked: UnboundedReceiver<Asker>) {
    while let Some(first) = asked.recv().await {
        let mut askers = vec![first];
        while let Ok(asker) = asked.try_recv() {
            askers.push(asker);
        }
        let version = watch.look_in_time().await;
        for asker in askers {
            // Whoever went away need not know.
            asker.send(version.clone()).ok();
        }
    }
}
