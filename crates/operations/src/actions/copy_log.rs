use std::{sync::Arc, time::Duration};

use anyhow::Result;
use platform::{
    Context,
    config::Config,
    db::DatabaseUrl,
    module::Services,
    telemetry::{news, works},
};
use tokio::{runtime::Handle, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    backup::{LogCopier, LogLimits, LogState},
    reads::log_copies::confirmed,
};

/// How often the log is copied.
const EVERY: Duration = Duration::from_secs(10);
/// The pause after a failure, because another run begins with a copy of the whole database.
const AFTER_FAILURE: Duration = Duration::from_secs(60);
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
    loop {
        let is_closing = tokio::select! {
            () = closing.cancelled() => true,
            () = sleep(pause) => false,
        };
        if !is_closing || copier.is_some() {
            match round(&context, &config, &mut copier).await {
                Ok(()) => {
                    pause = EVERY;
                    works(WORK);
                }
                Err(error) => {
                    // Another run begins with the next round.
                    (copier, pause) = (None, AFTER_FAILURE);
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
