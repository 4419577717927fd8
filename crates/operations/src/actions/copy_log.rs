use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use platform::{
    Context,
    config::Config,
    db::DatabaseUrl,
    module::Services,
    telemetry::{news, works},
};
use tokio::{
    runtime::Handle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    backup::{LogCopier, LogLimits, LogState},
    reads::log_copies::confirmed,
    rules::log_copies::pause_after,
};

/// How often the log is copied.
const EVERY: Duration = Duration::from_secs(10);
/// How long the last round may take while the process stops. What it cannot send anymore is in the next base.
const LAST_ROUND: Duration = Duration::from_secs(10);
/// The name of this work in the process's log.
const WORK: &str = "copies of the log";

/// A process copies the log once.
#[derive(Clone, Copy)]
struct Started;

/// Starts to copy SQLite's log if that is configured, once in a process, until the database is closed. Does nothing
/// without a runtime.
pub(crate) fn copy_log(services: &Services) {
    let config = &services.config;
    if !config.backup_log || !matches!(config.database(), Ok(DatabaseUrl::Sqlite(_))) {
        return;
    }
    services.once(|| {
        if Handle::try_current().is_ok() {
            let (context, config) = (services.context.clone(), Arc::clone(config));
            let db = context.db.clone();
            db.attend(|closing| copy(context, config, closing));
        }
        Started
    });
}

async fn copy(context: Context, config: Arc<Config>, closing: CancellationToken) {
    let (mut copier, mut pause) = (None, EVERY);
    let mut failed: Option<(Instant, Duration)> = None;
    loop {
        let is_closing = tokio::select! {
            () = closing.cancelled() => true,
            () = sleep(pause) => false,
        };
        if !is_closing || copier.is_some() {
            let longest = if is_closing { LAST_ROUND } else { Duration::MAX };
            match timeout(longest, round(&context, &config, &mut copier)).await.unwrap_or(Ok(())) {
                Ok(()) => {
                    pause = EVERY;
                    works(WORK);
                }
                Err(error) => {
                    // Another run begins with the next round.
                    copier = None;
                    pause = pause_after(failed.map(|(at, pause)| (at.elapsed(), pause)));
                    failed = Some((Instant::now(), pause));
                    fail(&config, &error);
                }
            }
        }
        if is_closing {
            if let Some(copier) = copier.take() {
                copier.close().await;
            }
            return;
        }
    }
}

/// Copies what is new, after another run has begun if there is none. Does nothing while another process copies.
async fn round(context: &Context, config: &Config, copier: &mut Option<LogCopier>) -> Result<()> {
    let clock = &*context.clock;
    if copier.is_none()
        && let DatabaseUrl::Sqlite(path) = config.database()?
    {
        *copier = LogCopier::open(&path, config, LogLimits::default(), clock).await?;
    }
    if let Some(copier) = copier {
        confirmed(copier.round(clock).await?.confirmed_at);
    }
    Ok(())
}

fn fail(config: &Config, error: &anyhow::Error) {
    let error = format!("{error:#}");
    if let Some(times) = news(WORK, &error) {
        tracing::warn!(error, times, "cannot copy the log of the database; trying again");
    }
    let folder = config.backup_log_folder();
    let state = LogState { error: Some(error), ..LogState::read(&folder) };
    // If the folder cannot be written, the state becomes old, which operators are alerted to.
    state.write(&folder).ok();
}
