use std::collections::BTreeSet;

use github::model::PullRequestId;
use github::{model::History, model::PULL_REQUEST_CHANGED, rules::fold::fold};
use kernel::{Month, Timestamp};
use platform::{
    Context, crash,
    db::{DbError, Tx},
    jobs::{self, Progress},
};
use uuid::Uuid;

use super::settle_windows::settle_windows;
use crate::{
    model::PULL_REQUEST_SCORED,
    rules::assemble,
    store::{
        contributions::{self, Contribution, Placed},
        projects::{self, Published},
        windows::{self, WindowKey},
    },
};

/// Wake-ups a batch.
const BATCH: i64 = 512;

/// Counts of a settlement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Windows that were reckoned.
    pub windows: usize,
    /// Entries posted to the ledger, reversals included.
    pub entries: usize,
    /// Pull requests whose merge earned points that are news to their authors.
    pub scored: Vec<Uuid>,
}

/// Settles the pull requests of which something new was stated, a batch in one transaction.
///
/// # Errors
/// When the database fails; then nothing was changed.
pub async fn settle_changed(context: &Context) -> Result<Progress, DbError> {
    if !jobs::is_raised(&context.db, PULL_REQUEST_CHANGED).await? {
        return Ok(Progress::Idle);
    }
    let mut tx = context.begin().await?;
    tx.serialize(LOCK).await?;
    let wake_ups = jobs::take(&tx, PULL_REQUEST_CHANGED, BATCH).await?;
    if wake_ups.is_empty() {
        return Ok(Progress::Idle);
    }
    let pulls: BTreeSet<PullRequestId> = wake_ups
        .iter()
        .map(|wake_up| wake_up.object_id.into())
        .collect();
    let settled = settle_pulls(&tx, context, &pulls).await?;
    jobs::forget(&tx, &wake_ups).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(PULL_REQUEST_SCORED, settled.scored, ids, now)
        .await?;
    crash::point("settle.before_commit");
    tx.commit().await?;
    metrics::counter!("guildhall_settled_windows_total").increment(settled.windows as u64);
    metrics::counter!("guildhall_ledger_entries_total").increment(settled.entries as u64);
    Ok(Progress::of_batch(wake_ups.len(), BATCH))
}

/// The lane of `Tx::serialize` that settlement takes: one transaction at a time settles.
pub(super) const LOCK: &str = "contributions.settlement";

/// Updates contributions of pull requests to GitHub's statements of them, settles every window they
/// touch, and posts the difference to the ledger. The one path for live deliveries, imports, replays, rebuilds
/// and verification. The caller holds the settlement's lane. Running it again changes nothing.
pub async fn settle_pulls(
    tx: &Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<Settled, DbError> {
    settle_beside(tx, context, pulls, &BTreeSet::new()).await
}

/// The same for a transaction that is to show whether anything is left to be posted: pull requests that
/// are still [`awaiting`] differ from the ledger, and rightly so, and with them all that stand in one of
/// their windows.
pub async fn check_pulls(
    tx: &Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<Settled, DbError> {
    let awaiting = awaiting(tx, context.now()).await?;
    let settled = pulls.difference(&awaiting).copied().collect();
    settle_beside(tx, context, &settled, &awaiting).await
}

async fn settle_beside(
    tx: &Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
    awaiting: &BTreeSet<PullRequestId>,
) -> Result<Settled, DbError> {
    let pulls: Vec<PullRequestId> = pulls.iter().copied().collect();
    let histories = github::reads::histories(tx, &pulls).await?;
    let repositories: BTreeSet<_> = histories
        .iter()
        .map(|history| history.repository_id)
        .collect();
    let owners = projects::of_repositories(tx, repositories).await?;
    let published = projects::published(tx, &owners.values().copied().collect()).await?;
    let contribution = |history: &History| {
        let project = *owners.get(&history.repository_id)?;
        assembled(history, project, &published)
    };
    let contributions: Vec<Contribution> = histories.iter().filter_map(contribution).collect();
    if contributions.is_empty() {
        return Ok(Settled::default());
    }
    let before = contributions::placed(tx, pulls).await?;
    contributions::upsert(tx, context.ids.as_ref(), &contributions, context.now()).await?;
    let mut windows = BTreeSet::new();
    let followers = contributions::followers(tx, &contributions).await?;
    windows.extend(before.iter().chain(&followers).flat_map(places));
    windows.extend(contributions.iter().flat_map(own_places));
    crash::point("settle.mid");
    settle_windows(tx, context, windows, awaiting, &published).await
}

/// Pull requests that settlement has yet to look at: woken ones, and those of which a part has
/// matured.
async fn awaiting(tx: &Tx, now: Timestamp) -> Result<BTreeSet<PullRequestId>, DbError> {
    let claimed = jobs::take(tx, PULL_REQUEST_CHANGED, i64::MAX).await?;
    let matured = windows::matured(tx, now, i64::MAX).await?;
    let claimed = claimed.into_iter().map(|wake_up| wake_up.object_id);
    Ok(claimed.chain(matured).map(Into::into).collect())
}

fn assembled(
    history: &History,
    project_id: crate::model::ProjectId,
    published: &Published,
) -> Option<Contribution> {
    let present = fold(&history.versions, None)?;
    let rules = published.in_force(project_id, present.facts.created_at?);
    let (facts, derived) = assemble(history, &present, rules.document.maturing_days);
    Some(Contribution {
        project_id,
        repository_id: history.repository_id,
        author: history.author,
        state: derived.state,
        reviewed_at: derived.reviewed_at,
        approved_at: derived.approved_at,
        rules_version: rules.version,
        facts,
    })
}

fn months(opening_at: Timestamp, merged_at: Option<Timestamp>) -> impl Iterator<Item = Month> {
    std::iter::once(opening_at).chain(merged_at).map(Month::of)
}

fn places(placed: &Placed) -> impl Iterator<Item = WindowKey> {
    let Placed {
        author_id,
        repository_id,
        opening_at,
        merged_at,
    } = *placed;
    author_id.into_iter().flat_map(move |author| {
        months(opening_at, merged_at).map(move |month| (author.into(), repository_id.into(), month))
    })
}

fn own_places(contribution: &Contribution) -> impl Iterator<Item = WindowKey> {
    let facts = &contribution.facts;
    let (opening_at, merged_at) = (facts.opening_at(), facts.merged_at);
    let repository = contribution.repository_id;
    contribution.author.into_iter().flat_map(move |author| {
        months(opening_at, merged_at).map(move |month| (author.user_id, repository, month))
    })
}
