use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use github::model::Issue;
use kernel::{Month, Timestamp};
use platform::{
    Context,
    crypto::digest,
    db::{DbError, Tx},
};
use uuid::Uuid;

use super::claims::{WATCHED_AFTER, settle_claims};
use crate::{
    model::{
        Analysis, Derived, DerivedHealth, Health, IssueFacts, NotedAttention, RepositoryFacts,
        Status,
    },
    reads,
    rules::{
        analysis::analyze,
        claims::ends_claim,
        doable::{Undoable, undoable},
        health::{health, response_words},
        labels::with_stated,
        listing,
        trending::{noted, together},
    },
    store::{
        followed,
        opportunities::{self, ScannedRepository, StoredOpportunity},
    },
};

/// Changed with the rules, so that all opportunities are derived again.
const RULES: &str = "3";

/// Why issues are left out of repositories that are no longer followed.
const NOT_FOLLOWED: &str = "its repository is no longer followed";

/// Why issues are left out that a claimant's pull request closes.
const MERGED: &str = "a pull request that closes it was merged";

/// The issues that are read at once.
const PAGE: i64 = 200;

/// How long before the last look changes are read again: clocks of processes differ.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// The repository that opportunities are derived from, as it is at an instant.
struct RepositoryState {
    facts: RepositoryFacts,
    health: Health,
    is_followed: bool,
    /// The labels with which it asks for help.
    stated: Vec<String>,
    derived: DerivedHealth,
    now: Timestamp,
}

impl RepositoryState {
    /// Reads a repository; `None` if it is unknown.
    async fn read(tx: &Tx, repository: Uuid, now: Timestamp) -> Result<Option<Self>, DbError> {
        let described = github::reads::described(tx, [repository.into()]).await?;
        let stated = followed::stated_labels(tx, repository).await?;
        let basis = described.into_iter().next().map(|described| {
            let facts = RepositoryFacts::from(&described);
            let health = health(&facts, now);
            let is_followed = described.is_followed;
            Self {
                derived: derived_health(
                    &described.full_name,
                    &facts,
                    &health,
                    is_followed,
                    &stated,
                ),
                facts,
                health,
                is_followed,
                stated,
                now,
            }
        });
        Ok(basis)
    }
}

/// Derives the opportunities of a repository from its issues: those that changed since the last time, or all of them if
/// something about the repository changed, or if `whole`.
///
/// # Errors
/// When the database fails.
pub(crate) async fn derive(
    tx: &mut Tx,
    context: &Context,
    repository: Uuid,
    whole: bool,
) -> Result<(), DbError> {
    let now = context.now();
    // Claims change the status of opportunities under the same lock. What they are derived from is read under it too, so that
    // of two derivations at once the later one knows the newer facts.
    opportunities::lock(tx).await?;
    let Some(of) = RepositoryState::read(tx, repository, now).await? else {
        return Ok(());
    };
    let scanned = opportunities::scanned(tx, repository).await?;
    let is_same = |scanned: &ScannedRepository| scanned.facts_digest == of.derived.facts_digest;
    let scanned = scanned.filter(|scanned| !whole && is_same(scanned));
    let since = scanned.map(|scanned| scanned.last_scanned_at - OVERLAP);
    let mut after = 0;
    loop {
        let issues = github::reads::issues_of(tx, repository.into(), since, after, PAGE).await?;
        let Some(last) = issues.last() else { break };
        after = last.number;
        record_changed(tx, context, repository, &issues, &of).await?;
    }
    let claimed = reads::claims::claimed_in(tx, repository, now - WATCHED_AFTER).await?;
    settle_claims(tx, context, claimed).await?;
    let trend = together(&opportunities::trends(tx, repository).await?);
    opportunities::keep_health(tx, context.ids.next(), repository, &of.derived, trend, now).await
}

/// Derives the opportunity of one issue. The caller holds the lock of opportunities.
pub(super) async fn derive_issue(
    tx: &Tx,
    context: &Context,
    repository: Uuid,
    issue: Uuid,
) -> Result<(), DbError> {
    let Some(of) = RepositoryState::read(tx, repository, context.now()).await? else {
        return Ok(());
    };
    let issues = github::reads::issues(tx, [issue.into()]).await?;
    record_changed(tx, context, repository, &issues, &of).await
}

