use std::collections::{BTreeMap, BTreeSet};

use crate::model::RepositoryId;
use kernel::Timestamp;
use platform::{
    Context, crash,
    db::{DbError, Tx},
    jobs::Failure,
    telemetry::activity::{self, Work},
};
use uuid::Uuid;

use super::{
    apply_issues::apply_issues,
    apply_pulls::{Statement, StatementSource, apply_statements},
    follow_settings::follow_settings,
    large::turn,
    read_delivery::{Read, read_delivery},
    record_installations::record_installations,
};
use crate::{
    model::{AUTHORIZATION_ENDED, MEMBER_CHECKS, REPOSITORY_PUSHED, Repository},
    rules::{
        body::unpack,
        installation::StatedInstallations,
        payload::{AuthorizationEvent, MemberEvent},
    },
    store::{
        check_results,
        deliveries::{self, ClaimedHead, NOT_REGISTERED, QUEUE},
        installations, member_checks, pushes, repositories,
    },
};

/// The lock for changes to data from GitHub.
pub(crate) const FACTS: &str = "github.facts";

/// The outcome of a delivery of the GitHub App about a repository that its installation does not include.
const NOT_INCLUDED: &str =
    "not used: the installation of the GitHub App does not include this repository";

/// The result of a delivery.
pub(super) type Outcome = Result<String, Failure>;

/// Applies claimed deliveries in one transaction: the statements they contain, the result of each, and the
/// wake-ups. The outcome of many deliveries does not depend on their order or repetition.
///
/// # Errors
/// When the database fails. Nothing is changed then.
pub(crate) async fn apply(
    context: &Context,
    worker: Uuid,
    claimed: &[ClaimedDelivery],
) -> Result<(), DbError> {
    let read = read_all(context, claimed).await?;
    let mut tx = context.begin().await?;
    tx.serialize(FACTS).await?;
    let of: Vec<Option<i64>> = claimed.iter().map(|delivery| delivery.0.installation_id).collect();
    let outcomes = apply_read(&mut tx, context, read, &of).await?;
    let now = context.now();
    let mut done = Vec::new();
    for (delivery, outcome) in claimed.iter().zip(outcomes) {
        let ClaimedHead { id, attempts, event, .. } = &delivery.0;
        match outcome {
            Ok(outcome) => done.push((*id, outcome)),
            Err(failure) => {
                let reason = failure.reason();
                tracing::warn!(delivery = %id, event, reason, "a delivery could not be applied");
                activity::count(Work::Failed, 1);
                QUEUE.fail(&tx, worker, (*id, *attempts), &failure, now).await?;
            }
        }
    }
    QUEUE.complete(&tx, worker, done, now).await?;
    crash::point("apply.before_commit");
    tx.commit().await
}

/// The number of attempts after which a delivery is given up. Failures alone never reach it, so workers
/// must have crashed.
const HOPELESS: i64 = 50;

/// A delivery that a worker claimed.
pub(crate) struct ClaimedDelivery(pub(crate) ClaimedHead);

/// Records a failed attempt of a delivery, which is retried later.
pub(crate) async fn give_back(
    context: &Context,
    worker: Uuid,
    delivery: &ClaimedDelivery,
    error: &DbError,
) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let attempt = (delivery.0.id, delivery.0.attempts);
    QUEUE.fail(&tx, worker, attempt, &Failure::Retry(error.to_string()), context.now()).await?;
    tx.commit().await
}

async fn read_all(
    context: &Context,
    claimed: &[ClaimedDelivery],
) -> Result<Vec<Result<Read, Failure>>, DbError> {
    let largest = claimed.iter().map(|delivery| delivery.0.body_size).max();
    let _turn = turn(largest.unwrap_or(0)).await;
    let ids = claimed.iter().map(|delivery| delivery.0.id);
    let mut bodies = deliveries::bodies(&context.db, ids).await?;
    // Each body is dropped once it is parsed.
    let read = claimed.iter().map(|delivery| {
        let body = bodies.remove(&delivery.0.id);
        open(&delivery.0, body)
    });
    Ok(read.collect())
}

fn open(delivery: &ClaimedHead, body: Option<Vec<u8>>) -> Result<Read, Failure> {
    if delivery.attempts > HOPELESS {
        let error = "every worker that processed it crashed; inspect it before retrying";
        return Err(Failure::Fail(error.to_owned()));
    }
    let Some(packed) = body else {
        return Err(Failure::Fail(
            "the stored body was deleted after the retention period".to_owned(),
        ));
    };
    let body = unpack(&packed, delivery.body_size)
        .map_err(|error| Failure::Fail(format!("the stored body cannot be read: {error}")))?;
    drop(packed);
    read_delivery(delivery, &body).map_err(|error| Failure::Fail(error.to_string()))
}

