use std::collections::{BTreeMap, BTreeSet};

use crate::model::{PullRequestId, RepositoryId};
use identity::model::{Authority, GithubAccount, PersonIdentity};
use kernel::Timestamp;
use platform::{
    Context,
    crypto::digest,
    db::{DbError, Tx},
    jobs::Failure,
};
use uuid::Uuid;

use super::{apply::Outcome, read_delivery::review_seen_at};
use crate::{
    model::{CLOSING_PULL_CHANGED, PULL_REQUEST_CHANGED},
    model::{DISMISSED, Facts, Origin, PullState, StatedReview as Stated, Version},
    rules::{
        account::Account,
        fold::{Folded, fold},
        merge::decision,
        payload::{Pull, Repo, Review},
        review::merged,
    },
    store::{
        closing,
        pulls::{self, NewPull, People},
        reviews,
    },
};

/// The origin of statements.
#[derive(Clone, Copy)]
pub(super) enum StatementSource {
    Deliveries,
    /// GitHub's API, which was read at this time.
    Api(Timestamp),
}

impl StatementSource {
    fn authority(self) -> Authority {
        match self {
            Self::Deliveries => Authority::Delivery,
            Self::Api(_) => Authority::Github,
        }
    }
}

/// A statement about a pull request.
pub(super) struct Statement {
    /// The index of its delivery, or of its pull request, in the batch.
    index: usize,
    repository_id: RepositoryId,
    /// True when the pull request belongs to another repository than the delivery.
    is_foreign: bool,
    pull: Pull,
    review: Option<Review>,
    facts: Facts,
}

impl Statement {
    pub(super) fn new(
        index: usize,
        repository_id: RepositoryId,
        pull: Pull,
        review: Option<Review>,
        repo: &Repo,
    ) -> Self {
        let base = pull.base.as_ref().and_then(|base| base.repo.as_ref());
        let owner = repo.owner.as_ref().and_then(|owner| owner.id);
        let mut facts = pull.facts();
        facts.base_owner_id = facts.base_owner_id.or(owner);
        Self {
            index,
            repository_id,
            is_foreign: base.is_some_and(|base| base.id != repo.id),
            facts,
            pull,
            review,
        }
    }

    /// Sets its origin, which decides between contradicting statements of one second.
    pub(super) fn of(mut self, origin: Origin) -> Self {
        self.facts.origin = origin;
        self
    }

    fn accounts(&self, source: StatementSource) -> impl Iterator<Item = GithubAccount> {
        let seen_at = match (source, &self.review) {
            // The API states the present logins, whatever the age of the pull request.
            (StatementSource::Api(read_at), _) => read_at,
            (StatementSource::Deliveries, Some(review)) => review_seen_at(&self.pull, review),
            (StatementSource::Deliveries, None) => self.pull.updated_at,
        };
        let reviewer = self.review.as_ref().and_then(|review| review.user.as_ref());
        [self.pull.user.as_ref(), self.pull.merged_by.as_ref(), reviewer]
            .into_iter()
            .flatten()
            .cloned()
            .chain(self.pull.requesters())
            .filter_map(move |account: Account| account.seen_at(seen_at))
    }

    fn version(&self) -> Version {
        let json = serde_json::to_string(&self.facts).unwrap_or_default();
        Version {
            instant: self.pull.updated_at,
            digest: digest(json.as_bytes()),
            facts: self.facts.clone(),
        }
    }
}

/// Records statements and recomputes pull requests from all their statements. Returns the result of each
/// statement with its index.
pub(super) async fn apply_statements(
    tx: &mut Tx,
    context: &Context,
    statements: Vec<Statement>,
    source: StatementSource,
) -> Result<Vec<(usize, Outcome)>, DbError> {
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let now = context.now();
    let ids = identify(tx, context, &statements, now).await?;
    let (mut outcomes, mut kept) = (Vec::new(), Vec::new());
    for statement in statements {
        match ids.get(&(statement.key(), statement.pull.id)) {
            Some(id) if !statement.is_foreign => kept.push((*id, statement)),
            _ => outcomes.push((statement.index, Err(refusal(&statement)))),
        }
    }
    // Rejected statements do not update people either.
    let accounts = kept.iter().flat_map(|(_, statement)| statement.accounts(source));
    let known = identity::actions::know_accounts(tx, context, source.authority(), accounts).await?;
    let versions: Vec<_> = kept.iter().map(|(id, statement)| (*id, statement.version())).collect();
    pulls::insert_versions(tx, context.ids.as_ref(), &versions, now).await?;
    let changed: BTreeSet<PullRequestId> = kept.iter().map(|(id, _)| *id).collect();
    let closed = closing::issues_of(tx, &changed).await?;
    refold(tx, context, &changed, &known).await?;
    wake_closed(tx, context, &changed, closed).await?;
    apply_reviews(tx, context, &kept, &known, now).await?;
    tx.wake(PULL_REQUEST_CHANGED, changed.iter().map(|id| id.0), context.ids.as_ref(), now).await?;
    outcomes.extend(kept.iter().map(|(_, statement)| {
        let outcome = format!("updated #{}", statement.pull.number);
        (statement.index, Ok(outcome))
    }));
    Ok(outcomes)
}

