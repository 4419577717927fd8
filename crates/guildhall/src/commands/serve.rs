use std::{
    io::IsTerminal as _,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use identity::{access::first_run::FirstRun, rules::SETUP_PAGE};
use platform::{
    ActionError, Context,
    command::say,
    config::{Config, LogFormat, url_at},
    jobs::{self, Runner},
    presence::Presence,
    probes::{self, Metrics},
    telemetry::{self, activity},
};
use tokio::{net::TcpListener, signal, task::JoinSet};

use super::place;
use crate::{App, MODULES, VERSION, current::Current, health};

/// The address to listen on.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct BindArgs {
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "HOST:PORT", value_parser = platform::config::resolve)]
    pub(super) bind: Option<SocketAddr>,
}

/// Arguments of `serve`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) bind: BindArgs,
    /// Do not run background jobs. Run `guildhall worker` for them instead
    #[arg(long)]
    no_jobs: bool,
}

/// Arguments of `worker`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct WorkerArgs {
    /// Run only this worker and no scheduled jobs. Can be given more than once
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

/// How often the log gets a summary of the work done.
const SUMMARY_EVERY: Duration = Duration::from_secs(60);

/// Time for running requests to finish when the server stops.
const GRACE: Duration = Duration::from_secs(20);

pub(super) async fn run(config: Config, args: Args) -> anyhow::Result<()> {
    start_logging(&config);
    let mut watch = watch();
    let _presence = Presence::announce(&config)?;
    let stop = stop_signal();
    let mut app = App::open(config).await?;
    if let Some(first_run) = FirstRun::of(&app.context).await? {
        app.extensions.insert(first_run);
    }
    let (context, config) = (app.context.clone(), Arc::clone(&app.config));
    let db = context.db.clone();
    watch.spawn(warn_of_lost_secrets(app.clone()));
    let current = Current::of(app);
    let kind = if args.no_jobs { "serve --no-jobs" } else { "serve" };
    let server = Server::start(&current, &config, Some((kind, !args.no_jobs))).await?;
    if !args.no_jobs {
        current.run_jobs(|app| app.start_jobs()).await;
    }
    current.watch_services().await;
    current.follow();
    let site = config.public_url.clone().unwrap_or_else(|| url_at(server.bind));
    server.announce(&site);
    let command = config.command("setup-code");
    watch.spawn(async move {
        let offered = offer_setup(&context, &site, &command).await;
        let log = |error: &ActionError| tracing::error!(%error, command, "cannot make a setup code: run the command");
        offered.inspect_err(log).ok();
    });
    stop.await;
    server.stop().await;
    current.stop().await;
    db.close().await;
    telemetry::finish().await;
    Ok(())
}

pub(super) async fn worker(config: Config, args: &WorkerArgs) -> anyhow::Result<()> {
    start_logging(&config);
    let mut watch = watch();
    let (db, _) = place::connect(&config).await?;
    db.close().await;
    let _presence = Presence::announce(&config)?;
    let stop = stop_signal();
    let app = App::open(config).await?;
    let db = app.context.db.clone();
    must_exist(&app, &args.only)?;
    watch.spawn(probes::serve_worker((*app).clone(), Metrics::start(MODULES, VERSION)));
    let current = Current::of(app);
    let (only, is_whole) = (args.only.clone(), args.only.is_empty());
    current.run_jobs(move |app| start_jobs(app, &only)).await;
    current.appear(if is_whole { "worker" } else { "worker --only" }, is_whole).await;
    current.follow();
    tracing::info!("jobs are running");
    stop.await;
    tracing::info!("stopping; waiting for running jobs to finish");
    current.stop().await;
    db.close().await;
    telemetry::finish().await;
    Ok(())
}

/// Fails when a name is of no worker.
fn must_exist(app: &App, names: &[String]) -> anyhow::Result<()> {
    let all = app.jobs().workers;
    for name in names {
        anyhow::ensure!(
            all.iter().any(|worker| worker.names().is(name)),
            "unknown worker '{name}': choose one of {}",
            all.iter().map(|worker| worker.name).collect::<Vec<_>>().join(", ")
        );
    }
    Ok(())
}

/// Starts the named jobs, to scale or measure them separately, or all if no name is given.
fn start_jobs(app: &App, names: &[String]) -> Runner {
    if names.is_empty() {
        return app.start_jobs();
    }
    let is_named = |worker: &jobs::Worker| names.iter().any(|name| worker.names().is(name));
    let chosen = app.jobs().workers.into_iter().filter(is_named).collect();
    let settings = app.config.jobs();
    Runner::start(&app.context, settings, chosen, Vec::new())
}

