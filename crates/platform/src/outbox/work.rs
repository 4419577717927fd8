use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    Channels, Content, EMAIL, Message, OUTBOX, PUSH, Refusal, SLACK, SMS, TOPIC, WEBHOOK,
    channel::patience,
    rules::{wait, word},
    store::{forget_content, give_up},
};
use crate::{
    Context, crash,
    db::DbError,
    jobs::{Failure, JobError, MAX_ATTEMPTS, Progress, Settings, Worker},
    telemetry::{
        Metric, MetricLabel,
        activity::{self, Work},
    },
};

/// The channels of messages.
const CHANNELS: &[&str] = &[EMAIL, PUSH, SLACK, SMS, WEBHOOK];

/// Attempts to send a message.
pub(crate) const ATTEMPTS: Metric = Metric::counter(
    "guildhall_outbox_attempts_total",
    "Attempts to send a message, by channel and outcome.",
)
.by(&[
    MetricLabel::of("channel", CHANNELS),
    MetricLabel::of("outcome", &["sent", "gone", "refused"]),
]);

/// The attempts among them that failed.
pub(crate) const FAILURES: Metric = Metric::counter(
    "notification_send_failures_total",
    "Attempts to send a message that failed, by channel.",
)
.by(&[MetricLabel::of("channel", CHANNELS)]);

/// The number of messages sent at once, which is also the most that can be sent twice if a process dies.
const BATCH: i64 = 16;

/// The columns of [`ClaimedMessage`].
pub(super) const CLAIMED: &str =
    "id, attempts, created_at, person_id, kind, channel, recipient, content";

#[derive(FromQueryResult)]
pub(super) struct ClaimedMessage {
    id: Uuid,
    attempts: i64,
    created_at: Timestamp,
    person_id: Uuid,
    kind: String,
    channel: String,
    recipient: String,
    content: Option<String>,
}

/// The messages of this worker, as a condition in SQL: those to webhooks have a worker of their own.
const OWN: &str = "channel <> 'webhook'";

/// Creates the worker that sends the outbox, except to webhooks. It claims messages, sends them outside any transaction, and records
/// the result of each separately.
#[must_use]
pub(super) fn worker(channels: Arc<Channels>, settings: Settings) -> Worker {
    let run = move |context: Context, worker| {
        let channels = Arc::clone(&channels);
        async move { work(&context, &channels, settings.lease, worker).await }
    };
    Worker::new("outbox", TOPIC, run)
        .over_part(OUTBOX, OWN)
        .with_dead_page("/admin/notifications?state=dead")
}

async fn work(
    context: &Context,
    channels: &Channels,
    lease: Duration,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let claimed: Vec<ClaimedMessage> =
        OUTBOX.claim_among(context, worker, lease, BATCH, CLAIMED, |_| OWN.to_owned()).await?;
    let progress = Progress::of_batch(claimed.len(), BATCH);
    let attend = |claimed| attend(context, channels, worker, lease, claimed);
    let sending = claimed.into_iter().map(attend);
    let noted = join_all(sending).await;
    noted.into_iter().collect::<Result<(), DbError>>()?;
    Ok(progress)
}

/// Sends a claimed message and records the result.
pub(super) async fn attend(
    context: &Context,
    channels: &Channels,
    worker: Uuid,
    lease: Duration,
    claimed: ClaimedMessage,
) -> Result<(), DbError> {
    let (id, attempts, name) = (claimed.id, claimed.attempts, claimed.channel.clone());
    let sent = send(context, channels, claimed, patience(lease)).await;
    crash::point("outbox.sent");
    let wait = |asked| match channels.get(&name) {
        Some(channel) => channel.wait(id, attempts, asked),
        None => wait(attempts, asked),
    };
    let sent = sent.map_err(|refusal| match refusal {
        Refusal::Gone(why) => SendFailure::Gone(why),
        Refusal::Never(why) => SendFailure::Failed(Failure::Fail(why)),
        Refusal::Later { why, after } => SendFailure::Failed(Failure::Later(why, wait(after))),
    });
    record(context, worker, id, attempts, &name, sent).await
}

/// The reason why a message was not sent.
enum SendFailure {
    /// The message is given up: the recipient no longer exists, or their own service refuses it.
    Gone(String),
    /// The attempt failed.
    Failed(Failure),
}

async fn send(
    context: &Context,
    channels: &Channels,
    claimed: ClaimedMessage,
    patience: Duration,
) -> Result<String, Refusal> {
    let (name, is_last) = (claimed.channel, claimed.attempts >= MAX_ATTEMPTS);
    let channel = channels.get(&name).ok_or_else(|| Refusal::Later {
        why: format!("no channel for {name} is configured: see docs/configuration.md"),
        after: None,
    })?;
    let content = claimed.content.unwrap_or_default();
    let content: Content = serde_json::from_str(&content)
        .map_err(|error| Refusal::Never(format!("cannot read the message: {error}")))?;
    if content.expires_at.is_some_and(|at| at <= context.now()) {
        return Err(Refusal::Gone("expired before it could be sent".to_owned()));
    }
    let flag = content.flag.as_deref().and_then(|name| context.flags.find(name));
    if flag.is_some_and(|flag| !context.flags.is_on_for_anyone(flag)) {
        return Err(Refusal::Gone("switched off before it could be sent".to_owned()));
    }
    let message = Message {
        id: claimed.id,
        written_at: claimed.created_at,
        person: claimed.person_id,
        kind: claimed.kind,
        recipient: claimed.recipient,
        content,
    };
    let sending = channel.send(&message, context.now());
    let slow = |_| Err(Refusal::Later { why: "timed out".to_owned(), after: None });
    let sent = tokio::time::timeout(patience, sending).await.unwrap_or_else(slow);
    match sent {
        sent if !channel.is_named_by_recipients() => sent,
        Err(Refusal::Never(why)) => Err(Refusal::Gone(why)),
        Err(Refusal::Later { why, .. }) if is_last => Err(Refusal::Gone(why)),
        sent => sent,
    }
}

/// Records the result of a message immediately, since a message without a recorded result is sent again.
async fn record(
    context: &Context,
    worker: Uuid,
    id: Uuid,
    attempts: i64,
    channel: &str,
    sent: Result<String, SendFailure>,
) -> Result<(), DbError> {
    let (tx, now) = (context.begin().await?, context.now());
    let outcome = match sent {
        Ok(answer) => {
            OUTBOX.complete(&tx, worker, [(id, word(&answer))], now).await?;
            forget_content(&tx, id).await?;
            "sent"
        }
        Err(SendFailure::Gone(why)) => {
            give_up(&tx, worker, id).await?;
            OUTBOX.complete(&tx, worker, [(id, why)], now).await?;
            forget_content(&tx, id).await?;
            "gone"
        }
        Err(SendFailure::Failed(failure)) => {
            let reason = failure.reason();
            tracing::warn!(message_id = %id, channel, reason, "cannot send a message");
            activity::count(Work::Failed, 1);
            OUTBOX.fail(&tx, worker, (id, attempts), &failure, now).await?;
            "refused"
        }
    };
    tx.commit().await?;
    ATTEMPTS.add(&[channel, outcome], 1);
    if outcome == "refused" {
        FAILURES.add(&[channel], 1);
    }
    Ok(())
}
