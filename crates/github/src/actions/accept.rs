use std::collections::HashSet;

use platform::{
    Context, crash,
    db::{DbError, Tx},
};
use tokio::sync::{mpsc, oneshot};

use super::large::LARGE;
use crate::store::deliveries::{self, Mark, NewDelivery};

/// The receipt for a stored delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// The maximum number of deliveries per commit.
const GROUP: usize = 256;
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
    let mut group = Vec::with_capacity(GROUP);
    while receiver.recv_many(&mut group, GROUP).await > 0 {
        // Sorting prevents a deadlock between two servers that receive the same deliveries.
        group.sort_by(|a: &PendingDelivery, b| a.delivery.delivery_id.cmp(&b.delivery.delivery_id));
        let (deliveries, answers): (Vec<_>, Vec<_>) = group
            .drain(..)
            .map(|waiting| (waiting.delivery, waiting.answer))
            .unzip();
        let count = deliveries.len();
        match store(&context, deliveries).await {
            Ok(receipts) => {
                for (answer, receipt) in answers.into_iter().zip(receipts) {
                    answer.send(Ok(receipt)).ok();
                }
                crash::point("inbox.after_answer");
            }
            Err(error) => {
                tracing::error!(%error, deliveries = count, "deliveries could not be stored");
                let is_full = error.is_full();
                for answer in answers {
                    answer.send(Err(AcceptError { is_full })).ok();
                }
            }
        }
    }
}

async fn store(context: &Context, group: Vec<NewDelivery>) -> Result<Vec<Receipt>, DbError> {
    let mut tx = context.begin().await?;
    let marks: Vec<Mark> = group.iter().map(NewDelivery::mark).collect();
    let has_large = group.iter().any(|delivery| delivery.body_size > LARGE);
    let new = deliveries::insert(&tx, context, group).await?;
    let mut new: HashSet<&str> = new.iter().map(String::as_str).collect();
    // In a group, the first of two equal IDs is the new one.
    let mut receipts: Vec<Receipt> = marks
        .iter()
        .map(|(id, _)| Receipt {
            is_duplicate: !new.remove(id.as_str()),
            is_altered: false,
        })
        .collect();
    if receipts.iter().any(|receipt| receipt.is_duplicate) {
        repeat(&tx, context, &marks, &mut receipts).await?;
    }
    tx.raise(crate::model::DELIVERED);
    crash::point("inbox.before_commit");
    tx.commit().await?;
    crash::point("inbox.after_commit");
    if has_large {
        // Otherwise, the pages of several large bodies are kept in memory, and no statement reads them there.
        context.db.free_pages().await.ok();
    }
    Ok(receipts)
}

/// Revives dead duplicates, and marks duplicates that differ from the stored delivery.
async fn repeat(
    tx: &Tx,
    context: &Context,
    marks: &[Mark],
    receipts: &mut [Receipt],
) -> Result<(), DbError> {
    let repeated = marks.iter().zip(&*receipts);
    let repeated: Vec<&Mark> = repeated
        .filter(|(_, receipt)| receipt.is_duplicate)
        .map(|(mark, _)| mark)
        .collect();
    let ids = repeated.iter().map(|(id, _)| id.clone());
    deliveries::revive(tx, ids, context.now()).await?;
    let altered = deliveries::altered(tx, &repeated).await?;
    for (receipt, mark) in receipts.iter_mut().zip(marks) {
        receipt.is_altered = receipt.is_duplicate && altered.contains(mark);
    }
    Ok(())
}
