use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Noticed, Process, machine::host, off_clock, rules::no_one_works, store};
use crate::{
    ActionError,
    alerts::{self, Unstored},
    checks::Checks,
    crypto::KeyRing,
    db::{DbError, Fault, in_words},
    disk::{self, Disk, DiskLevel},
    module::Services,
    outside::{Condition, Http, ask, silence},
    telemetry,
};

/// How often the keys are compared with those of the row, so that a rotation shows in it before another process starts.
const TICK: Duration = Duration::from_secs(1);
/// How often the row is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(15);
/// How often the process looks at what it and the others lack.
const LOOKS_EVERY: Duration = Duration::from_secs(20);
/// How often the monitor outside is notified that all is well.
const BEATS_EVERY: Duration = Duration::from_mins(1);
/// How long a write of the row may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long an outside service must fail before the row says so: three checks in a row.
const FAILING_FOR: Duration = Duration::from_secs(90);
/// The time after which the rows of processes that ended without a word are deleted.
const KEPT: TimeDelta = TimeDelta::days(1);
/// The looks in a row that must find no one at work: a worker that is restarted is away for a moment.
const MISSED_LOOKS: u32 = 3;

/// How this process was started.
#[derive(Clone, Copy, Debug)]
pub struct OwnProcess {
    /// `serve`, `serve --no-jobs`, `worker`, `worker --only` or `demo`.
    pub kind: &'static str,
    /// The version with the commit.
    pub version: &'static str,
    /// True if it runs all background jobs.
    pub does_jobs: bool,
}

/// The row of this process, which is renewed until [`Life::end`].
#[derive(Debug)]
pub struct Life {
    shared: Shared,
    stop: CancellationToken,
    keeping: JoinHandle<()>,
    looking: JoinHandle<()>,
}

/// The state that the tasks of this process share.
#[derive(Clone, Debug)]
struct Shared(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    services: Services,
    /// When the row was last written.
    renewed_at: Instant,
    /// The error of the last write, if it failed.
    error: Option<WriteFailure>,
    /// The disk with the least space left, if that is little.
    low: Option<Disk>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn services(&self) -> Services {
        self.lock().services.clone()
    }
}

impl Life {
    /// Writes the row of this process, and renews it from now on. A failure is logged, and tried again.
    pub async fn begin(services: &Services, own: OwnProcess) -> Self {
        let state = State {
            services: services.clone(),
            renewed_at: Instant::now(),
            error: None,
            low: disk::lowest(&services.config).await,
        };
        let shared = Shared(Arc::new(Mutex::new(state)));
        let mut keeper = Keeper::new(services, shared.clone(), own);
        keeper.renew().await;
        let (stop, looker) = (CancellationToken::new(), Looker::new(&keeper));
        let keeping = tokio::spawn(keeper.keep(stop.clone()));
        let looking = tokio::spawn(looker.watch(stop.clone()));
        Self { shared, stop, keeping, looking }
    }

    /// Goes on with changed settings.
    pub fn follow(&self, services: &Services) {
        self.shared.lock().services = services.clone();
    }

    /// Deletes the row.
    pub async fn end(self) {
        self.stop.cancel();
        for task in [self.looking, self.keeping] {
            if let Err(error) = task.await {
                tracing::error!(%error, "the row of this process could not be kept");
            }
        }
    }
}

/// Renews the row.
struct Keeper {
    shared: Shared,
    ring: KeyRing,
    noticed: Noticed,
    row: Process,
    /// Since when outside services have been failing.
    failing: BTreeMap<&'static str, Instant>,
}

/// Looks at what is wrong, which may take long: the row is renewed meanwhile.
struct Looker {
    shared: Shared,
    host: String,
    does_jobs: bool,
    heartbeat: Http,
    /// When the monitor outside was last told that all is well.
    beaten_at: Option<Instant>,
    /// The looks in a row that found no one at work.
    missed: u32,
    unstored: Unstored,
}

/// Why the row could not be written.
#[derive(Clone, Debug)]
struct WriteFailure {
    why: String,
    is_full: bool,
}

