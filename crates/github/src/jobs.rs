//! Queues and schedules of this module.

use std::sync::Arc;

use identity::model::ACCOUNT_MOVED;
use platform::{
    Context,
    config::Config,
    db::DbError,
    flags::Permit,
    jobs::{JobError, Lease, Progress, Queue, Schedule, Settings, Worker},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    actions::{self, Pages, Reading, Registrar, Request},
    gateway::{Clients, GithubApi},
    model::{
        AUTHORIZATION_ENDED, DELIVERED, HOOK_TASKS, ISSUE_SYNCS, MEMBER_CHECKS, PATCHES,
        SYNC_REQUESTED,
    },
    store::{
        deliveries::{CLAIMED, ClaimedHead, QUEUE},
        hook_tasks, issue_syncs, member_checks, patches, syncs,
    },
};

/// Deliveries with more attempts than this are processed one by one. If such a delivery crashes its worker,
/// it does not take other deliveries with it.
const SUSPECT: i64 = 3;

/// The maximum number of deliveries per batch.
const BATCH: i64 = 256;

/// Returns the workers of the inbox, of accounts that became another person's, of repositories and patches to read from
/// GitHub's API, and of webhooks to delete there.
#[must_use]
pub fn workers(config: &Config) -> Vec<Worker> {
    let settings = config.jobs();
    let inbox = move |context, worker| async move { work(&context, settings, worker).await };
    let moved_accounts = |context, _| async move { Ok(actions::follow_accounts(&context).await?) };
    let registrar = Arc::new(Registrar::of(config));
    let own = Arc::clone(&registrar);
    let syncs = move |context, worker| {
        let registrar = Arc::clone(&own);
        async move { sync(Turn::of(&context, settings, worker), registrar.clients()).await }
    };
    let own = Arc::clone(&registrar);
    let issues = move |context, worker| {
        let registrar = Arc::clone(&own);
        async move { issue_sync(Turn::of(&context, settings, worker), registrar.clients()).await }
    };
    let (of_members, of_people) = (Arc::clone(&registrar), Arc::clone(&registrar));
    let members = move |context, worker| {
        let registrar = Arc::clone(&of_members);
        async move { member_check(Turn::of(&context, settings, worker), registrar.clients()).await }
    };
    let own = Arc::clone(&registrar);
    let read_patches = move |context, worker| {
        let registrar = Arc::clone(&own);
        async move { patch(Turn::of(&context, settings, worker), registrar.clients()).await }
    };
    let authorizations = move |context, _| {
        let registrar = Arc::clone(&of_people);
        async move { Ok(actions::check_authorizations(&context, registrar.clients()).await?) }
    };
    let hooks = move |context, worker| {
        let registrar = Arc::clone(&registrar);
        async move { hook_task(Turn::of(&context, settings, worker), &registrar).await }
    };
    vec![
        Worker::new("inbox", DELIVERED, inbox)
            .over(QUEUE)
            .with_dead_page("/admin/deliveries?state=dead"),
        Worker::new("moved-accounts", ACCOUNT_MOVED, moved_accounts),
        Worker::new("repository-syncs", SYNC_REQUESTED, syncs).over(syncs::QUEUE).at_their_pace(),
        Worker::new("issue-syncs", ISSUE_SYNCS, issues).over(issue_syncs::QUEUE).at_their_pace(),
        Worker::new("repository-hooks", HOOK_TASKS, hooks).over(hook_tasks::QUEUE).at_their_pace(),
        Worker::new("member-checks", MEMBER_CHECKS, members)
            .over(member_checks::QUEUE)
            .at_their_pace(),
        Worker::new("pull-request-patches", PATCHES, read_patches)
            .over(patches::QUEUE)
            .at_their_pace(),
        Worker::new("authorization-checks", AUTHORIZATION_ENDED, authorizations).at_their_pace(),
    ]
}

/// A worker's turn at queues whose rows need GitHub's API.
#[derive(Clone, Copy)]
struct Turn<'a> {
    context: &'a Context,
    worker: Uuid,
    settings: Settings,
}

impl<'a> Turn<'a> {
    fn of(context: &'a Context, settings: Settings, worker: Uuid) -> Self {
        Self { context, worker, settings }
    }

    /// Claims one row of a queue with its `columns`, while the flag permits requests to GitHub.
    async fn claim<T: FromQueryResult>(
        self,
        queue: Queue,
        columns: &str,
    ) -> Result<Option<(Permit<GithubApi>, T)>, DbError> {
        let Ok(permit) = self.context.flags.permit::<GithubApi>() else {
            return Ok(None);
        };
        let claimed = self.lease(queue).claim(1, columns).await?.pop();
        Ok(claimed.map(|claimed| (permit, claimed)))
    }

    /// Runs `work` on a claimed row, and returns `None` when it is no longer claimed by this worker.
    async fn hold<T>(self, queue: Queue, row: Uuid, work: impl Future<Output = T>) -> Option<T> {
        self.lease(queue).hold(&[row], work).await
    }

