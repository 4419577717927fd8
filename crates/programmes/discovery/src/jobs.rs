//! Workers and schedules of this module.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use github::{
    gateway::{Clients, GithubApi, MOST_NAMED},
    model::{CLOSING_PULL_CHANGED, ISSUES_CHANGED},
};
use kernel::counted;
use platform::{
    Context,
    flags::Permit,
    jobs::{JobError, Progress, Schedule, Settings, Worker},
    module::Services,
};
use uuid::Uuid;

use crate::{
    FLAG,
    actions::{self, Analyze, EmbeddedBatch, FindNamed, SearchGithub},
    gateway::{Model, Models},
    model::{
        CLAIM_CHANGED, CLAIM_ENDING, FOLLOW_UNWANTED, ISSUES_ANALYZED, ISSUES_EMBEDDED,
        REPOSITORY_NAMED, SEARCH_DUE, SEARCH_UNWANTED,
    },
    reads,
    search::Pool,
    store::{
        followed::{CLAIMED, ClaimedRepository, QUEUE},
        model as analyses, searches,
    },
};

/// The issues that a worker asks a model about at the same time.
const ASKED_AT_ONCE: i64 = 4;

/// The seconds after which issues without vectors are looked for again without a change: claims end, and the budget of the next day
/// begins.
const LOOKED_AGAIN: i64 = 60;

/// The seconds for which no vectors are asked for after a failure.
const AFTER_FAILURE: i64 = 60;

#[must_use]
pub fn workers(services: &Services) -> Vec<Worker> {
    let clients = Arc::new(Clients::of(&services.config));
    let settings = services.config.jobs();
    let searching = Arc::clone(&clients);
    let searched = move |context: Context, worker: Uuid| {
        let clients = Arc::clone(&searching);
        async move { search(&context, &clients, settings, worker).await }
    };
    let (models, compared) = (Models::of(&services.config), Arc::new(AtomicI64::new(-1)));
    let analyses = move |context: Context, worker: Uuid| {
        let (models, compared) = (models.clone(), Arc::clone(&compared));
        async move {
            match models.get() {
                Some(model) => analyze(&context, model, &compared, settings, worker).await,
                None => Ok(Progress::Idle),
            }
        }
    };
    let (models, at) = (Models::of(&services.config), Arc::new(Embedding::default()));
    let vectors = move |context: Context, _| {
        let (models, at) = (models.clone(), Arc::clone(&at));
        async move {
            match models.get() {
                Some(model) => embed(&context, model, &at).await,
                None => Ok(Progress::Idle),
            }
        }
    };
    let named = move |context: Context, worker: Uuid| {
        let clients = Arc::clone(&clients);
        async move { find_named(&context, &clients, settings, worker).await }
    };
    vec![
        Worker::new("followed-repositories", REPOSITORY_NAMED, named).over(QUEUE).at_their_pace(),
        Worker::new("github-searches", SEARCH_DUE, searched).over(searches::QUEUE).at_their_pace(),
        Worker::for_each("unwanted-repositories", FOLLOW_UNWANTED, (), |tx, context, (), id| {
            Box::pin(actions::review_follow(tx, context, id))
        }),
        Worker::for_each("unwanted-searches", SEARCH_UNWANTED, (), |tx, context, (), id| {
            Box::pin(actions::review_search(tx, context, id))
        }),
        Worker::new("model-analyses", ISSUES_ANALYZED, analyses)
            .over(analyses::QUEUE)
            .at_their_pace()
            .looking_itself(),
        Worker::new("model-vectors", ISSUES_EMBEDDED, vectors).at_their_pace().looking_itself(),
        Worker::for_each("opportunities", ISSUES_CHANGED, (), |tx, context, (), repository| {
            Box::pin(actions::derive(tx, context, repository, false))
        }),
        Worker::for_each(
            "claimed-pull-requests",
            CLOSING_PULL_CHANGED,
            (),
            |tx, context, (), issue| Box::pin(actions::follow_pulls(tx, context, issue)),
        ),
        Worker::for_each(
            "claim-notices",
            CLAIM_CHANGED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_claim(tx, context, post, id)),
        ),
        Worker::for_each(
            "claim-reminders",
            CLAIM_ENDING,
            services.post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_ending(tx, context, post, id)),
        ),
    ]
}

/// Returns permission to call GitHub's API; `None` while that or finding issues is off.
fn permitted(context: &Context) -> Option<Permit<GithubApi>> {
    let is_on = context.flags.is_on_for_anyone(FLAG);
    context.flags.permit::<GithubApi>().ok().filter(|_| is_on)
}

/// Finds repositories by their names, as many as one request to GitHub can.
async fn find_named(
    context: &Context,
    clients: &Clients,
    settings: Settings,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let Some(permit) = permitted(context) else {
        return Ok(Progress::Idle);
    };
    let lease = QUEUE.lease(context, worker, settings);
    let claimed: Vec<ClaimedRepository> = lease.claim(MOST_NAMED as i64, CLAIMED).await?;
    if claimed.is_empty() {
        return Ok(Progress::Idle);
    }
    let rows: Vec<Uuid> = claimed.iter().map(|claimed| claimed.id).collect();
    let find = FindNamed { context, clients, permit: &permit, worker, claimed: &claimed };
    if let Some(found) = lease.hold(&rows, find.run()).await {
        found?;
    }
    Ok(Progress::of_batch(claimed.len(), MOST_NAMED as i64))
}

