//! A pool of connections (docs/adr/0032). A connection returns to it at once after a statement has ended, without the
//! round trip that sqlx's pool makes to test it. Only one whose work was abandoned or failed is tested, or replaced.

mod connection;
mod executor;
mod pooled;
#[cfg(test)]
mod tests;

use std::{
    io::ErrorKind,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    Statement,
    sqlx::{self, Database, Error, pool::PoolOptions, postgres::PgConnection},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{Instant, sleep, timeout},
};

use crate::slow::{SlowStatement, SlowStatements};

use connection::Connection;
pub(super) use connection::Options;
pub use executor::Transaction;
pub(super) use executor::query_failed;
pub(super) use pooled::Pooled;

use super::pools::FAILED;

/// A function that is called with each statement.
pub(super) type Observer = Arc<dyn Fn(&Statement) + Send + Sync>;

/// How long closing a connection may take. Its server may be gone.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long ending abandoned work may take, which includes its last statement.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(60);
/// The first and the longest pause before another attempt to connect to a server that is starting.
const PAUSES: [Duration; 2] = [Duration::from_millis(10), Duration::from_secs(1)];

/// The limits of a pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The maximum number of connections.
    pub(super) most: u32,
    /// How long to wait for a connection.
    pub(super) acquire_timeout: Duration,
    /// How long a connection is kept without use; `None` without limit.
    pub(super) idle: Option<Duration>,
    /// The number of idle connections that are kept nevertheless.
    pub(super) kept: usize,
    /// How long a connection is used; `None` without limit.
    pub(super) lifetime: Option<Duration>,
    /// False if others do the work when no connection can be had, which is then no failure.
    pub(super) is_needed: bool,
}

/// The number of connections of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSize {
    /// Open connections, both idle and used, and those that are being opened or closed.
    pub open: u32,
    /// Connections that wait for use.
    pub idle: u32,
    /// The maximum of open connections.
    pub most: u32,
    /// The work that waits for a connection.
    pub waiting: u32,
}

/// A pool of connections to one database; clones share its connections.
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
    observer: Option<Observer>,
}

struct Shared {
    options: Options,
    limits: Limits,
    /// One for each connection that may be used. Closed with the pool.
    permits: Arc<Semaphore>,
    /// Idle connections, the last used one last. It is used next, so that few stay busy and the others can be closed.
    idle: Mutex<Vec<Idle>>,
    open: Arc<watch::Sender<u32>>,
    waiting: Arc<watch::Sender<u32>>,
    /// The number of connections opened so far.
    opened: AtomicU64,
    /// The number of connections that could not be had.
    failed: AtomicU64,
    slow: SlowStatements,
}

struct Idle {
    live: Live,
    since: Instant,
}

/// An open connection. Its fields are dropped in this order.
struct Live {
    connection: Connection,
    born: Instant,
    number: u64,
    _counted: Counted,
}

/// Counts an open connection, or work that waits for one, until dropped.
struct Counted(Arc<watch::Sender<u32>>);

impl Counted {
    fn new(number: &Arc<watch::Sender<u32>>) -> Self {
        number.send_modify(|number| *number += 1);
        Self(Arc::clone(number))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|number| *number -= 1);
    }
}

/// A connection in use, and the permit for it. Dropping closes the connection, then frees the permit.
struct Lease {
    live: Live,
    permit: OwnedSemaphorePermit,
    shared: Arc<Shared>,
}

impl Pool {
    /// Creates a pool, which connects when a connection is first used.
    pub(super) fn new(options: Options, limits: Limits) -> Self {
        let pool = Self::keeping_unused(options, limits);
        if let Some(period) = limits.idle.into_iter().chain(limits.lifetime).min() {
            tokio::spawn(close_unused(Arc::downgrade(&pool.shared), period));
        }
        pool
    }

    /// Creates a pool in which no task closes unused connections.
    fn keeping_unused(options: Options, limits: Limits) -> Self {
        let shared = Arc::new(Shared {
            options,
            limits,
            permits: Arc::new(Semaphore::new(limits.most as usize)),
            idle: Mutex::default(),
            open: Arc::default(),
            waiting: Arc::default(),
            opened: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            slow: SlowStatements::default(),
        });
        Self { shared, observer: None }
    }

