use std::collections::{BTreeSet, HashMap};

use github::{
    model::{History, PULL_REQUEST_CHANGED, PullRequestId, RepositoryId},
    rules::fold::fold,
};
use identity::reads::BanHistories;
use kernel::{Month, Timestamp};
use platform::{
    Context,
    db::{DbError, Sql, Tx},
    jobs,
};
use uuid::Uuid;

use super::settle_windows::{Batch, settle_windows};
use crate::{
    model::ProjectId,
    rules::assemble,
    store::{
        contributions::{self, Contribution, Placed},
        projects::{self, Published},
        windows::{self, WindowKey},
    },
};

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
    settle_beside(tx, context, pulls, &Except::default()).await
}

/// Settles pull requests for a check of whether anything is left to post. Pull requests that are still
/// [`awaiting`] settlement legitimately differ from the ledger, so they are skipped, and so are all windows
/// that contain them.
pub async fn check_pulls(
    tx: &Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<Settled, DbError> {
    let except = Except {
        awaiting: awaiting(tx, context.now()).await?,
        is_check: true,
    };
    let settled = pulls.difference(&except.awaiting).copied().collect();
    settle_beside(tx, context, &settled, &except).await
}

async fn settle_beside(
    tx: &Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
    except: &Except,
) -> Result<Settled, DbError> {
    let pulls: Vec<PullRequestId> = pulls.iter().copied().collect();
    let (contributions, projects) = contributions_of(tx, &pulls).await?;
    let stored = contributions::stored(tx, pulls).await?;
    let followers = contributions::followers(tx, &contributions).await?;
    let mut windows = BTreeSet::new();
    let before = stored.values().map(|stored| &stored.placed);
    let kept = before.filter(|placed| projects.of(placed.repository_id.into()).is_some());
    windows.extend(kept.chain(&followers).flat_map(places));
    windows.extend(contributions.iter().flat_map(own_places));
    let batch = Batch::new(contributions, stored);
    settle_windows(tx, context, batch, windows, except, &projects).await
}

/// The parts of a settlement that are left out.
#[derive(Debug, Default)]
pub(super) struct Except {
    /// Pull requests whose windows are not settled.
    pub(super) awaiting: BTreeSet<PullRequestId>,
    /// True to compare entitlements with the ledger only, and write no contributions.
    pub(super) is_check: bool,
}

/// The projects of repositories, and their rules.
pub(super) struct Projects {
    owners: HashMap<RepositoryId, ProjectId>,
    pub(super) published: Published,
}

impl Projects {
    /// Returns the project of a repository; `None` if it belongs to none.
    pub(super) fn of(&self, repository: RepositoryId) -> Option<ProjectId> {
        self.owners.get(&repository).copied()
    }
}

/// Derives the contributions of pull requests that belong to a project from GitHub's statements.
async fn contributions_of(
    tx: &Tx,
    pulls: &[PullRequestId],
) -> Result<(Vec<Contribution>, Projects), DbError> {
    let histories = github::reads::histories(tx, pulls).await?;
    let repositories: BTreeSet<_> = histories
        .iter()
        .map(|history| history.repository_id)
        .collect();
    let owners = projects::of_repositories(tx, repositories).await?;
    let published = projects::published(tx, &owners.values().copied().collect()).await?;
    let bans = bans(tx, &histories).await?;
    let contribution = |history: &History| {
        let project = *owners.get(&history.repository_id)?;
        assembled(history, project, &published, &bans)
    };
    let contributions = histories.iter().filter_map(contribution).collect();
    Ok((contributions, Projects { owners, published }))
}

/// Counts the windows that await settlement, which [`check_pulls`] skips.
pub(crate) async fn awaiting_windows(context: &Context) -> Result<usize, DbError> {
    let db = &context.db;
    let awaiting: Vec<_> = awaiting(db, context.now()).await?.into_iter().collect();
    let mut windows = BTreeSet::new();
    for pulls in awaiting.chunks(COUNTED) {
        let settled = contributions::placed(db, pulls.iter().copied()).await?;
        let stated = github::reads::placed(db, pulls).await?;
        let repositories = stated
            .iter()
            .map(|pull| RepositoryId::from(pull.repository_id));
        let owned = projects::of_repositories(db, repositories).await?;
        let stated = stated
            .into_iter()
            .filter(|pull| owned.contains_key(&RepositoryId::from(pull.repository_id)))
            .map(Placed::from);
        windows.extend(settled.iter().flat_map(places));
        windows.extend(stated.flat_map(|placed| places(&placed).collect::<Vec<_>>()));
    }
    Ok(windows.len())
}

/// The number of awaiting pull requests that are read at once.
const COUNTED: usize = 200;

/// Returns the bans of the pull requests' authors.
async fn bans(tx: &Tx, histories: &[History]) -> Result<BanHistories, DbError> {
    let authors = histories
        .iter()
        .filter_map(|history| Some(history.author?.user_id));
    identity::reads::ban_histories(tx, authors.collect::<BTreeSet<_>>()).await
}

/// Returns pull requests that still await settlement: those with a wake-up, and those with matured points.
async fn awaiting(db: &impl Sql, now: Timestamp) -> Result<BTreeSet<PullRequestId>, DbError> {
    let claimed = jobs::take(db, PULL_REQUEST_CHANGED, i64::MAX).await?;
    let matured = windows::matured(db, now, i64::MAX).await?;
    let claimed = claimed.into_iter().map(|wake_up| wake_up.object_id);
    Ok(claimed.chain(matured).map(Into::into).collect())
}

fn assembled(
    history: &History,
    project_id: ProjectId,
    published: &Published,
    bans: &BanHistories,
) -> Option<Contribution> {
    let present = fold(&history.versions, None)?;
    let opened_at = present.facts.created_at?;
    // The account `ghost`, which older versions of this server recorded as an author, is no one's.
    let author = history.author.filter(|_| present.facts.author_id.is_some());
    let was_banned = author.is_some_and(|author| bans.was_banned(author.user_id, opened_at));
    let rules = published.in_force(project_id, opened_at);
    let (facts, derived) = assemble(history, &present, &rules, was_banned);
    Some(Contribution {
        project_id,
        repository_id: history.repository_id,
        author,
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

pub(super) fn places(placed: &Placed) -> impl Iterator<Item = WindowKey> {
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