/// Stores what follows from issues and differs from what is stored.
async fn record_changed(
    tx: &Tx,
    context: &Context,
    repository: Uuid,
    issues: &[Issue],
    of: &RepositoryState,
) -> Result<(), DbError> {
    let changed = changed(tx, repository, issues, of).await?;
    opportunities::record(tx, context.ids.as_ref(), repository, &changed, of.now).await
}

/// Derives the opportunities of all followed repositories again, and returns the number of repositories. After each one,
/// `progress` gets the number of those that are done, and of all.
///
/// # Errors
/// When the database fails.
pub(crate) async fn derive_all(
    context: &Context,
    progress: impl Fn(usize, usize),
) -> Result<u64, DbError> {
    let followed = github::reads::followed(&context.db).await?;
    for (done, repository) in followed.iter().enumerate() {
        let mut tx = context.begin().await?;
        derive(&mut tx, context, repository.0, true).await?;
        tx.commit().await?;
        progress(done + 1, followed.len());
    }
    Ok(followed.len() as u64)
}

/// Returns the opportunities that differ from the stored ones. Issues that were never an opportunity, and cannot be done, are
/// left out.
async fn changed(
    tx: &Tx,
    repository: Uuid,
    issues: &[Issue],
    of: &RepositoryState,
) -> Result<Vec<Derived>, DbError> {
    let (facts, health, now) = (&of.facts, &of.health, of.now);
    let facts_digest = of.derived.facts_digest.as_str();
    let numbers = issues.iter().map(|issue| issue.number);
    let stored = opportunities::stored(tx, repository, numbers).await?;
    let stored: HashMap<i64, StoredOpportunity> =
        stored.into_iter().map(|own| (own.number, own)).collect();
    let assigned = claimed_and_assigned(tx, &stored, issues).await?;
    let derived = issues.iter().filter_map(|issue| {
        let known = stored.get(&issue.number);
        let of_issue = issue_facts(issue, &of.stated);
        let obstacle = undoable(&of_issue, facts, now);
        let claimed_by = known.and_then(|known| known.claimed_by);
        let obstacle = obstacle.filter(|why| {
            claimed_by.is_none() || ends_claim(*why, assigned.contains(&issue.number))
        });
        let obstacle = obstacle.map(Undoable::words);
        let obstacle = obstacle.or_else(|| (!of.is_followed).then_some(NOT_FOLLOWED));
        let completed_at = known.and_then(|known| known.completed_at);
        let obstacle = obstacle.or_else(|| is_done(issue, completed_at).then_some(MERGED));
        if known.is_none() && obstacle.is_some() {
            return None;
        }
        let analysis = analyze(&of_issue, facts, health, now);
        let before = known.map(|known| NotedAttention {
            trend: known.trend,
            comments: known.comments,
            reactions: known.reactions,
        });
        let noted = noted(&of_issue, before);
        let mut own = opportunity(issue, &of_issue, &analysis, noted, obstacle, facts_digest);
        if known.is_some_and(|known| known.digest == own.digest) {
            return None;
        }
        if own.status == Status::Active && claimed_by.is_some() {
            own.status = Status::Claimed;
        }
        Some(own)
    });
    Ok(derived.collect())
}

/// Returns the numbers of claimed issues that are assigned to their claimants alone.
async fn claimed_and_assigned(
    tx: &Tx,
    stored: &HashMap<i64, StoredOpportunity>,
    issues: &[Issue],
) -> Result<HashSet<i64>, DbError> {
    let claimant = |issue: &Issue| stored.get(&issue.number)?.claimed_by;
    let claimed = issues.iter().filter(|issue| issue.assignees > 0);
    let claimed = claimed.filter_map(|issue| Some((issue, claimant(issue)?)));
    let claimed: Vec<(&Issue, Uuid)> = claimed.collect();
    if claimed.is_empty() {
        return Ok(HashSet::new());
    }
    let ids = claimed.iter().flat_map(|(issue, _)| issue.assigned_to());
    let people = identity::reads::known(tx, ids).await?;
    let is_own = |(issue, person): &(&Issue, Uuid)| {
        let assigned = issue.assigned_to();
        let mut all = assigned.iter().map(|id| people.get(id));
        !assigned.is_empty()
            && all.all(|known| known.is_some_and(|known| known.user_id.0 == *person))
    };
    let own = claimed.into_iter().filter(is_own);
    Ok(own.map(|(issue, _)| issue.number).collect())
}