    /// Takes over a connection to the server as an idle one.
    pub(super) fn adopt(&self, connection: PgConnection) {
        let live =
            self.shared.live(Connection::Postgres(connection), Counted::new(&self.shared.open));
        self.shared.idle().push(Idle { live, since: Instant::now() });
    }

    /// Calls `observer` with every later statement of this handle.
    pub(super) fn observe(&mut self, observer: Observer) {
        self.observer = Some(observer);
    }

    pub(super) fn observer(&self) -> Option<&Observer> {
        self.observer.as_ref()
    }

    pub(super) fn options(&self) -> &Options {
        &self.shared.options
    }

    /// Returns how long work waits for a connection.
    pub(super) fn acquire_timeout(&self) -> Duration {
        self.shared.limits.acquire_timeout
    }

    /// Takes the connection that was used last, or opens one.
    ///
    /// # Errors
    /// When all connections stay in use, the database cannot be reached, or the pool is closed.
    pub(super) async fn acquire(&self) -> Result<Pooled, Error> {
        let acquired = timeout(self.shared.limits.acquire_timeout, self.shared.lease());
        let lease = acquired.await.unwrap_or(Err(Error::PoolTimedOut));
        let lease = lease.inspect_err(|error| self.count_failure(error))?;
        Ok(Pooled::new(lease, self.observer.clone()))
    }

    /// Counts a connection that could not be had. A closed pool is no failure.
    fn count_failure(&self, error: &Error) {
        if self.shared.limits.is_needed && !matches!(error, Error::PoolClosed) {
            self.shared.failed.fetch_add(1, Ordering::Relaxed);
            FAILED.add(&[], 1);
        }
    }

    /// Returns the number of connections that could not be had since the start.
    pub(super) fn failed(&self) -> u64 {
        self.shared.failed.load(Ordering::Relaxed)
    }

    /// Returns the slow statements of its connections, and forgets them.
    pub(super) fn take_slow(&self) -> Vec<SlowStatement> {
        self.shared.slow.take()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.shared.permits.is_closed()
    }

    pub(super) fn size(&self) -> PoolSize {
        let idle = self.shared.idle();
        PoolSize {
            open: *self.shared.open.borrow(),
            idle: u32::try_from(idle.len()).unwrap_or(u32::MAX),
            most: self.shared.limits.most,
            waiting: *self.shared.waiting.borrow(),
        }
    }

    /// Closes all connections once their current work is done. Those who wait for a connection get an error.
    pub(super) async fn close(&self) {
        self.shared.permits.close();
        let idle = mem::take(&mut *self.shared.idle());
        for Idle { live, .. } in idle {
            live.close().await;
        }
        // The sender is in `shared`, so that the wait ends only without connections.
        self.shared.open.subscribe().wait_for(|open| *open == 0).await.ok();
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn lease(self: &Arc<Self>) -> Result<Lease, Error> {
        let permit = self.permit().await?;
        let live = match self.take()? {
            Ok(live) => live,
            Err(counted) => self.open(counted).await?,
        };
        Ok(Lease { live, permit, shared: Arc::clone(self) })
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _waiting = Counted::new(&self.waiting);
        Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Error::PoolClosed)
    }

    /// Takes an idle connection, or counts one that may be opened instead. Both under one lock, so that at most as many are
    /// open as there are permits, and a pool that is being closed opens none.
    fn take(&self) -> Result<Result<Live, Counted>, Error> {
        let mut idle = self.idle();
        if self.permits.is_closed() {
            return Err(Error::PoolClosed);
        }
        let last = idle.pop();
        Ok(last.map(|idle| idle.live).ok_or_else(|| Counted::new(&self.open)))
    }

