//! A replica of PostgreSQL, from which public pages are read while it is near enough to the primary.
//!
//! The page cache decides for each page, and renders it within [`on_replica`]: reads of that task outside a transaction then go to
//! the replica. Transactions that may write always go to the primary, and so do reads of the task after one.

mod choice;
mod chosen;
mod lag;

use std::{
    str::FromStr as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use sea_orm::{
    ConnectionTrait as _, DbBackend, DbErr, FromQueryResult, Statement,
    sqlx::postgres::PgConnectOptions,
};
use tokio::time::{Instant, sleep, timeout};

use super::{
    Db, Versions,
    connect::{self, ConnectError},
    pool::Pool,
    version::Watch,
};
use crate::telemetry::{Metric, MetricLabel, news, works};

use choice::{Measured, choose, own_changes_last};
use lag::Positions;

pub use choice::{Choice, Reader};
pub(crate) use chosen::on_replica;
pub(super) use chosen::{is_chosen, leave};
pub use lag::Lag;

pub(crate) const LAG: Metric = Metric::gauge(
    "guildhall_replica_lag_seconds",
    "Time by which the replica of the database is behind; it grows while the replica cannot be used, and is absent without one.",
);

pub(crate) const READS: Metric = Metric::counter(
    "guildhall_replica_reads_total",
    "Public pages that could be read from the replica, by where they were read and why.",
)
.by(&[MetricLabel::of("read", &["replica", "own_change", "behind", "unreachable", "failed"])]);

/// How often the lag is measured.
const MEASURED_EVERY: Duration = Duration::from_secs(2);
/// How long a measurement may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The position of the primary's log, and the identity that a replica shares with it.
const HERE: &str = "SELECT CAST(pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS bigint) AS position, \
                    false AS is_replica, (SELECT system_identifier FROM pg_control_system()) AS cluster";
/// The position up to which a replica has replayed it.
const THERE: &str = "SELECT coalesce(CAST(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') AS bigint), 0) AS position, \
                     pg_is_in_recovery() AS is_replica, \
                     (SELECT system_identifier FROM pg_control_system()) AS cluster";

/// The address of a replica, and the lag that pages may have.
#[derive(Clone)]
pub struct ReplicaPlace {
    /// A URL of PostgreSQL. It may contain a password, so it is never printed.
    pub url: String,
    pub allowed: Duration,
}

/// The state of a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicaState {
    /// It responds, and is this far behind.
    Follows(Lag),
    /// It cannot be used, for this reason.
    Failing(String),
}

/// The connections to a replica, and what is known of it.
#[derive(Clone)]
pub(super) struct Replica {
    pub(super) pool: Pool,
    pub(super) watch: Watch,
    pub(super) allowed: Duration,
    known: Arc<Known>,
}

#[derive(Default)]
struct Known {
    positions: Mutex<Positions>,
    /// The last state, with its instant. `None` before the first measurement.
    state: Mutex<Option<(ReplicaState, Instant)>>,
}

/// The position of a server in the log of the primary.
#[derive(FromQueryResult)]
struct Position {
    position: i64,
    is_replica: bool,
    cluster: i64,
}

impl Db {
    /// Returns the handle with a replica, and measures its lag from now on.
    ///
    /// # Errors
    /// When the address is not a valid URL. A replica that does not respond is no error.
    pub fn with_replica(mut self, place: Option<ReplicaPlace>) -> Result<Self, ConnectError> {
        if let Some(place) = place {
            let replica = self.replica_at(&place)?;
            let known = Arc::downgrade(&replica.known);
            tokio::spawn(follow(self.0.writer.clone(), replica.pool.clone(), known, place.allowed));
            Arc::make_mut(&mut self.0).replica = Some(replica);
        }
        Ok(self)
    }

    fn replica_at(&self, place: &ReplicaPlace) -> Result<Replica, ConnectError> {
        let options = PgConnectOptions::from_str(&place.url);
        let options = options.map_err(|error| ConnectError::bad_address(&error))?;
        let (pool, watched) = connect::replica_pools(options);
        let known = Arc::new(Known::default());
        Ok(Replica { pool, watch: Watch::of_replica(watched), allowed: place.allowed, known })
    }

    /// Returns the state of the replica: the last one that this handle measured, or else a new one.
    pub async fn replica_state(&self, place: &ReplicaPlace) -> ReplicaState {
        if let Some(replica) = &self.0.replica {
            return match replica.known.last() {
                Some(state) => state,
                None => replica.known.measure(&self.0.writer, &replica.pool).await,
            };
        }
        let replica = match self.replica_at(place) {
            Ok(replica) => replica,
            Err(error) => return ReplicaState::Failing(error.to_string()),
        };
        let mut state = replica.known.measure(&self.0.writer, &replica.pool).await;
        // The first position may be newer than what the replica can have at the same moment.
        if matches!(state, ReplicaState::Follows(Lag::MoreThan(_))) {
            sleep(MEASURED_EVERY).await;
            state = replica.known.measure(&self.0.writer, &replica.pool).await;
        }
        replica.pool.close().await;
        state
    }

