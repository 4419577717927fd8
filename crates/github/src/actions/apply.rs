use std::collections::BTreeMap;

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
    apply_pulls::{Source, Statement, apply_statements},
    large::turn,
};
use crate::{
    model::Repository,
    rules::body::unpack,
    rules::payload::{
        Pull, PullRequestEvent, PushEvent, Repo, RepositoryEvent, Review, ReviewEvent, Unexpected,
        read,
    },
    store::{
        deliveries::{self, Claimed, NOT_REGISTERED, QUEUE},
        pushes,
        repositories::{self, Settings},
    },
};

/// The lock for changes to data from GitHub.
pub(crate) const FACTS: &str = "github.facts";

/// A parsed delivery.
enum Read {
    Pull(Box<Pull>, Repo),
    Review(Box<Pull>, Box<Review>, Repo),
    Push(PushEvent),
    Repository(RepositoryEvent),
    Ping,
    NotUsed,
}

fn read_delivery(event: &str, body: &[u8]) -> Result<Read, Unexpected> {
    Ok(match event {
        "pull_request" => {
            let PullRequestEvent {
                pull_request,
                repository,
            } = read(body)?;
            Read::Pull(Box::new(pull_request), repository)
        }
        "pull_request_review" => {
            let ReviewEvent {
                review,
                pull_request,
                repository,
            } = read(body)?;
            Read::Review(Box::new(pull_request), Box::new(review), repository)
        }
        "push" => Read::Push(read(body)?),
        "repository" => Read::Repository(read(body)?),
        "ping" => Read::Ping,
        _ => Read::NotUsed,
    })
}

impl Read {
    /// Moves times that are after the receipt to it. Otherwise, a statement from the year 2999 would win over all later
    /// ones.
    fn clamp(mut self, received_at: Timestamp) -> Self {
        match &mut self {
            Self::Pull(pull, repository) => {
                pull.clamp(received_at);
                repository.clamp(received_at);
            }
            Self::Review(pull, review, repository) => {
                pull.clamp(received_at);
                review.clamp(received_at);
                repository.clamp(received_at);
            }
            Self::Push(push) => push.clamp(received_at),
            Self::Repository(event) => event.repository.clamp(received_at),
            Self::Ping | Self::NotUsed => {}
        }
        self
    }

    fn repository(&self) -> Option<&Repo> {
        match self {
            Self::Pull(_, repository) | Self::Review(_, _, repository) => Some(repository),
            Self::Push(push) => Some(&push.repository),
            Self::Repository(event) => Some(&event.repository),
            Self::Ping | Self::NotUsed => None,
        }
    }

    /// Returns the time of the payload's data about its repository.
    fn seen_at(&self) -> Option<Timestamp> {
        match self {
            Self::Pull(pull, _) => Some(pull.updated_at),
            Self::Review(pull, review, _) => Some(review_seen_at(pull, review)),
            // A commit's time comes from its author, not from GitHub.
            Self::Push(_) => None,
            Self::Repository(event) => event.repository.updated_at,
            Self::Ping | Self::NotUsed => None,
        }
    }
}