    /// Opens a connection, and tries again while the server is starting.
    async fn open(&self, counted: Counted) -> Result<Live, Error> {
        let [mut pause, longest] = PAUSES;
        let connection = loop {
            match self.options.connect().await {
                Err(error) if is_starting(&error) => sleep(pause).await,
                result => break result?,
            }
            pause = longest.min(pause * 2);
        };
        Ok(self.live(connection, counted))
    }

    fn live(&self, connection: Connection, counted: Counted) -> Live {
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        Live { connection, born: Instant::now(), number, _counted: counted }
    }

    /// Takes an idle connection that is too old or was unused for too long.
    fn take_unused(self: &Arc<Self>) -> Option<Lease> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        let mut idle = self.idle();
        let is_spare = idle.len() > self.limits.kept;
        let is_unused = |one: &Idle| is_over(self.limits.idle, one.since) && is_spare;
        let found = idle.iter().position(|one| one.live.is_old(&self.limits) || is_unused(one))?;
        let Idle { live, .. } = idle.remove(found);
        Some(Lease { live, permit, shared: Arc::clone(self) })
    }
}

impl Live {
    fn is_old(&self, limits: &Limits) -> bool {
        is_over(limits.lifetime, self.born)
    }

    async fn close(self) {
        let Self { connection, _counted, .. } = self;
        match timeout(CLOSE_TIMEOUT, connection.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, "cannot close a connection properly"),
            Err(_) => tracing::debug!("closing a connection took too long"),
        }
    }
}

impl Lease {
    /// Returns the connection to the pool, unless it is too old or the pool is closed.
    fn give_back(mut self) {
        self.live.connection.shrink();
        let mut idle = self.shared.idle();
        if self.live.is_old(&self.shared.limits) || self.shared.permits.is_closed() {
            drop(idle);
            return in_background(self.close());
        }
        idle.push(Idle { live: self.live, since: Instant::now() });
        drop(idle);
        drop(self.permit);
    }

    /// Ends what was abandoned on the connection, and returns it to the pool.
    async fn recover(mut self, in_transaction: bool) {
        let connection = &mut self.live.connection;
        let recovered = timeout(RECOVERY_TIMEOUT, async {
            if in_transaction { connection.roll_back().await } else { connection.ping().await }
        });
        match recovered.await {
            Ok(Ok(())) => self.give_back(),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection whose work was abandoned is replaced");
                self.close().await;
            }
            Err(_) => tracing::debug!("a connection whose work was abandoned does not answer"),
        }
    }

    /// Drops a connection that the database has ended, and those that are idle: they usually end together.
    fn lose(self) {
        let Self { live, permit, shared } = self;
        let mut idle = shared.idle();
        idle.clear();
        // No other is opened meanwhile.
        drop((live, idle, permit));
    }

    async fn close(self) {
        let Self { live, permit, .. } = self;
        live.close().await;
        drop(permit);
    }
}

/// Creates a pool of the driver with one connection, for its listener and for the ORM's migrations, which take no other. It connects
/// when it is first used.
pub(super) fn of_driver<D: Database>(
    options: <D::Connection as sqlx::Connection>::Options,
    acquire_timeout: Duration,
) -> sqlx::Pool<D> {
    let pool = PoolOptions::<D>::new().max_connections(1).acquire_timeout(acquire_timeout);
    pool.idle_timeout(None).max_lifetime(None).connect_lazy_with(options)
}

/// Closes unused connections regularly, for as long as the pool is open.
async fn close_unused(pool: Weak<Shared>, period: Duration) {
    loop {
        sleep(period).await;
        let Some(shared) = pool.upgrade().filter(|shared| !shared.permits.is_closed()) else {
            return;
        };
        while let Some(lease) = shared.take_unused() {
            lease.close().await;
        }
    }
}

/// Runs work that a dropped value leaves. Without a runtime the work is dropped, which closes its connection.
fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(work);
    }
}

fn is_over(limit: Option<Duration>, since: Instant) -> bool {
    limit.is_some_and(|limit| since.elapsed() >= limit)
}

fn is_starting(error: &Error) -> bool {
    match error {
        Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        Error::Database(error) => error.is_transient_in_connect_phase(),
        _ => false,
    }
}
