use std::{
    io::IsTerminal as _,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use platform::{
    command::say,
    config::{Config, LogFormat},
    jobs::{self, Runner},
    presence::Presence,
    telemetry::{self, activity},
};
use tokio::{net::TcpListener, signal, task::JoinSet};

use super::{address, place};
use crate::{App, MODULES, api::Metrics, health};

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
    warn_without_secret(&config);
    let _presence = Presence::announce(&config)?;
    let app = App::open(config).await?;
    let server = Server::start(&app).await?;
    let runner = (!args.no_jobs).then(|| app.start_jobs());
    app.outside.follow(&app.context);
    server.announce();
    watch.spawn(warn_of_lost_secrets(app.clone()));
    stop_signal().await;
    server.stop().await;
    if let Some(runner) = runner {
        runner.stop().await;
    }
    app.context.db.close().await;
    Ok(())
}

pub(super) async fn worker(config: Config, args: &WorkerArgs) -> anyhow::Result<()> {
    start_logging(&config);
    let _watch = watch();
    let (db, _) = place::connect(&config).await?;
    db.close().await;
    let _presence = Presence::announce(&config)?;
    let app = App::open(config).await?;
    let runner = match args.only.as_slice() {
        [] => app.start_jobs(),
        names => start_only(&app, names)?,
    };
    tracing::info!("jobs are running");
    stop_signal().await;
    tracing::info!("stopping; waiting for running jobs to finish");
    runner.stop().await;
    app.context.db.close().await;
    Ok(())
}

/// Starts only the named jobs, to scale or measure them separately.
fn start_only(app: &App, names: &[String]) -> anyhow::Result<Runner> {
    let all = app.jobs().workers;
    for name in names {
        anyhow::ensure!(
            all.iter().any(|worker| worker.name == name),
            "unknown worker '{name}': choose one of {}",
            all.iter().map(|worker| worker.name).collect::<Vec<_>>().join(", ")
        );
    }
    let is_named = |worker: &jobs::Worker| names.iter().any(|name| worker.name == name);
    let chosen = all.into_iter().filter(is_named).collect();
    let settings = app.config.jobs();
    Ok(Runner::start(&app.context, settings, chosen, Vec::new()))
}

pub(super) fn start_logging(config: &Config) {
    telemetry::start_logging(config.log_format, &config.log);
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

fn warn_without_secret(config: &Config) {
    if config.github_webhook_secret.is_none() {
        tracing::warn!(
            "GITHUB_WEBHOOK_SECRET is not set: only deliveries from webhooks with their own secret are accepted"
        );
    }
}

/// A running server.
pub(super) struct Server {
    pub(super) bind: SocketAddr,
    started: Instant,
    stop: tokio_util::sync::CancellationToken,
    serving: tokio::task::JoinHandle<()>,
}

impl Server {
    pub(super) async fn start(app: &App) -> anyhow::Result<Self> {
        let started = Instant::now();
        let metrics = telemetry::start_metrics().map(Metrics::new);
        let router = app.router(metrics);
        let bind = app.config.bind;
        let listener = TcpListener::bind(bind).await.with_context(|| {
            format!("cannot listen on {bind}: choose another address with `--bind HOST:PORT`")
        })?;
        let bind = listener.local_addr()?;
        let stop = tokio_util::sync::CancellationToken::new();
        let serving = tokio::spawn(platform::web::serve(listener, router, stop.clone()));
        Ok(Self { bind, started, stop, serving })
    }

    fn announce(&self) {
        tracing::info!(
            address = address(self.bind),
            milliseconds = self.started.elapsed().as_millis(),
            "ready"
        );
    }

    /// Accepts no new connections, waits for running requests, then returns.
    pub(super) async fn stop(self) {
        tracing::info!("stopping; waiting for running requests to finish");
        self.stop.cancel();
        match tokio::time::timeout(GRACE, self.serving).await {
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

/// Waits for Ctrl-C or a service manager's request to stop.
pub(super) async fn stop_signal() {
    let interrupt = async { signal::ctrl_c().await.ok() };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}

/// Prints the demo's URL.
pub(super) fn greet(bind: SocketAddr) {
    say(format_args!("Guildhall is ready at {}", address(bind)));
}