impl Keeper {
    fn new(services: &Services, shared: Shared, own: OwnProcess) -> Self {
        let (context, now) = (&services.context, services.context.now());
        let row = Process {
            id: context.ids.next(),
            created_at: now,
            kind: own.kind.to_owned(),
            version: own.version.to_owned(),
            host: host(),
            process_id: i64::from(std::process::id()),
            does_jobs: own.does_jobs,
            last_seen_at: now,
            key_fingerprint: String::new(),
            refused_signatures: 0,
            forwarded_by: None,
            failing_services: String::new(),
            low_disk: None,
        };
        Self {
            shared,
            ring: services.ring.clone(),
            noticed: services.once(Noticed::default),
            row,
            failing: BTreeMap::new(),
        }
    }

    async fn keep(mut self, stop: CancellationToken) {
        let mut tried_at = Instant::now();
        while stop.run_until_cancelled(tokio::time::sleep(TICK)).await.is_some() {
            let has_other_key = self.ring.keys().newest().fingerprint() != self.row.key_fingerprint;
            let services = self.shared.services();
            let is_news = self.failing_services(&services) != self.row.failing_services;
            if has_other_key || is_news || tried_at.elapsed() >= RENEWED_EVERY {
                tried_at = Instant::now();
                self.renew().await;
            }
        }
        let services = self.shared.services();
        let removed = store::remove(&services.context, &self.row);
        if !matches!(tokio::time::timeout(PATIENCE, removed).await, Ok(Ok(()))) {
            tracing::warn!("the row of this process in the list at /admin/health stays for a day");
        }
    }

    /// Writes the row with what is known now.
    async fn renew(&mut self) {
        let services = self.shared.services();
        self.row.last_seen_at = services.context.now();
        self.row.key_fingerprint = self.ring.keys().newest().fingerprint();
        self.row.refused_signatures =
            i64::try_from(self.noticed.refused_signatures()).unwrap_or(i64::MAX);
        self.row.forwarded_by = self.noticed.forwarded_by().map(|peer| peer.to_string());
        self.row.failing_services = self.failing_services(&services);
        self.row.low_disk = self.shared.lock().low.as_ref().map(Disk::words);
        let writing = store::write(&services.context, &self.row);
        let error = match tokio::time::timeout(PATIENCE, writing).await {
            Ok(Ok(())) => {
                self.shared.lock().renewed_at = Instant::now();
                telemetry::works("process");
                None
            }
            Ok(Err(error)) => Some(WriteFailure::of(&error)),
            Err(_) => {
                let why = format!("the database did not respond in {PATIENCE:?}");
                Some(WriteFailure { why, is_full: false })
            }
        };
        if let Some(error) = &error
            && let Some(times) = telemetry::news("process", &error.why)
        {
            tracing::warn!(error = error.why, times, "cannot renew the row of this process");
        }
        self.shared.lock().error = error;
    }

    /// Returns the outside services that have been failing for minutes, a line each.
    fn failing_services(&mut self, services: &Services) -> String {
        let (found, mut lines) = (services.outside.found(), String::new());
        let failing = found.iter().filter(|found| !found.is_remark).filter_map(|found| {
            let Condition::Failing(why) = &found.condition else { return None };
            Some((found.name, why))
        });
        let failing: BTreeMap<&'static str, &String> = failing.collect();
        self.failing.retain(|name, _| failing.contains_key(name));
        for (name, why) in failing {
            let since = self.failing.entry(name).or_insert_with(Instant::now);
            if since.elapsed() >= FAILING_FOR {
                let why = why.replace('\n', " ");
                writeln!(lines, "{name}: {why}").expect("a string takes any text");
            }
        }
        lines
    }
}

impl Looker {
    fn new(keeper: &Keeper) -> Self {
        Self {
            shared: keeper.shared.clone(),
            host: keeper.row.host.clone(),
            does_jobs: keeper.row.does_jobs,
            heartbeat: Http::new(PATIENCE),
            beaten_at: None,
            missed: 0,
            unstored: Unstored::default(),
        }
    }

