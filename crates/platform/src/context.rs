use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync::Arc,
};

use kernel::{Clock, Ids, Timestamp};

use crate::{
    crypto::KeyRing,
    db::{Db, DbError, Tx},
    flags::Flags,
};

/// The argument of every action: the database, the clock, the source of ids, the flags and the keys. Clones share it,
/// because every request has several.
#[derive(Clone)]
pub struct Context(Arc<ContextParts>);

#[derive(Clone)]
pub struct ContextParts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// The source of ids.
    pub ids: Arc<dyn Ids>,
    pub flags: Flags,
    /// The server's secret keys; `None` in commands that only read the database.
    pub keys: Option<KeyRing>,
}

impl From<ContextParts> for Context {
    fn from(parts: ContextParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Context {
    type Target = ContextParts;

    fn deref(&self) -> &ContextParts {
        &self.0
    }
}

impl DerefMut for Context {
    /// Returns the parts for a change, which other clones do not see.
    fn deref_mut(&mut self) -> &mut ContextParts {
        Arc::make_mut(&mut self.0)
    }
}

impl Context {
    /// Returns the current instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When no connection is available.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        self.db.begin().await
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("db", &self.db).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn now(&self) -> Timestamp {
        kernel::truncate_to_micros(chrono::Utc::now())
    }
}

/// A source of UUIDv7 ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
    fn next(&self) -> uuid::Uuid {
        uuid::Uuid::now_v7()
    }
}