    /// Returns the means to read a repository, unless no token can read it.
    async fn reading(
        self,
        clients: &Clients,
        permit: &'a Permit<GithubApi>,
        request: Request,
    ) -> Result<Option<Reading<'a>>, DbError> {
        let reader = actions::reader(self.context, clients, request.repository).await?;
        Ok(reader.map(|reader| Reading {
            context: self.context,
            reader,
            permit,
            worker: self.worker,
            request,
        }))
    }

    /// Reads the next page of a repository, and records the consequence if it was not read.
    async fn read(self, pages: &impl Pages) -> Result<Progress, JobError> {
        let reading = pages.reading();
        let Request { queue, row, .. } = reading.request;
        if let Some(Err(error)) = self.hold(queue, row, pages.step()).await {
            reading.settle(pages, error).await?;
        }
        Ok(Progress::Full)
    }

    fn lease(self, queue: Queue) -> Lease<'a> {
        queue.lease(self.context, self.worker, self.settings)
    }
}

/// Reads the next page of one repository from GitHub's API. A request that no token can serve is declined.
async fn sync(turn: Turn<'_>, clients: &Clients) -> Result<Progress, JobError> {
    let claimed = turn.claim::<syncs::ClaimedSync>(syncs::QUEUE, syncs::CLAIMED);
    let Some((permit, claimed)) = claimed.await? else {
        return Ok(Progress::Idle);
    };
    let request = Request {
        queue: syncs::QUEUE,
        row: claimed.id,
        attempts: claimed.attempts,
        repository: claimed.repository_id.into(),
    };
    let Some(reading) = turn.reading(clients, &permit, request).await? else {
        actions::decline_sync(turn.context, turn.worker, &claimed).await?;
        return Ok(Progress::Full);
    };
    turn.read(&actions::Sync { reading, claimed }).await
}

/// Reads the next page of one repository's issues from GitHub's API.
async fn issue_sync(turn: Turn<'_>, clients: &Clients) -> Result<Progress, JobError> {
    let claimed =
        turn.claim::<issue_syncs::ClaimedIssueSync>(issue_syncs::QUEUE, issue_syncs::CLAIMED);
    let Some((permit, claimed)) = claimed.await? else {
        return Ok(Progress::Idle);
    };
    let request = Request {
        queue: issue_syncs::QUEUE,
        row: claimed.id,
        attempts: claimed.attempts,
        repository: claimed.repository_id.into(),
    };
    let Some(reading) = turn.reading(clients, &permit, request).await? else {
        actions::decline_issue_sync(turn.context, turn.worker, &claimed).await?;
        return Ok(Progress::Full);
    };
    turn.read(&actions::IssueSync { reading, claimed }).await
}

/// Deletes one webhook on GitHub.
async fn hook_task(turn: Turn<'_>, registrar: &Registrar) -> Result<Progress, JobError> {
    let claimed = turn.claim::<hook_tasks::ClaimedHookTask>(hook_tasks::QUEUE, hook_tasks::CLAIMED);
    let Some((permit, claimed)) = claimed.await? else {
        return Ok(Progress::Idle);
    };
    let row = claimed.id;
    let task = actions::HookTask {
        context: turn.context,
        registrar,
        permit: &permit,
        worker: turn.worker,
        claimed,
    };
    if let Some(done) = turn.hold(hook_tasks::QUEUE, row, task.run()).await {
        done?;
    }
    Ok(Progress::Full)
}

/// Checks one person's role in a repository.
async fn member_check(turn: Turn<'_>, clients: &Clients) -> Result<Progress, JobError> {
    let claimed = turn
        .claim::<member_checks::ClaimedMemberCheck>(member_checks::QUEUE, member_checks::CLAIMED);
    let Some((permit, claimed)) = claimed.await? else {
        return Ok(Progress::Idle);
    };
    let row = claimed.id;
    let check = actions::MemberCheck {
        context: turn.context,
        clients,
        permit: &permit,
        worker: turn.worker,
        claimed,
    };
    if let Some(done) = turn.hold(member_checks::QUEUE, row, check.run()).await {
        done?;
    }
    Ok(Progress::Full)
}

/// Reads the patch of one pull request.
async fn patch(turn: Turn<'_>, clients: &Clients) -> Result<Progress, JobError> {
    let claimed = turn.claim::<patches::ClaimedPatch>(patches::QUEUE, patches::CLAIMED);
    let Some((permit, claimed)) = claimed.await? else {
        return Ok(Progress::Idle);
    };
    let row = claimed.id;
    let reading = actions::PatchReading {
        context: turn.context,
        clients,
        permit: &permit,
        worker: turn.worker,
        claimed,
    };
    if let Some(done) = turn.hold(patches::QUEUE, row, reading.run()).await {
        done?;
    }
    Ok(Progress::Full)
}

