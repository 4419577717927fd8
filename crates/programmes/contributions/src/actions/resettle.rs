use std::collections::BTreeSet;

use github::model::PullRequestId;
use kernel::counted;
use platform::{Context, db::DbError};
use recognition::model::{Resettled, SettlementMode};

use super::settle::{LOCK, check_pulls, settle_pulls};

/// The number of pull requests per batch.
const BATCH: usize = 200;

/// Settles every pull request again from the stored statements, in one transaction per batch, or checks whether that would
/// post anything, and changes nothing. Calls `progress` with the number of pull requests that are done.
pub(crate) async fn resettle(
    context: &Context,
    mode: SettlementMode,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Resettled, DbError> {
    let mut done = ResettledCounts::default();
    match mode {
        SettlementMode::Post => post(context, &mut done, progress).await?,
        SettlementMode::Check => check(context, &mut done, progress).await?,
    }
    Ok(Resettled {
        summary: counted(done.pull_requests, "pull request", "pull requests"),
        entries: done.entries,
    })
}

/// The number of pull requests that are done, and of the ledger entries that they needed.
#[derive(Default)]
struct ResettledCounts {
    pull_requests: usize,
    entries: usize,
}

impl ResettledCounts {
    fn add(&mut self, batch: &Self, progress: &mut (dyn FnMut(usize) + Send)) {
        self.pull_requests += batch.pull_requests;
        self.entries += batch.entries;
        progress(self.pull_requests);
    }
}

struct PullRequestBatches<'a> {
    context: &'a Context,
    after: Option<PullRequestId>,
}

impl<'a> PullRequestBatches<'a> {
    fn new(context: &'a Context) -> Self {
        let after = None;
        Self { context, after }
    }

    /// Returns the next batch; `None` at the end.
    async fn next(&mut self) -> Result<Option<BTreeSet<PullRequestId>>, DbError> {
        let db = &self.context.db;
        let pulls = github::reads::ids_after(db, self.after, BATCH as i64).await?;
        self.after = pulls.last().copied().or(self.after);
        Ok((!pulls.is_empty()).then(|| pulls.into_iter().collect()))
    }
}

async fn post(
    context: &Context,
    done: &mut ResettledCounts,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<(), DbError> {
    let mut batches = PullRequestBatches::new(context);
    while let Some(pulls) = batches.next().await? {
        let tx = context.begin().await?;
        tx.serialize(LOCK).await?;
        let settled = settle_pulls(&tx, context, &pulls).await?;
        tx.commit().await?;
        let batch = ResettledCounts { pull_requests: pulls.len(), entries: settled.entries };
        done.add(&batch, progress);
    }
    Ok(())
}

/// Checks some batches at once, each by a snapshot, so that deliveries are settled in the meantime.
async fn check(
    context: &Context,
    done: &mut ResettledCounts,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<(), DbError> {
    let (mut batches, mut checks) = (PullRequestBatches::new(context), context.db.check());
    loop {
        while checks.may_start()
            && let Some(pulls) = batches.next().await?
        {
            checks.start(check_batch(context.clone(), pulls));
        }
        match checks.finished().await {
            None => return Ok(()),
            Some(checked) => done.add(&checked?, progress),
        }
    }
}

/// Returns the number of pull requests of a batch, and of the entries that settling them again would post.
async fn check_batch(
    context: Context,
    pulls: BTreeSet<PullRequestId>,
) -> Result<ResettledCounts, DbError> {
    let db = context.db.snapshot().await?;
    let entries = check_pulls(&db, context.now(), &pulls).await?;
    Ok(ResettledCounts { pull_requests: pulls.len(), entries })
}