/// Returns why a statement is rejected. The owner of one repository must not make statements about another
/// repository's pull requests.
fn refusal(statement: &Statement) -> Failure {
    let why = if statement.is_foreign {
        "pull_request belongs to a different repository than the delivery"
    } else {
        "pull_request.id is already used by another pull request of the repository"
    };
    Failure::Fail(why.to_owned())
}

/// Identifies a pull request: its repository and its number there.
type PullKey = (RepositoryId, i64);

impl Statement {
    fn key(&self) -> PullKey {
        (self.repository_id, self.pull.number)
    }

    /// Returns GitHub's ID, which counts only within its repository.
    fn github_key(&self) -> PullKey {
        (self.repository_id, self.pull.id)
    }
}

/// Returns the row of each pull request in accepted statements, and creates missing rows. A statement is
/// rejected when its GitHub ID belongs to another pull request of the same repository; statements of other
/// repositories do not matter.
async fn identify(
    tx: &Tx,
    context: &Context,
    statements: &[Statement],
    now: Timestamp,
) -> Result<BTreeMap<(PullKey, i64), PullRequestId>, DbError> {
    let accepted = || statements.iter().filter(|statement| !statement.is_foreign);
    let keys: BTreeSet<PullKey> = accepted().map(Statement::key).collect();
    let github_ids: BTreeSet<PullKey> = accepted().map(Statement::github_key).collect();
    let stored = pulls::stored(tx, &keys, &github_ids).await?;
    let mut owners: BTreeMap<PullKey, PullKey> = BTreeMap::new();
    let mut rows: BTreeMap<PullKey, (PullRequestId, i64)> = BTreeMap::new();
    for row in stored {
        let key = (row.repository_id.into(), row.number);
        owners.insert((key.0, row.github_id), key);
        rows.insert(key, (row.id.into(), row.github_id));
    }
    let (mut ids, mut new, mut corrected) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
    for statement in accepted() {
        let (key, github_id) = (statement.key(), statement.pull.id);
        if *owners.entry(statement.github_key()).or_insert(key) != key {
            continue;
        }
        let (id, known_as) = rows.entry(key).or_insert_with(|| {
            let id = context.ids.next().into();
            new.push(NewPull::of(id, statement));
            (id, github_id)
        });
        ids.insert((key, github_id), *id);
        // GitHub promises one ID per pull request. If payloads break that promise, the lowest ID counts, in
        // whatever order they arrive.
        if github_id < *known_as {
            *known_as = github_id;
            corrected.insert(*id, github_id);
        }
    }
    pulls::insert(tx, &new, now).await?;
    pulls::correct_github_ids(tx, &corrected).await?;
    Ok(ids)
}

impl NewPull {
    fn of(id: PullRequestId, statement: &Statement) -> Self {
        Self {
            id,
            github_id: statement.pull.id,
            repository_id: statement.repository_id,
            number: statement.pull.number,
            opened_at: statement.pull.created_at,
        }
    }
}