/// Returns whether a claimant's pull request was merged after the last statement about an issue: GitHub closes the issue, but
/// has not stated that yet.
fn is_done(issue: &Issue, completed_at: Option<Timestamp>) -> bool {
    !issue.is_closed && completed_at.is_some_and(|at| issue.changed_at <= at)
}

fn opportunity(
    issue: &Issue,
    facts: &IssueFacts,
    analysis: &Analysis,
    noted: NotedAttention,
    obstacle: Option<&str>,
    facts_digest: &str,
) -> Derived {
    let status = match obstacle {
        Some(_) if issue.is_closed && issue.state_reason.as_deref() == Some("completed") => {
            Status::Completed
        }
        Some(MERGED) => Status::Completed,
        Some(_) => Status::Expired,
        None => Status::Active,
    };
    let thousandths = |value: f64| (value * 1_000.0).round() as i64;
    let mut derived = Derived {
        issue_id: issue.id,
        number: issue.number,
        kind: analysis.kind,
        status,
        title: facts.title.clone(),
        body_digest: hex::encode(digest(facts.body.as_bytes())),
        labels: issue.labels.clone(),
        complexity: thousandths(analysis.complexity),
        impact: thousandths(analysis.impact),
        confidence: thousandths(analysis.confidence),
        urgency: thousandths(analysis.urgency),
        overall: thousandths(analysis.overall),
        noted,
        analysis: serde_json::to_string(analysis).unwrap_or_default(),
        required_skills: serde_json::to_string(&analysis.skills).unwrap_or_default(),
        estimated_hours: thousandths(analysis.hours.1),
        language: analysis.language.clone(),
        is_good_first: analysis.is_good_first,
        is_help_wanted: analysis.is_help_wanted,
        dropped_reason: obstacle.map(str::to_owned),
        opened_at: issue.opened_at,
        active_at: issue.changed_at,
        digest: String::new(),
    };
    // What searches find of an issue also depends on its repository.
    derived.digest = hex::encode(digest(format!("{derived:?} {facts_digest}").as_bytes()));
    derived
}

fn issue_facts(issue: &Issue, stated: &[String]) -> IssueFacts {
    IssueFacts {
        title: issue.title.clone(),
        body: issue.body.clone(),
        labels: with_stated(issue.label_names(), stated),
        is_closed: issue.is_closed,
        is_locked: issue.is_locked,
        assignees: issue.assignees,
        open_pulls: issue.open_pulls,
        author_is_bot: issue.author_is_bot,
        is_of_maintainer: matches!(
            issue.author_association.as_str(),
            "OWNER" | "MEMBER" | "COLLABORATOR"
        ),
        comments: issue.comments,
        reactions: issue.reactions,
        opened_at: issue.opened_at,
        active_at: issue.changed_at,
    }
}

fn derived_health(
    full_name: &str,
    facts: &RepositoryFacts,
    health: &Health,
    is_followed: bool,
    stated: &[String],
) -> DerivedHealth {
    // Only what the opportunities depend on, and coarsely: stars, pushes and the sizes of languages change all the time.
    let languages: Vec<&str> = (facts.languages.iter()).map(|(name, _)| name.as_str()).collect();
    let coarse = format!(
        "{RULES} {is_followed} {full_name} {:?} {:?} {languages:?} {:?} {:?} {:?} {stated:?}",
        (facts.is_hidden, facts.is_archived, facts.is_fork),
        (&facts.description, &facts.topics),
        (facts.stars.max(1).ilog2(), facts.forks.max(1).ilog2()),
        facts.pushed_at.map(|at| Month::of(at).to_string()),
        (health.total, health.activity, health.community, health.documentation),
    );
    DerivedHealth {
        health: health.total.into(),
        activity: health.activity.into(),
        community: health.community.into(),
        documentation: health.documentation.into(),
        reasons: serde_json::to_string(&health.reasons).unwrap_or_default(),
        response_words: response_words(facts),
        facts_digest: hex::encode(digest(coarse.as_bytes())),
        name_key: full_name.to_lowercase(),
        facets: listing::facets(facts),
        is_listed: is_followed && !facts.is_hidden && !facts.is_archived,
    }
}
