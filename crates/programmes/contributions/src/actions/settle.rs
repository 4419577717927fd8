use std::collections::{BTreeMap, BTreeSet, HashMap};

use github::{
    model::{History, PULL_REQUEST_CHANGED, PullRequestId, PullState, RepositoryId},
    rules::fold::fold,
};
use identity::{model::UserId, reads::BanHistories};
use kernel::{Month, Timestamp};
use platform::{
    Context,
    db::{DbError, Sql, Tx},
    jobs,
};
use uuid::Uuid;

use super::settle_windows::{SettlementBatch, calculate, settle_windows};
use crate::{
    model::ProjectId,
    rules::{
        PullFacts, Reviews, assemble, closes_at, needs_patch,
        review::{Deadlines, PullEnd, ReviewMark, has_new_commits, is_marked},
    },
    store::{
        contributions::{self, Contribution, ContributionPlace},
        exclusions, fair_play, overrides,
        projects::{self, Published},
        reviews,
        windows::{self, WindowKey},
    },
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// The number of windows that were settled.
    pub windows: usize,
    /// The number of ledger entries posted, including reversals.
    pub entries: usize,
    /// Pull requests with a recent merge that earned points.
    pub scored: Vec<Uuid>,
    /// Pull requests whose patch the rules judge, and which is not known.
    pub unread: BTreeSet<PullRequestId>,
    /// The authors of merges whose points or explanation changed, whose badges may change.
    pub merged: BTreeSet<UserId>,
}

/// The lock of settlement: one transaction settles at a time.
pub(super) const LOCK: &str = "contributions.settlement";