/// Sends one search to GitHub.
async fn search(
    context: &Context,
    clients: &Clients,
    settings: Settings,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let Some(permit) = permitted(context) else {
        return Ok(Progress::Idle);
    };
    let lease = searches::QUEUE.lease(context, worker, settings);
    let claimed: Vec<searches::ClaimedSearch> = lease.claim(1, searches::CLAIMED).await?;
    let Some(claimed) = claimed.first() else {
        return Ok(Progress::Idle);
    };
    let search = SearchGithub { context, clients, permit: &permit, worker, claimed };
    if let Some(searched) = lease.hold(&[claimed.id], search.run()).await {
        searched?;
    }
    Ok(Progress::of_batch(1, 1))
}

/// Analyzes the issues of most worth that a model has not analyzed yet. Nothing is asked while the budget is used up.
async fn analyze(
    context: &Context,
    model: &Model,
    compared: &AtomicI64,
    settings: Settings,
    worker: Uuid,
) -> Result<Progress, JobError> {
    if !model.is_ready(context) {
        return Ok(Progress::Idle);
    }
    // Without a change since all issues were compared, there are no new ones.
    let last = reads::last_change(&context.db).await?;
    if compared.load(Ordering::Relaxed) != last
        && !reads::model_budget(&context.db, model, context.now()).await?.is_reached
        && !actions::plan_analyses(context, model).await?
    {
        compared.store(last, Ordering::Relaxed);
    }
    let lease = analyses::QUEUE.lease(context, worker, settings);
    let claimed: Vec<analyses::ClaimedAnalysis> =
        lease.claim(ASKED_AT_ONCE, analyses::CLAIMED).await?;
    if claimed.is_empty() {
        return Ok(Progress::Idle);
    }
    let rows: Vec<Uuid> = claimed.iter().map(|claimed| claimed.id).collect();
    let analyze = Analyze { context, model, worker, claimed: &claimed };
    if let Some(analyzed) = lease.hold(&rows, analyze.run()).await {
        analyzed?;
    }
    Ok(Progress::of_batch(claimed.len(), ASKED_AT_ONCE))
}

/// The state of the worker that makes vectors.
#[derive(Debug)]
struct Embedding {
    /// The change after which all issues were looked at.
    seen: AtomicI64,
    /// The second at which that was.
    seen_at: AtomicI64,
    /// The second until which the service is left alone after a failure.
    rests_until: AtomicI64,
}

impl Default for Embedding {
    fn default() -> Self {
        Self {
            seen: AtomicI64::new(-1),
            seen_at: AtomicI64::new(0),
            rests_until: AtomicI64::new(0),
        }
    }
}

/// Makes the vectors of issues that changed.
async fn embed(context: &Context, model: &Model, at: &Embedding) -> Result<Progress, JobError> {
    let now = context.now().timestamp();
    if !model.makes_vectors(context) || now < at.rests_until.load(Ordering::Relaxed) {
        return Ok(Progress::Idle);
    }
    let last = reads::last_change(&context.db).await?;
    let is_seen = at.seen.load(Ordering::Relaxed) == last;
    if is_seen && now < at.seen_at.load(Ordering::Relaxed) + LOOKED_AGAIN {
        return Ok(Progress::Idle);
    }
    match actions::embed_next(context, model).await? {
        EmbeddedBatch::Worked => Ok(Progress::Full),
        EmbeddedBatch::Idle => {
            at.seen.store(last, Ordering::Relaxed);
            at.seen_at.store(now, Ordering::Relaxed);
            Ok(Progress::Idle)
        }
        EmbeddedBatch::Failed => {
            at.rests_until.store(now + AFTER_FAILURE, Ordering::Relaxed);
            Ok(Progress::Idle)
        }
    }
}

/// Returns the schedules. Opportunities expire by time alone, so all are looked at every night.
#[must_use]
pub fn schedules(services: &Services) -> Vec<Schedule> {
    let of_people = Arc::new((services.post.clone(), Pool::of(services)));
    let eager = Arc::clone(&of_people);
    let digests = move |context: Context| {
        let own = Arc::clone(&of_people);
        async move {
            let sent = actions::send_digests(&context, &own.0, &own.1).await?;
            Ok(counted(sent as u64, "digest", "digests"))
        }
    };
    let good_matches = move |context: Context| {
        let own = Arc::clone(&eager);
        async move {
            let sent = actions::send_good_matches(&context, &own.0, &own.1).await?;
            Ok(counted(sent as u64, "notice", "notices"))
        }
    };
    let all = |context: Context| async move {
        let looked_at = actions::derive_all(&context, |_, _| {}).await?;
        Ok(counted(looked_at, "repository", "repositories"))
    };
    let searches = |context: Context| async move {
        let requested = actions::search_again(&context).await?;
        Ok(counted(requested, "search", "searches"))
    };
    let claims = |context: Context| async move {
        let ended = actions::expire_claims(&context).await?;
        let reminded = if context.flags.is_on_for_anyone(FLAG) {
            actions::remind_of_claims(&context).await?
        } else {
            0
        };
        let ended = counted(ended, "claim", "claims");
        Ok(format!("{ended}, {}", counted(reminded, "reminder", "reminders")))
    };
    let calls = |context: Context| async move {
        let forgotten = actions::forget_calls(&context).await?;
        Ok(counted(forgotten, "call", "calls"))
    };
    vec![
        Schedule::new("ModelUsageRetention", "50 3 * * *", calls),
        Schedule::new("OpportunityReview", "40 2 * * *", all),
        Schedule::new("GithubSearches", "20 5,17 * * *", searches).of(FLAG),
        Schedule::new("ClaimDeadlines", "* * * * *", claims),
        Schedule::new("IssueDigests", "* * * * *", digests).of(FLAG),
        Schedule::new("GoodMatches", "*/5 * * * *", good_matches).of(FLAG),
    ]
}
