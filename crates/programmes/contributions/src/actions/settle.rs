use std::collections::BTreeSet;

use github::model::PullRequestId;
use github::{model::History, model::PULL_REQUEST_CHANGED, rules::fold::fold};
use kernel::{Month, Timestamp};
use platform::{
    Context, crash,
    db::{DbError, Tx},
    jobs::{self, Progress},
    telemetry::activity::{self, Work},
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

/// The number of wake-ups per batch.
const BATCH: i64 = 512;

/// The result of a settlement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The number of windows that were settled.
    pub windows: usize,
    /// The number of ledger entries posted, including reversals.
    pub entries: usize,
    /// Pull requests with a recent merge that earned points.
    pub scored: Vec<Uuid>,
}

/// Settles the pull requests with new statements, in one transaction per batch.
///
/// # Errors
/// When the database fails. Nothing is changed then.
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
    activity::count(Work::Settled, settled.windows as u64);
    Ok(Progress::of_batch(wake_ups.len(), BATCH))
}

/// The lock of settlement: one transaction settles at a time.
pub(super) const LOCK: &str = "contributions.settlement";

/// Updates contributions from GitHub's statements about their pull requests, settles all windows that they
/// touch, and posts the difference to the ledger. Live deliveries, imports, replays, rebuilds and checks
/// all use this function. The caller holds the settlement's lock. Running it again changes nothing.
pub async fn settle_pulls(
    tx: &Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<Settled, DbError> {
    settle_beside(tx, context, pulls, &BTreeSet::new()).await
}

/// Settles pull requests for a check of whether anything is left to post. Pull requests that are still
/// [`awaiting`] settlement legitimately differ from the ledger, so they are skipped, and so are all windows
/// that contain them.
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

/// Returns pull requests that still await settlement: those with a wake-up, and those with matured points.
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
