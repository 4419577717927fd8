use std::collections::BTreeSet;

use contributions::actions::{LOCK, Settled, check_pulls, settle_pulls};
use github::model::PullRequestId;
use platform::{Context, db::DbError};

/// Whether a rebuild writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Post what is missing.
    Post,
    /// Reckon everything, write nothing.
    Check,
}

/// What a rebuild found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Pull requests reckoned.
    pub pull_requests: usize,
    /// Windows reckoned; one that spans batches counts in each.
    pub windows: usize,
    /// Entries by which the ledger differs.
    pub entries: usize,
    /// Pull requests in batches that differ.
    pub differing: usize,
}

/// Pull requests a batch.
const BATCH: usize = 200;

/// Settles every pull request again from the stored statements, by the one settlement path, a batch
/// in one transaction; first, when it writes, totals, boards and histogram are made anew from the
/// ledger. `progress` is told how many are done.
pub async fn rebuild(
    context: &Context,
    mode: Mode,
    mut progress: impl FnMut(usize),
) -> Result<Rebuilt, DbError> {
    let mut rebuilt = Rebuilt::default();
    if mode == Mode::Post {
        recount(context).await?;
    }
    let mut after = None;
    loop {
        let pulls = github::reads::ids_after(&context.db, after, BATCH as i64).await?;
        let Some(last) = pulls.last().copied() else {
            return Ok(rebuilt);
        };
        after = Some(last);
        rebuilt.pull_requests += pulls.len();
        let settled = settle(context, mode, &pulls.iter().copied().collect()).await?;
        rebuilt.windows += settled.windows;
        rebuilt.entries += settled.entries;
        if settled.entries > 0 {
            rebuilt.differing += pulls.len();
        }
        progress(rebuilt.pull_requests);
    }
}

async fn settle(
    context: &Context,
    mode: Mode,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<Settled, DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    match mode {
        Mode::Post => {
            let settled = settle_pulls(&tx, context, pulls).await?;
            tx.commit().await?;
            Ok(settled)
        }
        // Dropped without a commit: nothing happened.
        Mode::Check => check_pulls(&tx, context, pulls).await,
    }
}

/// Makes totals, boards and histogram anew from the ledger as it stands.
async fn recount(context: &Context) -> Result<(), DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    recognition::actions::recount(&tx, context).await?;
    tx.commit().await
}