/// Recomputes pull requests from all their statements. `known` are people by GitHub ID; others are looked up.
pub(super) async fn refold(
    tx: &Tx,
    context: &Context,
    changed: &BTreeSet<PullRequestId>,
    known: &BTreeMap<i64, PersonIdentity>,
) -> Result<(), DbError> {
    if changed.is_empty() {
        return Ok(());
    }
    let versions = pulls::versions(tx, changed.iter().copied()).await?;
    let folded: Vec<_> = versions
        .iter()
        .filter_map(|(id, versions)| fold(versions, None).map(|folded| (*id, folded)))
        .collect();
    let people = known_people(tx, context, &folded, known).await?;
    let person = |id: Option<i64>| id.and_then(|id| people.get(&id).copied());
    let rows: Vec<_> = folded
        .into_iter()
        .map(|(id, folded)| {
            let people = People {
                author: person(folded.facts.author_id),
                merged_by: person(folded.facts.merged_by_id),
                decided_by: person(decider(&folded)),
            };
            (id, folded, people)
        })
        .collect();
    let now = context.now();
    let closes = rows.iter().map(|(id, folded, _)| (*id, &*folded.facts.closes));
    closing::replace(tx, context.ids.as_ref(), &closes.collect::<Vec<_>>(), now).await?;
    pulls::update(tx, &rows, now).await
}

/// Returns GitHub's ID of the person who decided that a pull request is merged; `None` unless it is.
fn decider(folded: &Folded) -> Option<i64> {
    let decision = decision(&folded.facts).filter(|_| folded.state == PullState::Merged)?;
    Some(decision.by)
}

/// Wakes those who follow the pull requests of issues: the issues that changed pull requests close, and those, `closed`, that
/// they closed before.
pub(super) async fn wake_closed(
    tx: &mut Tx,
    context: &Context,
    changed: &BTreeSet<PullRequestId>,
    mut closed: BTreeSet<Uuid>,
) -> Result<(), DbError> {
    closed.extend(closing::issues_of(tx, changed).await?);
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(CLOSING_PULL_CHANGED, closed, ids, now).await
}

/// Finds people who are named by older statements but not by this batch.
async fn known_people(
    tx: &Tx,
    context: &Context,
    folded: &[(PullRequestId, Folded)],
    known: &BTreeMap<i64, PersonIdentity>,
) -> Result<BTreeMap<i64, PersonIdentity>, DbError> {
    let named = folded.iter().flat_map(|(_, folded)| {
        [folded.facts.author_id, folded.facts.merged_by_id, decider(folded)]
    });
    let missing: BTreeSet<i64> = named.flatten().filter(|id| !known.contains_key(id)).collect();
    let mut people = known.clone();
    if !missing.is_empty() {
        people.extend(identity::actions::known(tx, context, missing).await?);
    }
    Ok(people)
}

/// Recomputes reviews from all their statements.
async fn apply_reviews(
    tx: &Tx,
    context: &Context,
    kept: &[(PullRequestId, Statement)],
    known: &BTreeMap<i64, PersonIdentity>,
    now: Timestamp,
) -> Result<(), DbError> {
    let stated: Vec<Stated> =
        kept.iter().filter_map(|(id, statement)| stated(*id, statement, known)).collect();
    if stated.is_empty() {
        return Ok(());
    }
    let key = |review: &Stated| (review.pull_request_id, review.github_id);
    let stored = reviews::stored(tx, &stated.iter().map(key).collect()).await?;
    let mut known: BTreeMap<(Uuid, i64), Stated> = BTreeMap::new();
    for review in stored.into_iter().chain(stated) {
        let review = match known.remove(&key(&review)) {
            Some(other) => merged(other, review),
            None => review,
        };
        known.insert(key(&review), review);
    }
    let reviews: Vec<Stated> = known.into_values().collect();
    reviews::upsert(tx, context.ids.as_ref(), &reviews, now).await
}

fn stated(
    id: PullRequestId,
    statement: &Statement,
    known: &BTreeMap<i64, PersonIdentity>,
) -> Option<Stated> {
    let review = statement.review.as_ref()?;
    let reviewer = review.user.as_ref().and_then(|user| user.id);
    let state = review.state.to_ascii_lowercase();
    let seen_at = review_seen_at(&statement.pull, review);
    Some(Stated {
        github_id: review.id,
        pull_request_id: id.0,
        reviewer_id: reviewer.and_then(|id| known.get(&id)).map(|known| known.user_id.0),
        reviewer_github_id: reviewer,
        reviewer_is_bot: review.user.as_ref().and_then(Account::is_bot),
        dismissed_at: (state == DISMISSED).then_some(seen_at),
        state,
        submitted_at: review.submitted_at.unwrap_or(statement.pull.updated_at),
        author_association: review.author_association.clone(),
        seen_at,
    })
}