/// Returns the schedules of this module.
#[must_use]
pub fn schedules(config: &Config) -> Vec<Schedule> {
    let retention_days = config.delivery_retention_days;
    let prune = move |context: Context| async move {
        let pruned = actions::prune(&context, retention_days).await?;
        let secrets = actions::forget_secrets(&context).await?;
        let month_ago = context.now() - chrono::TimeDelta::days(30);
        let jobs = platform::jobs::forget_done(&context, month_ago).await?;
        Ok(format!("deleted bodies: {pruned}, previous secrets: {secrets}, finished jobs: {jobs}"))
    };
    let has_token = config.github_api_token.is_some();
    let no_token = format!("no token is set {}", config.place("github_api_token"));
    let request = move |context: Context| {
        let no_token = no_token.clone();
        async move {
            Ok(match (actions::request_all(&context, has_token).await?, has_token) {
                (0, false) => no_token,
                (requested, _) => format!("requested repositories: {requested}"),
            })
        }
    };
    let issues = |context: Context| async move {
        let requested = actions::request_all_issues(&context).await?;
        Ok(format!("requested repositories: {requested}"))
    };
    let clients = Arc::new(Clients::of(config));
    let no_app = format!("no GitHub App is set up {}", config.place("github_app_id"));
    let installations = move |context: Context| {
        let (clients, no_app) = (Arc::clone(&clients), no_app.clone());
        async move {
            match actions::read_installations(&context, &clients).await? {
                Ok(Some(read)) => Ok(format!("installations: {read}")),
                Ok(None) if clients.has_app() => Ok("requests to GitHub are disabled".to_owned()),
                Ok(None) => Ok(no_app),
                Err(error) => Err(JobError::Other(error.to_string())),
            }
        }
    };
    vec![
        Schedule::new("DeliveryRetention", "20 3 * * *", prune),
        Schedule::new("RepositorySync", "*/15 * * * *", request),
        Schedule::new("IssueSync", "*/15 * * * *", issues),
        Schedule::new("InstallationSync", "10 * * * *", installations),
    ]
}

async fn work(context: &Context, settings: Settings, worker: Uuid) -> Result<Progress, JobError> {
    let lease = QUEUE.lease(context, worker, settings);
    let claimed: Vec<ClaimedHead> = lease.claim(BATCH, CLAIMED).await?;
    if claimed.is_empty() {
        return Ok(Progress::Idle);
    }
    let progress = Progress::of_batch(claimed.len(), BATCH);
    let rows: Vec<Uuid> = claimed.iter().map(|delivery| delivery.id).collect();
    // Deliveries that another worker has claimed meanwhile are left to it.
    if let Some(processed) = lease.hold(&rows, process(context, worker, claimed)).await {
        processed?;
    }
    Ok(progress)
}

/// Applies claimed deliveries, in batches where possible.
async fn process(
    context: &Context,
    worker: Uuid,
    claimed: Vec<ClaimedHead>,
) -> Result<(), DbError> {
    let (suspects, claimed): (Vec<_>, Vec<_>) =
        claimed.into_iter().partition(|delivery| delivery.attempts > SUSPECT);
    one_by_one(context, worker, wrap(suspects)).await?;
    for batch in batches(claimed) {
        let batch = wrap(batch);
        if let Err(error) = actions::apply(context, worker, &batch).await {
            tracing::warn!(%error, deliveries = batch.len(), "a batch failed; applying its deliveries one by one");
            one_by_one(context, worker, batch).await?;
        }
    }
    Ok(())
}

/// The size of the bodies that are applied in one transaction, in bytes. One larger body is applied alone.
const BATCH_BYTES: i64 = 16 << 20;

/// Splits deliveries into batches of bounded size, in order.
fn batches(claimed: Vec<ClaimedHead>) -> Vec<Vec<ClaimedHead>> {
    let (mut batches, mut size) = (Vec::<Vec<ClaimedHead>>::new(), 0);
    for delivery in claimed {
        size += delivery.body_size;
        match batches.last_mut() {
            Some(batch) if size <= BATCH_BYTES => batch.push(delivery),
            _ => {
                size = delivery.body_size;
                batches.push(vec![delivery]);
            }
        }
    }
    batches
}

fn wrap(claimed: Vec<ClaimedHead>) -> Vec<actions::ClaimedDelivery> {
    claimed.into_iter().map(actions::ClaimedDelivery).collect()
}

/// Applies deliveries one by one, so that one rejected by the database does not hold up the others.
async fn one_by_one(
    context: &Context,
    worker: Uuid,
    batch: Vec<actions::ClaimedDelivery>,
) -> Result<(), DbError> {
    for delivery in batch {
        let delivery = [delivery];
        if let Err(error) = actions::apply(context, worker, &delivery).await {
            actions::give_back(context, worker, &delivery[0], &error).await?;
        }
    }
    Ok(())
}
