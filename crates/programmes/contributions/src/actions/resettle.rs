use std::collections::BTreeSet;

use github::model::PullRequestId;
use kernel::counted;
use platform::{Context, db::DbError};
use recognition::model::{Resettled, SettlementMode};

use super::settle::{LOCK, Settled, check_pulls, settle_pulls};

/// The number of pull requests per batch.
const BATCH: usize = 200;

/// Settles every pull request again from the stored statements, in one transaction per batch. Calls
/// `progress` with the number of pull requests that are done.
pub(crate) async fn resettle(
    context: &Context,
    mode: SettlementMode,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Resettled, DbError> {
    let (mut pull_requests, mut entries) = (0, 0);
    let mut after = None;
    loop {
        let pulls = github::reads::ids_after(&context.db, after, BATCH as i64).await?;
        let Some(last) = pulls.last().copied() else {
            break;
        };
        after = Some(last);
        pull_requests += pulls.len();
        let settled = settle(context, mode, &pulls.into_iter().collect()).await?;
        entries += settled.entries;
        progress(pull_requests);
    }
    Ok(Resettled {
        summary: counted(pull_requests, "pull request", "pull requests"),
        entries,
    })
}

async fn settle(
    context: &Context,
    mode: SettlementMode,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<Settled, DbError> {
    let tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    match mode {
        SettlementMode::Post => {
            let settled = settle_pulls(&tx, context, pulls).await?;
            tx.commit().await?;
            Ok(settled)
        }
        // The transaction is rolled back, so nothing changes.
        SettlementMode::Check => check_pulls(&tx, context, pulls).await,
    }
}