/// Returns the time of a review's payload.
pub(super) fn review_seen_at(pull: &Pull, review: &Review) -> Timestamp {
    pull.updated_at
        .max(review.submitted_at.unwrap_or(pull.updated_at))
}

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
    let outcomes = apply_read(&mut tx, context, read).await?;
    let now = context.now();
    let mut done = Vec::new();
    for (delivery, outcome) in claimed.iter().zip(outcomes) {
        let Claimed {
            id,
            attempts,
            event,
            ..
        } = &delivery.0;
        match outcome {
            Ok(outcome) => done.push((*id, outcome)),
            Err(failure) => {
                let reason = failure.reason();
                tracing::warn!(delivery = %id, event, reason, "a delivery could not be applied");
                activity::count(Work::Failed, 1);
                QUEUE
                    .fail(&tx, worker, (*id, *attempts), &failure, now)
                    .await?;
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
pub(crate) struct ClaimedDelivery(pub(crate) Claimed);

/// Records a failed attempt of a delivery, which is retried later.
pub(crate) async fn give_back(
    context: &Context,
    worker: Uuid,
    delivery: &ClaimedDelivery,
    error: &DbError,
) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let attempt = (delivery.0.id, delivery.0.attempts);
    QUEUE
        .fail(
            &tx,
            worker,
            attempt,
            &Failure::Retry(error.to_string()),
            context.now(),
        )
        .await?;
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

fn open(delivery: &Claimed, body: Option<Vec<u8>>) -> Result<Read, Failure> {
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
    match read_delivery(&delivery.event, &body) {
        Ok(read) => Ok(read.clamp(delivery.received_at)),
        Err(error) => Err(Failure::Fail(error.to_string())),
    }
}

async fn apply_read(
    tx: &mut Tx,
    context: &Context,
    read: Vec<Result<Read, Failure>>,
) -> Result<Vec<Outcome>, DbError> {
    let known = registered(tx, &read).await?;
    follow_names(tx, &read, &known, context.now()).await?;
    let disabled: Vec<_> = read.iter().map(|read| disabled(read, &known)).collect();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(read.len());
    let mut statements = Vec::new();
    let mut pushed = Vec::new();
    let mut settings = Vec::new();
    for (index, read) in read.into_iter().enumerate() {
        let repository = read
            .as_ref()
            .ok()
            .and_then(Read::repository)
            .map(|repo| repo.id);
        let registered = repository
            .and_then(|id| known.get(&id))
            .map(|known| known.id.into());
        outcomes.push(match (read, registered) {
            (Err(failure), _) => Err(failure),
            (Ok(Read::Ping), _) => Ok("ping".to_owned()),
            (Ok(Read::NotUsed), _) => Ok("event not used".to_owned()),
            (Ok(_), None) => Ok(NOT_REGISTERED.to_owned()),
            (Ok(Read::Pull(pull, repo)), Some(id)) => {
                statements.push(Statement::new(index, id, *pull, None, &repo));
                Ok(String::new())
            }
            (Ok(Read::Review(pull, review, repo)), Some(id)) => {
                statements.push(Statement::new(index, id, *pull, Some(*review), &repo));
                Ok(String::new())
            }
            (Ok(Read::Push(push)), Some(id)) => {
                pushed.push((id, push));
                Ok("push recorded".to_owned())
            }
            (Ok(Read::Repository(event)), Some(id)) => {
                let outcome = format!("repository {}", event.action);
                settings.push((id, event));
                Ok(outcome)
            }
        });
    }
    follow_settings(tx, &settings, context.now()).await?;
    pushes::insert(tx, context.ids.as_ref(), &pushed, context.now()).await?;
    for (index, outcome) in apply_statements(tx, context, statements, Source::Deliveries).await? {
        outcomes[index] = outcome;
    }
    for (outcome, reason) in outcomes.iter_mut().zip(disabled) {
        if let (Ok(outcome), Some(reason)) = (outcome, reason) {
            outcome.push_str(&format!("; the repository is disabled: {reason}"));
        }
    }
    Ok(outcomes)
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
    let mut ids: Vec<i64> = read
        .iter()
        .flatten()
        .filter_map(Read::repository)
        .map(|repo| repo.id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let known = repositories::by_github_ids(tx, ids).await?;
    Ok(known
        .into_iter()
        .map(|repository| (repository.github_id, repository))
        .collect())
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

/// Returns the settings in a `repository` event; `None` when some are missing.
fn stated_settings(event: &RepositoryEvent) -> Option<Settings> {
    let repo = &event.repository;
    let is_deleted = event.action == "deleted";
    Some(Settings {
        is_deleted,
        seen_at: repo.updated_at?,
        // A deletion without this field may follow an earlier change to private.
        is_private: repo.private.or(is_deleted.then_some(true))?,
        is_archived: repo.archived.or(is_deleted.then_some(true))?,
    })
}

/// Updates settings of repositories from the newest events. Ties are broken by content, and a deletion is
/// final.
async fn follow_settings(
    tx: &Tx,
    events: &[(RepositoryId, RepositoryEvent)],
    now: Timestamp,
) -> Result<(), DbError> {
    let mut newest: BTreeMap<RepositoryId, Settings> = BTreeMap::new();
    for (id, event) in events {
        if let Some(settings) = stated_settings(event) {
            let slot = newest.entry(*id).or_insert_with(|| settings.clone());
            *slot = slot.clone().max(settings);
        }
    }
    for (id, settings) in newest {
        follow_newer(tx, id, &settings, now).await?;
    }
    Ok(())
}

/// Updates the settings of a repository, unless newer ones are known.
pub(super) async fn follow_newer(
    tx: &Tx,
    id: RepositoryId,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), DbError> {
    let stored = repositories::settings(tx, id).await?;
    if stored.is_none_or(|stored| *settings > stored) {
        repositories::set(tx, id, settings, now).await?;
    }
    Ok(())
}