pub(super) fn start_logging(config: &Config) {
    telemetry::start(config, VERSION);
    config.log_file(&MODULES.flags().iter().map(|flag| flag.variable).collect::<Vec<_>>());
}

/// Chooses readable log lines on a terminal.
pub(super) fn prefer_readable(config: &mut Config) {
    if std::io::stderr().is_terminal() {
        config.log_format = LogFormat::Pretty;
    }
}

/// Warns of stored secrets that the present keys cannot decrypt. Deliveries that they sign are refused.
async fn warn_of_lost_secrets(app: App) {
    let finding = health::secrets(MODULES, &app.ring, &app.context.db).await;
    if !finding.is_ok {
        tracing::warn!(detail = finding.detail, "stored secrets cannot be used");
    }
}

/// Writes a code to the log, and to a terminal, with which whoever reads it becomes the first admin, if there is none; and the
/// command that prints another.
async fn offer_setup(context: &Context, site: &str, command: &str) -> Result<(), ActionError> {
    if identity::reads::has_admin(&context.db).await? {
        return Ok(());
    }
    let code = identity::actions::make_setup_code(context, None).await?;
    let address = format!("{site}{SETUP_PAGE}");
    tracing::info!(
        address,
        code,
        valid = "1 h",
        another = command,
        "no admin yet; enter this code in your browser"
    );
    if std::io::stdout().is_terminal() {
        say(format_args!("ready on {address}\nno admin yet; the code for your browser is\n{code}"));
        say(format_args!("valid for an hour; `{command}` prints another"));
    }
    Ok(())
}

/// A running server.
pub(super) struct Server {
    pub(super) bind: SocketAddr,
    started: Instant,
    drain: Duration,
    stop: tokio_util::sync::CancellationToken,
    serving: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Starts a server. It is listed as a kind of `process`, which may do all jobs, before it answers: after a crash, its
    /// first answers about health would not know of it.
    pub(super) async fn start(
        current: &Arc<Current>,
        config: &Config,
        process: Option<(&'static str, bool)>,
    ) -> anyhow::Result<Self> {
        let (started, bind) = (Instant::now(), config.bind);
        let router = current.serve(Metrics::start(MODULES, VERSION)).await;
        let listener = TcpListener::bind(bind).await.with_context(|| {
            format!("cannot listen on {bind}: choose another address with `--bind HOST:PORT`")
        })?;
        let bind = listener.local_addr()?;
        if let Some((kind, does_jobs)) = process {
            current.appear(kind, does_jobs).await;
        }
        let stop = tokio_util::sync::CancellationToken::new();
        let drain = Duration::from_secs(config.drain_seconds);
        let serving = platform::web::serve_and_drain(listener, router, stop.clone(), drain);
        Ok(Self { bind, started, drain, stop, serving: tokio::spawn(serving) })
    }

    fn announce(&self, site: &str) {
        tracing::info!(
            address = site,
            bind = %self.bind,
            milliseconds = self.started.elapsed().as_millis(),
            "ready"
        );
    }

    /// Drains, then accepts no new connections, waits for running requests and returns.
    pub(super) async fn stop(self) {
        tracing::info!(
            drain_seconds = self.drain.as_secs(),
            "stopping; waiting for running requests to finish"
        );
        self.stop.cancel();
        match tokio::time::timeout(self.drain + GRACE, self.serving).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the server panicked"),
            Err(_) => tracing::warn!("some requests did not finish in time"),
        }
    }
}

/// Starts what runs in addition to a server or worker until the returned set is dropped: the summary in the log, and a
/// handler for SIGHUP, which would otherwise end the process. The handler is in place when this function returns.
fn watch() -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(activity::summarize(SUMMARY_EVERY));
    #[cfg(unix)]
    if let Ok(mut hangups) = signal::unix::signal(signal::unix::SignalKind::hangup()) {
        tasks.spawn(async move {
            while hangups.recv().await.is_some() {
                tracing::info!(
                    "SIGHUP has no effect: restart the process to apply changed settings"
                );
            }
        });
    }
    tasks
}

/// Returns a future that waits for Ctrl-C or a service manager's request to stop. From the call on, a request no longer kills the
/// process, so that one that comes during the start is obeyed after it.
pub(super) fn stop_signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminate = signal::unix::signal(signal::unix::SignalKind::terminate());
    async move {
        #[cfg(unix)]
        let terminate = async {
            match terminate {
                Ok(mut signals) => drop(signals.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        #[cfg(not(unix))]
        let terminate = std::future::pending::<()>();
        tokio::select! {
            _ = signal::ctrl_c() => {}
            () = terminate => {}
        }
    }
}

/// Prints the demo's URL.
pub(super) fn greet(bind: SocketAddr) {
    say(format_args!("Guildhall is ready at {}/", url_at(bind)));
}
