use std::collections::HashMap;

use kernel::Points;
use platform::{
    Context,
    db::{DbError, Sql},
};
use recognition::{
    model::{Mismatch, SettlementMode},
    reads::MISMATCHES,
};
use uuid::Uuid;

use super::resettle::resettle;
use crate::{
    model::SOURCE,
    store::contributions::{Score, scores},
};

/// The number of pull requests whose scores are compared per transaction.
const PAGE: usize = 1_000;

/// Compares scores with the ledger, and the ledger with the entitlements of a new settlement. Changes
/// nothing.
pub(crate) async fn mismatches(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let mut found = wrong_scores(context).await?;
    let settled = resettle(context, SettlementMode::Check, &mut |_| {}).await?;
    found.extend(settled.mismatch());
    Ok(found)
}

/// Finds contributions whose score differs from the sum of their ledger entries. This includes entries that
/// settlement ignores: those with an unknown reason, or of a pull request without a contribution.
async fn wrong_scores(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let (mut found, mut checks) = (Vec::new(), context.db.check());
    let mut next = Some(Uuid::nil());
    loop {
        while checks.may_start()
            && let Some(after) = next
        {
            // Settlement changes scores and entries together, so both are read from one snapshot.
            let db = context.db.snapshot().await?;
            let page = scores(&db, after, PAGE as i64).await?;
            let full = page.last().filter(|_| page.len() == PAGE);
            next = full.map(|score| score.pull_request_id);
            let last = next.unwrap_or(Uuid::max());
            checks.start(async move { compare(&db, &page, after, last).await });
        }
        match checks.finished().await {
            None => return Ok(found),
            Some(wrong) => found.extend(wrong?),
        }
        found.truncate(MISMATCHES);
    }
}

async fn compare(
    db: &impl Sql,
    page: &[Score],
    after: Uuid,
    last: Uuid,
) -> Result<Vec<Mismatch>, DbError> {
    let mut sums = recognition::reads::sums(db, SOURCE, after, last).await?;
    let mut found = without_pull_request(db, page).await?;
    for score in page {
        let counted = sums.remove(&score.pull_request_id).unwrap_or(0);
        if counted != score.score {
            found.push(Mismatch {
                what: "points of a pull request".to_owned(),
                which: format!("GitHub ID {}", score.github_id),
                stored: score.score.to_string(),
                counted: counted.to_string(),
            });
        }
    }
    Ok(found.into_iter().chain(strays(sums)).collect())
}

/// Finds contributions of pull requests that do not exist. The database does not check this: a foreign key costs a lookup
/// for each contribution.
async fn without_pull_request(db: &impl Sql, page: &[Score]) -> Result<Vec<Mismatch>, DbError> {
    let ids = page.iter().map(|score| score.pull_request_id.into());
    let pulls = github::reads::existing(db, ids).await?;
    let stray = |score: &&Score| !pulls.contains(&score.pull_request_id.into());
    let mismatch = |score: &Score| Mismatch {
        what: "points of an unknown pull request".to_owned(),
        which: format!("GitHub ID {}", score.github_id),
        stored: score.score.to_string(),
        counted: "no pull request".to_owned(),
    };
    Ok(page.iter().filter(stray).map(mismatch).collect())
}

/// Returns a mismatch for each pull request with entries but no contribution.
fn strays(sums: HashMap<Uuid, Points>) -> impl Iterator<Item = Mismatch> {
    let strays = sums.into_values().filter(|points| *points != 0);
    strays.map(|points| Mismatch {
        what: "points in the ledger without a pull request".to_owned(),
        which: String::new(),
        stored: points.to_string(),
        counted: "0".to_owned(),
    })
}