/// Applies parsed deliveries. `of` has the installation of each that the GitHub App delivered.
async fn apply_read(
    tx: &mut Tx,
    context: &Context,
    read: Vec<Result<Read, Failure>>,
    of: &[Option<i64>],
) -> Result<Vec<Outcome>, DbError> {
    // Deliveries of the same batch may be about repositories that an installation includes since then.
    record_installations(tx, context, &stated_installations(&read)).await?;
    let read = without_strangers(tx, read, of).await?;
    let known = registered(tx, &read).await?;
    follow_names(tx, &read, &known, context.now()).await?;
    let disabled: Vec<_> = read.iter().map(|read| disabled(read, &known)).collect();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(read.len());
    let mut statements = Vec::new();
    let mut pushed = Vec::new();
    let mut checked = Vec::new();
    let mut settings = Vec::new();
    let mut issues = BTreeMap::<RepositoryId, Vec<_>>::new();
    let mut said = RightsChanges::default();
    let mut watched_pushes = BTreeSet::new();
    for (index, read) in read.into_iter().enumerate() {
        let repository = read.as_ref().ok().and_then(Read::repository).map(|repo| repo.id);
        let of_watched = read.as_ref().is_ok_and(Read::is_of_watched);
        let found = repository.and_then(|id| known.get(&id));
        let found = found.filter(|known| of_watched || !known.only_watched);
        let is_watched = found.is_some_and(|known| known.is_watched);
        let follows_issues = found.is_some_and(|known| known.follows_issues);
        let registered = found.map(|known| known.id.into());
        outcomes.push(match (read, registered) {
            (Err(failure), _) => Err(failure),
            (Ok(Read::Ping), _) => Ok("ping".to_owned()),
            (Ok(Read::NotUsed), _) => Ok("event not used".to_owned()),
            (Ok(Read::NotOfApp), _) => {
                Ok("not used: only the GitHub App may state this".to_owned())
            }
            (Ok(Read::Installation(event, _)), _) => Ok(format!("installation {}", event.action)),
            (Ok(Read::InstallationRepositories(event, _)), _) => {
                Ok(format!("repositories of the installation {}", event.action))
            }
            (Ok(Read::NotIncluded), _) => Ok(NOT_INCLUDED.to_owned()),
            (Ok(Read::Authorization(event)), _) => Ok(said.authorization(&event)),
            (Ok(_), None) => Ok(NOT_REGISTERED.to_owned()),
            (Ok(Read::Pull(pull, repo)), Some(id)) => {
                statements.push(Statement::new(index, id, *pull, None, &repo));
                Ok(String::new())
            }
            (Ok(Read::Review(pull, review, repo)), Some(id)) => {
                statements.push(Statement::new(index, id, *pull, Some(*review), &repo));
                Ok(String::new())
            }
            (Ok(Read::Member(event, hook)), Some(id)) => {
                let own = known.get(&event.repository.id);
                let own = own.and_then(|own| own.hook_id);
                let is_own = of[index].is_some() || (own.is_some() && hook == own);
                Ok(said.member(id, &event, is_own))
            }
            (Ok(Read::Push(push, received_at)), Some(id)) => {
                if is_watched {
                    watched_pushes.insert(id.0);
                }
                pushed.push((id, push, received_at));
                Ok("push recorded".to_owned())
            }
            (Ok(Read::Checks(..)), Some(_)) if !is_watched => {
                Ok("not used: no program watches the repository".to_owned())
            }
            (Ok(Read::Checks(_, None)), Some(_)) => Ok("not used: no result yet".to_owned()),
            (Ok(Read::Checks(_, Some(result))), Some(id)) => {
                checked.push((id, result));
                Ok("result of checks recorded".to_owned())
            }
            (Ok(Read::Issue(..)), Some(_)) if !follows_issues => {
                Ok("not used: no program follows the issues".to_owned())
            }
            (Ok(Read::Issue(_, None)), Some(_)) => Ok("not used: a pull request".to_owned()),
            (Ok(Read::Issue(_, Some(stated))), Some(id)) => {
                let outcome = format!("issue #{} recorded", stated.number);
                issues.entry(id).or_default().push(*stated);
                Ok(outcome)
            }
            (Ok(Read::Repository(event)), Some(id)) => {
                let outcome = format!("repository {}", event.action);
                settings.push((id, event));
                Ok(outcome)
            }
        });
    }
    follow_settings(tx, &settings, context.now()).await?;
    said.request(tx, context).await?;
    pushes::insert(tx, context.ids.as_ref(), &pushed, context.now()).await?;
    apply_issues(tx, context, issues).await?;
    check_results::insert(tx, context.ids.as_ref(), &checked, context.now()).await?;
    tx.wake(REPOSITORY_PUSHED, watched_pushes, context.ids.as_ref(), context.now()).await?;
    for (index, outcome) in
        apply_statements(tx, context, statements, StatementSource::Deliveries).await?
    {
        outcomes[index] = outcome;
    }
    for (outcome, reason) in outcomes.iter_mut().zip(disabled) {
        if let (Ok(outcome), Some(reason)) = (outcome, reason) {
            outcome.push_str(&format!("; the repository is disabled: {reason}"));
        }
    }
    Ok(outcomes)
}

