use std::time::{Duration, Instant};

use platform::{Context, crash, db::DbError, telemetry::news};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::large::LARGE;
use crate::store::deliveries::{self, DeliveryMark, MOST_ROWS, NewDelivery, rows_that_fit};

/// The receipt for a stored delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// True when the delivery ID was already stored.
    pub is_duplicate: bool,
    /// True when it was stored with another fingerprint: another body, or signed with another secret.
    /// The first delivery is kept.
    pub is_altered: bool,
}

/// The error when a delivery is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery could not be stored")]
pub struct AcceptError {
    /// True when the disk is full.
    pub is_full: bool,
}

/// The error when the writer has stopped, because the process is shutting down.
const GONE: AcceptError = AcceptError { is_full: false };

/// How long the writer waits for further deliveries while they keep coming.
const LINGER: Duration = Duration::from_micros(300);
/// The maximum number of deliveries that wait for the writer. Bytes in flight are limited separately.
const WAITING: usize = 4_096;

struct PendingDelivery {
    delivery: NewDelivery,
    answer: oneshot::Sender<Result<Receipt, AcceptError>>,
}

/// Stores deliveries, many per commit. Each delivery is answered after its commit.
#[derive(Clone, Debug)]
pub struct Inbox {
    waiting: mpsc::Sender<PendingDelivery>,
}

impl Inbox {
    /// Starts the writer. It stops when all handles are dropped and all waiting deliveries are stored.
    #[must_use]
    pub fn start(context: Context) -> Self {
        let (waiting, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write_groups(context, receiver));
        Self { waiting }
    }

    /// Stores a delivery; returns after the commit.
    ///
    /// # Errors
    /// When the database fails. The delivery is not stored then, and the sender must send it again.
    pub async fn accept(&self, delivery: NewDelivery) -> Result<Receipt, AcceptError> {
        let (answer, answered) = oneshot::channel();
        let waiting = PendingDelivery { delivery, answer };
        self.waiting.send(waiting).await.map_err(|_| GONE)?;
        answered.await.map_err(|_| GONE)?
    }
}

async fn write_groups(context: Context, mut receiver: mpsc::Receiver<PendingDelivery>) {
    let mut waiting = Vec::with_capacity(MOST_ROWS);
    while receiver.recv_many(&mut waiting, MOST_ROWS).await > 0 {
        collect(&mut waiting, &mut receiver).await;
        while !waiting.is_empty() {
            let fitting = rows_that_fit(waiting.iter().map(|pending| &pending.delivery));
            write_group(&context, waiting.drain(..fitting).collect()).await;
        }
    }
}

/// Adds the deliveries that other tasks are about to pass on: a commit costs about as much as the rest of ten deliveries.
/// Each turn lets them go on until they wait for something. The first turn without a further delivery is the last, so that
/// a single delivery is not delayed.
async fn collect(
    waiting: &mut Vec<PendingDelivery>,
    receiver: &mut mpsc::Receiver<PendingDelivery>,
) {
    let begin = Instant::now();
    while waiting.len() < MOST_ROWS && begin.elapsed() < LINGER {
        let before = waiting.len();
        tokio::task::yield_now().await;
        while waiting.len() < MOST_ROWS
            && let Ok(pending) = receiver.try_recv()
        {
            waiting.push(pending);
        }
        if waiting.len() == before {
            return;
        }
    }
}

/// Stores deliveries in one commit, and answers them.
async fn write_group(context: &Context, mut group: Vec<PendingDelivery>) {
    // Sorting prevents a deadlock between two servers that receive the same deliveries.
    group.sort_by(|a, b| a.delivery.delivery_id.cmp(&b.delivery.delivery_id));
    let (deliveries, answers): (Vec<_>, Vec<_>) =
        group.into_iter().map(|waiting| (waiting.delivery, waiting.answer)).unzip();
    let count = deliveries.len();
    match store(context, deliveries).await {
        Ok(receipts) => {
            for (answer, receipt) in answers.into_iter().zip(receipts) {
                answer.send(Ok(receipt)).ok();
            }
            crash::point("inbox.after_answer");
        }
        Err(error) => {
            if let Some(times) = news("inbox writer", &error) {
                tracing::error!(%error, deliveries = count, times, "deliveries could not be stored");
            }
            let is_full = error.is_full();
            for answer in answers {
                answer.send(Err(AcceptError { is_full })).ok();
            }
        }
    }
}

async fn store(context: &Context, group: Vec<NewDelivery>) -> Result<Vec<Receipt>, DbError> {
    let marks: Vec<DeliveryMark> = group.iter().map(NewDelivery::mark).collect();
    let ids: Vec<Uuid> = group.iter().map(|_| context.ids.next()).collect();
    let has_large = group.iter().any(|delivery| delivery.body_size > LARGE);
    crash::point("inbox.before_commit");
    let new = deliveries::insert(context, ids.iter().copied().zip(group)).await?;
    crash::point("inbox.after_commit");
    if has_large {
        // Otherwise, the pages of several large bodies are kept in memory, and no statement reads them there.
        context.db.free_pages().await.ok();
    }
    match usize::try_from(new) {
        Ok(new) if new == ids.len() => Ok(vec![Receipt::default(); new]),
        _ => repeat(context, &ids, &marks).await,
    }
}

/// Finds the duplicates in a group, revives those that are dead, and marks those that differ from the stored delivery.
async fn repeat(
    context: &Context,
    ids: &[Uuid],
    marks: &[DeliveryMark],
) -> Result<Vec<Receipt>, DbError> {
    let mut tx = context.begin().await?;
    // In a group, the first of two equal delivery IDs is stored.
    let new = deliveries::stored(&tx, ids.iter().copied()).await?;
    let all = ids.iter().zip(marks);
    let repeated: Vec<&DeliveryMark> =
        all.clone().filter(|(id, _)| !new.contains(*id)).map(|(_, mark)| mark).collect();
    let delivery_ids = repeated.iter().map(|(id, _)| id.clone());
    deliveries::revive(&tx, delivery_ids, context.now()).await?;
    let altered = deliveries::altered(&tx, &repeated).await?;
    tx.raise(crate::model::DELIVERED);
    tx.commit().await?;
    let receipt = |(id, mark): (&Uuid, &DeliveryMark)| {
        let is_duplicate = !new.contains(id);
        Receipt { is_duplicate, is_altered: is_duplicate && altered.contains(mark) }
    };
    Ok(all.map(receipt).collect())
}