    /// Chooses where a public page is read, and counts it. `None` without a replica.
    pub(crate) fn choose(&self, reader: Reader) -> Option<Choice> {
        let replica = self.0.replica.as_ref()?;
        let choice = choose(replica.known.measured(), replica.allowed, reader);
        READS.add(&[choice.name()], 1);
        Some(choice)
    }

    /// Notes that the replica could not answer a request, which the primary answers instead. If it seems gone, no other request
    /// tries it before the next measurement.
    pub(crate) fn replica_failed(&self, is_gone: bool) {
        READS.add(&["failed"], 1);
        if let Some(replica) = self.0.replica.as_ref().filter(|_| is_gone) {
            *replica.known.state() = None;
        }
    }

    /// Returns how long the pages of a person are read from the primary after a change of theirs; `None` without a replica.
    pub(crate) fn own_changes_last(&self) -> Option<Duration> {
        self.0.replica.as_ref().map(|replica| own_changes_last(replica.allowed))
    }

    /// Starts the task that looks up versions of the replica; `None` without one.
    pub(crate) fn replica_versions(&self) -> Option<Versions> {
        self.0.replica.as_ref().map(|replica| replica.watch.versions())
    }
}

/// Measures the lag regularly, for as long as a handle exists.
async fn follow(primary: Pool, replica: Pool, known: Weak<Known>, allowed: Duration) {
    // The last lag that was known, and when. A replica that cannot be used stays behind from then on.
    let mut last = (Duration::ZERO, Instant::now());
    loop {
        let Some(known) = known.upgrade().filter(|_| !primary.is_closed()) else {
            return;
        };
        let state = known.measure(&primary, &replica).await;
        log(&state, allowed);
        if let ReplicaState::Follows(lag) = &state {
            last = (lag.time(), Instant::now());
        }
        LAG.set(&[], (last.0 + last.1.elapsed()).as_secs_f64());
        *known.state() = Some((state, Instant::now()));
        drop(known);
        sleep(MEASURED_EVERY).await;
    }
}

impl Known {
    fn state(&self) -> MutexGuard<'_, Option<(ReplicaState, Instant)>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn last(&self) -> Option<ReplicaState> {
        self.state().as_ref().map(|(state, _)| state.clone())
    }

    fn positions(&self) -> MutexGuard<'_, Positions> {
        self.positions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the last measurement, unless the replica did not respond.
    fn measured(&self) -> Option<Measured> {
        match &*self.state() {
            Some((ReplicaState::Follows(lag), at)) => {
                Some(Measured { lag: *lag, age: at.elapsed() })
            }
            _ => None,
        }
    }

    async fn measure(&self, primary: &Pool, replica: &Pool) -> ReplicaState {
        let asked = Instant::now();
        let here = match position(primary, HERE).await {
            Ok(here) => here,
            Err(why) => return ReplicaState::Failing(format!("the primary {why}")),
        };
        self.positions().add(asked, here.position);
        match position(replica, THERE).await {
            Ok(there) if there.cluster != here.cluster => {
                ReplicaState::Failing("it is no replica of the server in DATABASE_URL".to_owned())
            }
            Ok(there) if !there.is_replica => ReplicaState::Failing(
                "it is a primary itself: it was promoted, or is the server in DATABASE_URL"
                    .to_owned(),
            ),
            Ok(there) => {
                ReplicaState::Follows(self.positions().lag(there.position, Instant::now()))
            }
            Err(why) => ReplicaState::Failing(format!("it {why}")),
        }
    }
}

/// Logs that pages are not read from the replica, if that is news, and that they are again.
fn log(state: &ReplicaState, allowed: Duration) {
    let why = match state {
        ReplicaState::Follows(Lag::AtMost(lag)) if *lag <= allowed => return works("replica"),
        // A process that starts knows only one position of the primary.
        ReplicaState::Follows(Lag::MoreThan(lag)) if *lag <= allowed => return,
        ReplicaState::Follows(lag) => format!("it is {} s behind", lag.time().as_secs()),
        ReplicaState::Failing(why) => why.clone(),
    };
    if let Some(times) = news("replica", &why) {
        tracing::warn!(why, times, "public pages are not read from the replica");
    }
}

/// Returns the position of a server. The error is the end of a sentence.
async fn position(pool: &Pool, sql: &str) -> Result<Position, String> {
    let look = async {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = pool.query_one_raw(statement).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("a position".to_owned()))?;
        Position::from_query_result(&row, "")
    };
    match timeout(PATIENCE, look).await {
        Ok(Ok(position)) => Ok(position),
        Ok(Err(error)) => {
            tracing::debug!(%error, "cannot read the position of a server");
            Err("cannot be read: the log has the reason at the level debug".to_owned())
        }
        Err(_) => Err(format!("did not respond in {PATIENCE:?}")),
    }
}
