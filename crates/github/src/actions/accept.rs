use std::collections::HashSet;

use platform::{Context, crash, db::DbError};
use tokio::sync::{mpsc, oneshot};

use crate::store::deliveries::{self, NewDelivery};

/// A stored delivery, or one that was stored before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The delivery id was there already.
    pub is_duplicate: bool,
}

/// The delivery is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery could not be stored")]
pub struct AcceptError;

/// At most so many deliveries share a commit.
const GROUP: usize = 256;
/// Deliveries that may wait for the writer; bytes in flight are bounded apart from this.
const WAITING: usize = 4_096;

struct Waiting {
    delivery: NewDelivery,
    answer: oneshot::Sender<Result<Receipt, AcceptError>>,
}

/// Stores deliveries, many in one commit. Nothing is answered before its commit.
#[derive(Clone, Debug)]
pub struct Inbox {
    waiting: mpsc::Sender<Waiting>,
}

impl Inbox {
    /// Starts the writer. It ends when all handles are dropped and what waits is stored.
    #[must_use]
    pub fn start(context: Context) -> Self {
        let (waiting, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write_groups(context, receiver));
        Self { waiting }
    }

    /// Stores a delivery; answers after the commit.
    ///
    /// # Errors
    /// When the database fails; then the delivery is not stored and the sender must send it again.
    pub async fn accept(&self, delivery: NewDelivery) -> Result<Receipt, AcceptError> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { delivery, answer };
        self.waiting.send(waiting).await.map_err(|_| AcceptError)?;
        answered.await.map_err(|_| AcceptError)?
    }
}

async fn write_groups(context: Context, mut receiver: mpsc::Receiver<Waiting>) {
    let mut group = Vec::with_capacity(GROUP);
    while receiver.recv_many(&mut group, GROUP).await > 0 {
        // Two servers that are sent the same deliveries must not wait for each other crosswise.
        group.sort_by(|a: &Waiting, b| a.delivery.delivery_id.cmp(&b.delivery.delivery_id));
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
                for answer in answers {
                    answer.send(Err(AcceptError)).ok();
                }
            }
        }
    }
}

async fn store(context: &Context, group: Vec<NewDelivery>) -> Result<Vec<Receipt>, DbError> {
    let mut tx = context.begin().await?;
    let delivery_ids: Vec<String> = group
        .iter()
        .map(|delivery| delivery.delivery_id.clone())
        .collect();
    let new = deliveries::insert(&tx, context, group).await?;
    let mut new: HashSet<&str> = new.iter().map(String::as_str).collect();
    // Within a group the first of two equal ids is the new one.
    let receipts: Vec<Receipt> = delivery_ids
        .iter()
        .map(|id| Receipt {
            is_duplicate: !new.remove(id.as_str()),
        })
        .collect();
    let duplicates: Vec<String> = delivery_ids
        .into_iter()
        .zip(&receipts)
        .filter(|(_, receipt)| receipt.is_duplicate)
        .map(|(id, _)| id)
        .collect();
    if !duplicates.is_empty() {
        deliveries::revive(&tx, &duplicates, context.now()).await?;
    }
    tx.raise(crate::jobs::DELIVERED);
    crash::point("inbox.before_commit");
    tx.commit().await?;
    crash::point("inbox.after_commit");
    Ok(receipts)
}
