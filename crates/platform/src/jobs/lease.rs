use std::time::Duration;

use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Settings, store::Queue};
use crate::{
    Context,
    db::{DbError, Query},
};

/// The lease under which a worker claims rows of a queue and holds them while it works on them.
#[derive(Clone, Copy, Debug)]
pub struct Lease<'a> {
    pub queue: Queue,
    /// The context of the work.
    pub context: &'a Context,
    /// The worker that claims the rows.
    pub worker: Uuid,
    /// How long the rows stay claimed after each renewal.
    pub lasts: Duration,
}

impl Queue {
    /// Returns the lease under which a worker claims rows.
    #[must_use]
    pub fn lease<'a>(&self, context: &'a Context, worker: Uuid, settings: Settings) -> Lease<'a> {
        Lease { queue: *self, context, worker, lasts: settings.lease }
    }
}

impl Lease<'_> {
    /// Claims up to `limit` due rows, oldest first. Returns their `columns`.
    pub async fn claim<T: FromQueryResult>(
        self,
        limit: i64,
        columns: &str,
    ) -> Result<Vec<T>, DbError> {
        let Self { queue, context, worker, lasts } = self;
        queue.claim(context, worker, lasts, limit, columns).await
    }

    /// Like [`Lease::claim`], but only among the rows that match `filter`.
    pub async fn claim_among<T: FromQueryResult>(
        self,
        limit: i64,
        columns: &str,
        filter: impl FnOnce(&mut Query) -> String,
    ) -> Result<Vec<T>, DbError> {
        let Self { queue, context, worker, lasts } = self;
        queue.claim_among(context, worker, lasts, limit, columns, filter).await
    }

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
        let Self { queue, context, worker, lasts } = self;
        let tx = context.begin().await?;
        queue.renew(&tx, worker, rows, context.now() + lasts).await?;
        tx.commit().await?;
        Ok(queue.held(&context.db, worker, rows).await? > 0)
    }
}
