use std::{collections::BTreeSet, time::Duration};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{Db, DbError, Tx},
    telemetry::{news, works},
};

use super::{
    JobName,
    store::pauses::{self, paused},
};

/// How often the pauses are read.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// Pauses a schedule or a worker until it is resumed. Every process finishes its current batch and starts nothing
/// more within five seconds. Queued work waits; ticks of the schedule are skipped.
///
/// # Errors
/// When the reason is blank or the database fails.
pub async fn pause(
    context: &Context,
    actor: Actor,
    job: impl Into<JobName>,
    reason: &str,
) -> Result<(), ActionError> {
    let (reason, job) = (audit::reason(reason)?, job.into());
    let tx = context.begin().await?;
    // Processes of the release before know only the former name.
    pauses::insert(&tx, context.ids.next(), job.shared(), context.now()).await?;
    // A person who pauses it once more has a reason too.
    record(&tx, context, actor, "job.pause", job.now, Some(reason)).await?;
    Ok(tx.commit().await?)
}

/// Resumes a paused schedule or worker.
pub async fn resume(
    context: &Context,
    actor: Actor,
    job: impl Into<JobName>,
) -> Result<(), DbError> {
    let job = job.into();
    let tx = context.begin().await?;
    if pauses::remove(&tx, job).await? {
        record(&tx, context, actor, "job.resume", job.now, None).await?;
    }
    tx.commit().await
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    name: &'static str,
    reason: Option<&str>,
) -> Result<(), DbError> {
    let act = Act {
        actor,
        action,
        target_kind: "job",
        target_id: context.ids.next(),
        before: None,
        after: Some(serde_json::json!({ "name": name })),
        reason,
    };
    audit::record(tx, context, act).await
}

/// The pauses as last read; unknown before the first read.
#[derive(Clone, Debug)]
pub(super) struct Pauses(watch::Receiver<Option<BTreeSet<String>>>);

impl Pauses {
    /// Keeps the pauses up to date until `stop`. The second value is the task to spawn.
    pub(super) fn follow(db: Db, stop: CancellationToken) -> (Self, impl Future<Output = ()>) {
        let (sender, receiver) = watch::channel(None);
        let watch = async move {
            while !stop.is_cancelled() {
                match paused(&db).await {
                    Ok(names) => {
                        sender.send_replace(Some(names));
                        works("job pauses");
                    }
                    Err(error) => {
                        if let Some(times) = news("job pauses", &error) {
                            tracing::warn!(%error, times, "cannot read job pauses; using the last known ones");
                        }
                    }
                }
                stop.run_until_cancelled(tokio::time::sleep(LOOKS_EVERY)).await;
            }
        };
        (Self(receiver), watch)
    }

    /// Waits until the pauses were read once. Returns false if the jobs should stop instead.
    pub(super) async fn known(&mut self, stop: &CancellationToken) -> bool {
        let read = stop.run_until_cancelled(self.0.wait_for(Option::is_some));
        matches!(read.await, Some(Ok(_)))
    }

    /// Waits until a job may begin. Returns false if it should stop instead.
    pub(super) async fn may_begin(&mut self, job: JobName, stop: &CancellationToken) -> bool {
        let may = |paused: &Option<BTreeSet<String>>| {
            paused.as_ref().is_some_and(|paused| !job.is_in(paused))
        };
        let opened = stop.run_until_cancelled(self.0.wait_for(may)).await;
        matches!(opened, Some(Ok(_)))
    }

    /// Returns true if a job may begin now.
    pub(super) fn lets(&self, job: JobName) -> bool {
        let paused = self.0.borrow();
        paused.as_ref().is_some_and(|paused| !job.is_in(paused))
    }
}