/// Updates contributions from GitHub's statements about their pull requests, settles all windows that they
/// touch, and posts the difference to the ledger. Live deliveries, imports, replays and rebuilds all use this
/// function, and [`check_pulls`] calculates the same. The caller holds the settlement's lock. Running it again changes
/// nothing.
pub async fn settle_pulls(
    tx: &Tx,
    context: &Context,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<Settlement, DbError> {
    let (batch, touched) = load(tx, pulls).await?;
    let unread = batch.contributions().filter(|own| is_unread(own, &touched.projects));
    let unread = unread.map(|own| own.facts.pull_request_id).collect();
    let settled = settle_windows(tx, context, batch, touched).await?;
    Ok(Settlement { unread, ..settled })
}

/// Returns whether the rules judge the patch of a pull request that could earn points, and it is not known.
fn is_unread(contribution: &Contribution, projects: &Projects) -> bool {
    let facts = &contribution.facts;
    let rules = projects.published.in_force(contribution.project_id, facts.created_at);
    let may_earn = !facts.author_is_bot && !facts.author_owns_repository;
    contribution.author.is_some() && may_earn && needs_patch(facts, &rules.document)
}

/// Counts the entries that settling pull requests again would post, by a snapshot of the database. Pull requests that
/// are still [`awaiting`] settlement legitimately differ from the ledger, so they are skipped, and so are all windows
/// that contain them.
pub async fn check_pulls(
    db: &impl Sql,
    as_of: Timestamp,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<usize, DbError> {
    let awaiting = awaiting(db, as_of).await?;
    let settled = pulls.difference(&awaiting).copied().collect();
    let (batch, mut touched) = load(db, &settled).await?;
    touched.awaiting = awaiting;
    let calculated = calculate(db, &batch, &touched, as_of).await?;
    recognition::actions::unposted(db, &calculated.scope, calculated.wanted).await
}

/// Derives the contributions of pull requests, and finds the windows that they touch.
async fn load(
    db: &impl Sql,
    pulls: &BTreeSet<PullRequestId>,
) -> Result<(SettlementBatch, TouchedWindows), DbError> {
    let pulls: Vec<PullRequestId> = pulls.iter().copied().collect();
    let (contributions, projects) = contributions_of(db, &pulls).await?;
    let stored = contributions::stored(db, pulls).await?;
    let followers = contributions::followers(db, &contributions).await?;
    let mut windows = BTreeSet::new();
    let before = stored.values().map(|stored| &stored.placed);
    let kept = before.filter(|placed| projects.of(placed.repository_id.into()).is_some());
    windows.extend(kept.chain(&followers).flat_map(places));
    windows.extend(contributions.iter().flat_map(own_places));
    let touched = TouchedWindows { windows, awaiting: BTreeSet::new(), projects };
    Ok((SettlementBatch::new(contributions, stored), touched))
}

pub(super) struct TouchedWindows {
    pub(super) windows: BTreeSet<WindowKey>,
    /// Pull requests whose windows are left out.
    pub(super) awaiting: BTreeSet<PullRequestId>,
    pub(super) projects: Projects,
}

/// The projects of repositories, and their rules.
pub(super) struct Projects {
    owners: HashMap<RepositoryId, ProjectId>,
    excluded: BTreeSet<RepositoryId>,
    pub(super) published: Published,
}

impl Projects {
    /// Returns the project of a repository; `None` if it belongs to none.
    pub(super) fn of(&self, repository: RepositoryId) -> Option<ProjectId> {
        self.owners.get(&repository).copied()
    }

    /// Returns whether a moderator excluded a repository.
    pub(super) fn excludes(&self, repository: RepositoryId) -> bool {
        self.excluded.contains(&repository)
    }
}

/// Derives the contributions of pull requests that belong to a project from GitHub's statements.
pub(super) async fn contributions_of(
    db: &impl Sql,
    pulls: &[PullRequestId],
) -> Result<(Vec<Contribution>, Projects), DbError> {
    let histories = github::reads::histories(db, pulls).await?;
    let repositories: BTreeSet<_> = histories.iter().map(|history| history.repository_id).collect();
    let (owners, excluded) = exclusions::owners(db, repositories).await?;
    let published = projects::published(db, &owners.values().copied().collect()).await?;
    let bans = bans(db, &histories).await?;
    let mut reviews = reviews_of(db, pulls, &histories).await?;
    let bots = bots(db, &published).await?;
    let flags = fair_play::effects(db, pulls.iter().copied()).await?;
    let mut decisions = overrides::held(db, pulls.iter().copied()).await?;
    let contribution = |history: &History| {
        let project = *owners.get(&history.repository_id)?;
        let reviews = reviews.remove(&history.id).unwrap_or_default();
        let mut derived = assembled(history, project, &published, &bans, reviews, &bots)?;
        derived.facts.flag = flags.get(&history.id).copied();
        derived.facts.repository_excluded = excluded.contains(&history.repository_id);
        derived.facts.score_override = decisions.remove(&history.id);
        Some(derived)
    };
    let contributions = histories.iter().filter_map(contribution).collect();
    let projects = Projects { owners, excluded, published };
    Ok((contributions, projects))
}

/// Counts the windows that await settlement, which [`check_pulls`] skips.
pub(crate) async fn awaiting_windows(context: &Context) -> Result<usize, DbError> {
    let db = &context.db;
    let awaiting: Vec<_> = awaiting(db, context.now()).await?.into_iter().collect();
    let mut windows = BTreeSet::new();
    for pulls in awaiting.chunks(COUNTED) {
        let settled = contributions::placed(db, pulls.iter().copied()).await?;
        let stated = github::reads::placed(db, pulls).await?;
        let repositories = stated.iter().map(|pull| RepositoryId::from(pull.repository_id));
        let owned = projects::of_repositories(db, repositories).await?;
        let stated = stated
            .into_iter()
            .filter(|pull| owned.contains_key(&RepositoryId::from(pull.repository_id)))
            .map(ContributionPlace::from);
        windows.extend(settled.iter().flat_map(places));
        windows.extend(stated.flat_map(|placed| places(&placed).collect::<Vec<_>>()));
    }
    Ok(windows.len())
}

/// The number of awaiting pull requests that are read at once.
const COUNTED: usize = 200;

/// Returns GitHub's IDs of the accounts that rules name as bots, by login.
async fn bots(
    db: &impl Sql,
    published: &Published,
) -> Result<BTreeMap<String, BTreeSet<i64>>, DbError> {
    let named = published.documents().flat_map(|document| &document.exclude.bot_reviewers);
    let named: BTreeSet<&str> = named.map(String::as_str).collect();
    if named.is_empty() {
        return Ok(BTreeMap::new());
    }
    identity::reads::github_accounts(db, named).await
}

/// Returns the bans of the pull requests' authors.
async fn bans(db: &impl Sql, histories: &[History]) -> Result<BanHistories, DbError> {
    let authors = histories.iter().filter_map(|history| Some(history.author?.user_id));
    identity::reads::ban_histories(db, authors.collect::<BTreeSet<_>>()).await
}

/// Returns pull requests that still await settlement: those with a wake-up, and those with matured points.
async fn awaiting(db: &impl Sql, now: Timestamp) -> Result<BTreeSet<PullRequestId>, DbError> {
    let claimed = jobs::take(db, PULL_REQUEST_CHANGED, i64::MAX).await?;
    let matured = windows::matured(db, now, i64::MAX).await?;
    let claimed = claimed.into_iter().map(|wake_up| wake_up.object_id);
    Ok(claimed.chain(matured).map(Into::into).collect())
}

/// Returns the reviews that were given here, by pull request, with the people behind the reviews on GitHub. Pull requests
/// without reviews here are left out: there, each account on GitHub has one vote.
async fn reviews_of(
    db: &impl Sql,
    pulls: &[PullRequestId],
    histories: &[History],
) -> Result<HashMap<PullRequestId, Reviews>, DbError> {
    let own = reviews::of_pulls(db, pulls).await?;
    if own.is_empty() {
        return Ok(HashMap::new());
    }
    let reviewed = histories.iter().filter(|history| own.contains_key(&history.id));
    let accounts = reviewed
        .flat_map(|history| &history.reviews)
        .filter_map(|review| review.reviewer_github_id);
    let known = identity::reads::known(db, accounts.collect::<BTreeSet<_>>()).await?;
    let people = known.into_iter().map(|(account, known)| (account, known.user_id));
    let people: BTreeMap<_, _> = people.collect();
    let of_pull = |(pull, own)| {
        let people = people.clone();
        (pull, Reviews { own, people, ..Reviews::default() })
    };
    Ok(own.into_iter().map(of_pull).collect())
}

/// Returns when something last happened to a pull request, on GitHub or here.
fn active_at(history: &History, stated_at: Timestamp, reviews: &Reviews) -> Timestamp {
    let on_github = history.reviews.iter().map(|review| review.submitted_at);
    let own = reviews.own.iter().filter(|review| !review.is_automatic);
    let own = own.map(|review| review.at);
    on_github.chain(own).fold(stated_at, Timestamp::max)
}

fn ended_at(facts: &PullFacts) -> Option<Timestamp> {
    facts.merged_at.or(facts.closed_at)
}

fn assembled(
    history: &History,
    project_id: ProjectId,
    published: &Published,
    bans: &BanHistories,
    reviews: Reviews,
    bots: &BTreeMap<String, BTreeSet<i64>>,
) -> Option<Contribution> {
    let present = fold(&history.versions, None)?;
    let opened_at = present.facts.created_at?;
    // The account `ghost`, which older versions of this server recorded as an author, is no one's.
    let author = history.author.filter(|_| present.facts.author_id.is_some());
    let was_banned = author.is_some_and(|author| bans.was_banned(author.user_id, opened_at));
    let rules = published.in_force(project_id, opened_at);
    let named = rules.document.exclude.bot_reviewers.iter();
    let bots = named.filter_map(|login| bots.get(login)).flatten().copied().collect();
    let reviews = Reviews { bots, ..reviews };
    let (facts, review_state) = assemble(history, &present, &rules, was_banned, &reviews);
    let active_at = active_at(history, present.instant, &reviews);
    let idle_days = published.idle_days(project_id);
    let approved_at = review_state.last_approved_at;
    Some(Contribution {
        project_id,
        repository_id: history.repository_id,
        author,
        deadlines: review_state
            .is_open()
            .then(|| Deadlines::of(active_at, &review_state, idle_days)),
        has_new_commits: approved_at.is_some_and(|at| has_new_commits(&history.versions, at)),
        review_state,
        is_reviewed: !reviews.own.is_empty(),
        is_marked_spam: is_marked(&reviews.own, None, ReviewMark::Spam),
        is_marked_low_value: is_marked(&reviews.own, None, ReviewMark::LowValue),
        ended: PullEnd {
            merged_at: facts.merged_at,
            closed_at: facts.closed_at.filter(|_| present.state == PullState::Closed),
            reopened_at: None,
        },
        closes_at: closes_at(ended_at(&facts), rules.document.maturing_days),
        rules_version: rules.version,
        facts,
    })
}

fn months(opening_at: Timestamp, merged_at: Option<Timestamp>) -> impl Iterator<Item = Month> {
    std::iter::once(opening_at).chain(merged_at).map(Month::of)
}

pub(super) fn places(placed: &ContributionPlace) -> impl Iterator<Item = WindowKey> {
    let ContributionPlace { author_id, repository_id, opening_at, merged_at } = *placed;
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