/// Returns what deliveries of the GitHub App say about its installations.
fn stated_installations(read: &[Result<Read, Failure>]) -> StatedInstallations {
    let mut stated = StatedInstallations::default();
    for read in read.iter().flatten() {
        match read {
            Read::Installation(event, received_at) => stated.add(event, *received_at),
            Read::InstallationRepositories(event, received_at) => {
                stated.add_repositories(event, *received_at);
            }
            _ => {}
        }
    }
    stated
}

/// Replaces deliveries of the GitHub App about repositories that their installation never included: they are not its own.
/// A delivery that was sent before the installation ended still counts.
async fn without_strangers(
    tx: &Tx,
    read: Vec<Result<Read, Failure>>,
    of: &[Option<i64>],
) -> Result<Vec<Result<Read, Failure>>, DbError> {
    let pair = |(read, of): (&Result<Read, Failure>, &Option<i64>)| {
        let repository = read.as_ref().ok()?.repository()?.id;
        Some(((*of)?, repository))
    };
    let pairs: Vec<Option<(i64, i64)>> = read.iter().zip(of).map(pair).collect();
    let asked: BTreeSet<(i64, i64)> = pairs.iter().flatten().copied().collect();
    let known = installations::ever_included(tx, &asked).await?;
    let judged = read.into_iter().zip(pairs).map(|(read, pair)| match pair {
        Some(pair) if !known.contains(&pair) => Ok(Read::NotIncluded),
        _ => read,
    });
    Ok(judged.collect())
}

/// Changes of people's rights in deliveries, which GitHub's API must confirm.
#[derive(Default)]
struct RightsChanges {
    /// Repositories and GitHub IDs of people whose roles in them may have changed.
    members: BTreeSet<(RepositoryId, i64)>,
    /// GitHub IDs of people who ended their authorization.
    ended: BTreeSet<i64>,
}

impl RightsChanges {
    /// Notes a changed role, if the repository's own webhook or the GitHub App states it; returns the outcome.
    fn member(&mut self, id: RepositoryId, event: &MemberEvent, is_own: bool) -> String {
        if !is_own {
            return "not used: only a repository's own webhook may state this".to_owned();
        }
        self.members.insert((id, event.member.id));
        format!("member {}: the role is checked on GitHub", event.action)
    }

    /// Notes an ended authorization; returns the outcome.
    fn authorization(&mut self, event: &AuthorizationEvent) -> String {
        if event.action != "revoked" {
            return "event not used".to_owned();
        }
        self.ended.insert(event.sender.id);
        "authorization revoked: the token is checked on GitHub".to_owned()
    }

    /// Requests the checks.
    async fn request(self, tx: &mut Tx, context: &Context) -> Result<(), DbError> {
        let (ids, now) = (context.ids.as_ref(), context.now());
        let checks = self.members.into_iter();
        let checks = checks.map(|(repository, person)| (ids.next(), repository, person));
        if member_checks::request(tx, checks, now).await? > 0 {
            tx.raise(MEMBER_CHECKS);
        }
        if self.ended.is_empty() {
            return Ok(());
        }
        let people = identity::actions::known(tx, context, self.ended).await?;
        let people = people.values().map(|known| known.user_id.0);
        tx.wake(AUTHORIZATION_ENDED, people, ids, now).await
    }
}

/// Returns the reason that the repository of a delivery is disabled. Its facts are recorded anyway, so that
/// the result does not depend on whether they arrived before the change of its settings: only the
/// visibility differs.
fn disabled(read: &Result<Read, Failure>, known: &BTreeMap<i64, Repository>) -> Option<String> {
    match read {
        // This event may enable the repository again.
        Ok(Read::Repository(_)) | Err(_) => None,
        Ok(read) => known.get(&read.repository()?.id)?.disabled_reason.clone(),
    }
}

async fn registered(
    tx: &Tx,
    read: &[Result<Read, Failure>],
) -> Result<BTreeMap<i64, Repository>, DbError> {
    let mut ids: Vec<i64> =
        read.iter().flatten().filter_map(Read::repository).map(|repo| repo.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = repositories::by_github_ids(tx, ids).await?;
    Ok(known.into_iter().map(|repository| (repository.github_id, repository)).collect())
}

/// Updates names of repositories from the newest payloads. Ties go to the greater name.
async fn follow_names(
    tx: &Tx,
    read: &[Result<Read, Failure>],
    known: &BTreeMap<i64, Repository>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut newest: BTreeMap<i64, (Timestamp, &str)> = BTreeMap::new();
    for read in read.iter().flatten() {
        let (Some(repo), Some(seen_at)) = (read.repository(), read.seen_at()) else {
            continue;
        };
        if let Some(name) = repo.full_name.as_deref() {
            let slot = newest.entry(repo.id).or_insert((seen_at, name));
            *slot = (*slot).max((seen_at, name));
        }
    }
    let newer = |(id, shown): (i64, (Timestamp, &str))| {
        let stored = known.get(&id)?;
        let is_newer = shown > (stored.name_seen_at, stored.full_name.as_str());
        is_newer.then(|| (RepositoryId::from(stored.id), shown.0, shown.1.to_owned()))
    };
    let names: Vec<_> = newest.into_iter().filter_map(newer).collect();
    if names.is_empty() {
        return Ok(());
    }
    repositories::rename(tx, &names, now).await
}
