use std::time::Duration;

use uuid::Uuid;

use super::store::Queue;
use crate::{Context, db::DbError};

/// A worker's lease on rows of a queue that it has claimed.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    /// The queue.
    pub queue: Queue,
    /// The context of the work.
    pub context: &'a Context,
    /// The worker that claimed the rows.
    pub worker: Uuid,
    /// How long the rows stay claimed after each renewal.
    pub lasts: Duration,
}

impl Lease<'_> {
    /// Runs `work` on claimed rows and renews their lease until it ends, so that work may take longer than a lease.
    /// Stops the work and returns `None` when none of the rows is claimed by this worker anymore.
    pub async fn hold<T>(self, rows: &[Uuid], work: impl Future<Output = T>) -> Option<T> {
        // Both are polled: on SQLite, a renewal waits for the transactions of the work.
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.renew_until_lost(rows) => None,
        }
    }

    async fn renew_until_lost(self, rows: &[Uuid]) {
        loop {
            tokio::time::sleep(self.lasts / 3).await;
            match self.renew(rows).await {
                Ok(true) => {}
                Ok(false) => return,
                // The rows stay claimed for the rest of the lease.
                Err(error) => {
                    tracing::warn!(%error, queue = self.queue.table, "cannot renew a lease; retrying soon");
                }
            }
        }
    }

    /// Renews the lease once. Returns false if no row is claimed by this worker anymore.
    async fn renew(self, rows: &[Uuid]) -> Result<bool, DbError> {
        let Self {
            queue,
            context,
            worker,
            lasts,
        } = self;
        let tx = context.begin().await?;
        queue
            .renew(&tx, worker, rows, context.now() + lasts)
            .await?;
        tx.commit().await?;
        Ok(queue.held(&context.db, worker, rows).await? > 0)
    }
}
