use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    Context,
    db::{DbError, Query},
    jobs::{JobError, Progress, Settings, Worker},
    outbox::{
        Channels, OUTBOX,
        webhook::TOPIC,
        work::{CLAIMED, ClaimedMessage, attend},
    },
};

/// The messages of this worker, as a condition in SQL.
const OWN: &str = "channel = 'webhook'";

/// The number of webhooks that are called at once.
const AT_ONCE: usize = 32;

/// How long finished calls are replaced by new ones, so that a stopping process soon has to wait only for the calls
/// in progress.
const REFILLED: Duration = Duration::from_secs(10);

/// Creates the worker that sends messages to webhooks. It is separate from the worker of the other channels, and
/// calls each webhook for one message at a time, so that a slow receiver delays only its own messages.
#[must_use]
pub fn worker(channels: Arc<Channels>, settings: Settings) -> Worker {
    let run = move |context: Context, worker| {
        let channels = Arc::clone(&channels);
        async move { work(&context, &channels, settings.lease, worker).await }
    };
    Worker::new("webhooks", TOPIC, run)
        .over_part(OUTBOX, OWN)
        .with_dead_page("/admin/notifications?state=dead&channel=webhook")
}

async fn work(
    context: &Context,
    channels: &Arc<Channels>,
    lease: Duration,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let (began, mut calls) = (Instant::now(), JoinSet::new());
    let mut progress = Progress::Idle;
    let mut failure = None;
    loop {
        if failure.is_none() && began.elapsed() < REFILLED {
            match claim(context, worker, lease, AT_ONCE - calls.len()).await {
                Ok(claimed) => {
                    for claimed in claimed {
                        progress = Progress::Full;
                        let (context, channels) = (context.clone(), Arc::clone(channels));
                        calls.spawn(async move {
                            attend(&context, &channels, worker, lease, claimed).await
                        });
                    }
                }
                Err(error) => failure = Some(JobError::from(error)),
            }
        }
        match calls.join_next().await {
            None => break,
            Some(Ok(Ok(()))) => {}
            Some(Ok(Err(error))) => failure = Some(error.into()),
            // The message is sent again at the end of its lease.
            Some(Err(panic)) => tracing::error!(%panic, "a call of a webhook panicked"),
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(progress),
    }
}

/// Claims the oldest due message of each webhook that is not being called.
async fn claim(
    context: &Context,
    worker: Uuid,
    lease: Duration,
    limit: usize,
) -> Result<Vec<ClaimedMessage>, DbError> {
    let limit = i64::try_from(limit).unwrap_or_default();
    if limit == 0 {
        return Ok(Vec::new());
    }
    let now = context.now();
    let first = |query: &mut Query| {
        let now = query.bind(now);
        format!(
            "{OWN} AND id IN (SELECT w.id FROM (SELECT id, recipient, \
             row_number() OVER (PARTITION BY recipient ORDER BY due_at, id) AS place \
             FROM outbox_messages WHERE {OWN} AND due_at <= {now}) AS w \
             WHERE w.place = 1 AND NOT EXISTS (SELECT 1 FROM outbox_messages AS busy \
             WHERE busy.channel = 'webhook' AND busy.recipient = w.recipient \
             AND busy.claimed_by IS NOT NULL AND busy.due_at > {now}))"
        )
    };
    OUTBOX.claim_among(context, worker, lease, limit, CLAIMED, first).await
}