    async fn watch(mut self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(LOOKS_EVERY)).await.is_some() {
            stop.run_until_cancelled(self.look()).await;
        }
    }

    /// Looks at what is wrong, and alerts operators to what no worker could: the database, a full disk, and that no one works.
    async fn look(&mut self) {
        let services = self.shared.services();
        let low = disk::lowest(&services.config).await;
        self.shared.lock().low.clone_from(&low);
        let full = low.filter(|disk| disk.level() == DiskLevel::Full);
        self.alert_unstored(&services, full.as_ref()).await;
        if self.shared.lock().error.is_some() {
            return;
        }
        if let Err(error) = self.look_at_others(&services).await
            && let Some(times) = telemetry::news("processes", &error)
        {
            tracing::warn!(%error, times, "cannot read the rows of the other processes");
        }
        let is_time = self.beaten_at.is_none_or(|at| at.elapsed() >= BEATS_EVERY);
        // On a full disk, not all is well.
        if is_time && full.is_none() {
            self.beaten_at = Some(Instant::now());
            self.beat(&services).await;
        }
    }

    /// Deletes the rows of processes that ended long ago, and alerts operators when no one works or the clock is wrong.
    async fn look_at_others(&mut self, services: &Services) -> Result<(), ActionError> {
        let context = &services.context;
        let (processes, before) = (store::all(&context.db).await?, context.now() - KEPT);
        if processes.iter().any(|process| process.last_seen_at < before) {
            store::prune(context, before).await?;
        }
        self.alert_idle(services, &processes).await?;
        let why = off_clock(&context.db).await?;
        let wrong = why.map(|why| alerts::wrong_clock(&self.host, &why));
        let operators = services.operators();
        self.unstored.reconcile(context, &operators, alerts::WRONG_CLOCK, wrong.as_slice()).await;
        Ok(())
    }

    /// Alerts operators to what cannot be stored, by this process itself.
    async fn alert_unstored(&mut self, services: &Services, full: Option<&Disk>) {
        let (error, renewed_at) = {
            let state = self.shared.lock();
            (state.error.clone(), state.renewed_at)
        };
        let is_full = error.as_ref().is_some_and(|error| error.is_full);
        let disk = full.map(Disk::words).or_else(|| is_full.then(String::new));
        let disk = disk.map(|words| alerts::disk_full(&self.host, &words));
        let is_silent = renewed_at.elapsed() >= 3 * RENEWED_EVERY;
        let lost = error.filter(|error| is_silent && !error.is_full);
        let lost = lost.map(|error| alerts::no_database(&self.host, &error.why));
        let operators = services.operators();
        for (kind, incident) in [(alerts::DISK_FULL, disk), (alerts::NO_DATABASE, lost)] {
            let incidents = incident.as_slice();
            self.unstored.reconcile(&services.context, &operators, kind, incidents).await;
        }
    }

    /// Alerts operators when no one runs the background jobs, if this process does not run them itself.
    async fn alert_idle(
        &mut self,
        services: &Services,
        processes: &[Process],
    ) -> Result<(), ActionError> {
        if self.does_jobs {
            return Ok(());
        }
        let context = &services.context;
        let why = no_one_works(processes, context.now());
        self.missed = if why.is_some() { self.missed.saturating_add(1) } else { 0 };
        if self.missed > 0 && self.missed < MISSED_LOOKS {
            return Ok(());
        }
        let incidents: Vec<_> = why.iter().map(|why| alerts::no_one_works(why)).collect();
        alerts::reconcile_now(context, &services.operators(), alerts::NO_JOBS, &incidents).await?;
        Ok(())
    }

    /// Tells the monitor outside that all is well with the background jobs, if it is and if this process runs them.
    async fn beat(&self, services: &Services) {
        let Some(url) = services.config.heartbeat_url.as_ref().filter(|_| self.does_jobs) else {
            return;
        };
        let is_done = Checks::of(services).jobs_are_done(&services.context).await;
        if !matches!(is_done, Ok(true)) {
            return;
        }
        let sent = match self.heartbeat.request(Method::GET, url.expose_secret()) {
            Ok(request) => ask("heartbeat", request, services.context.now()).await,
            Err(error) => Err(error),
        };
        let failure = match sent {
            Ok(answer) if answer.status.is_success() => {
                telemetry::works("heartbeat");
                return;
            }
            Ok(answer) => format!("it responded with {}", answer.status),
            Err(error) => silence(&error).to_owned(),
        };
        if let Some(times) = telemetry::news("heartbeat", &failure) {
            tracing::warn!(
                failure,
                times,
                "the monitor at GUILDHALL_HEARTBEAT_URL was not reached"
            );
        }
    }
}

impl WriteFailure {
    fn of(error: &DbError) -> Self {
        Self { why: in_words(error), is_full: error.fault() == Fault::Full }
    }
}
