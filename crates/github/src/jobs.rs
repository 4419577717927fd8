//! Queues and schedules of this module.

use std::sync::Arc;

use identity::model::ACCOUNT_MOVED;
use platform::{
    Context,
    config::Config,
    db::DbError,
    jobs::{Failure, JobError, Lease, Progress, Schedule, Settings, Worker},
};
use uuid::Uuid;

use crate::{
    actions,
    gateway::{Api, GithubApi},
    model::{DELIVERED, SYNC_REQUESTED},
    store::{
        deliveries::{CLAIMED, Claimed, QUEUE},
        syncs,
    },
};

/// Deliveries with more attempts than this are processed one by one. If such a delivery crashes its worker,
/// it does not take other deliveries with it.
const SUSPECT: i64 = 3;

/// The maximum number of deliveries per batch.
const BATCH: i64 = 256;

/// Returns the workers of the inbox, of accounts that became another person's, and of repositories to read from GitHub's
/// API.
#[must_use]
pub fn workers(config: &Config) -> Vec<Worker> {
    let settings = config.jobs();
    let inbox = move |context, worker| async move { work(&context, settings, worker).await };
    let moved_accounts = |context, _| async move { Ok(actions::follow_accounts(&context).await?) };
    let api = Api::of(config).map(Arc::new);
    let syncs = move |context, worker| {
        let api = api.clone();
        async move { sync(&context, settings, api.as_deref(), worker).await }
    };
    vec![
        Worker::new("inbox", DELIVERED, inbox)
            .over(QUEUE)
            .with_dead_page("/admin/deliveries?state=dead"),
        Worker::new("moved-accounts", ACCOUNT_MOVED, moved_accounts),
        Worker::new("repository-syncs", SYNC_REQUESTED, syncs).over(syncs::QUEUE),
    ]
}

/// Reads the next page of one repository from GitHub's API. Without a token, requests are declined.
async fn sync(
    context: &Context,
    settings: Settings,
    api: Option<&Api>,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let Some(api) = api else {
        return Ok(actions::decline_syncs(context).await?);
    };
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(Progress::Idle);
    };
    let claimed: Vec<syncs::Claimed> = syncs::QUEUE
        .claim(context, worker, settings.lease, 1, syncs::CLAIMED)
        .await?;
    let Some(claimed) = claimed.into_iter().next() else {
        return Ok(Progress::Idle);
    };
    let lease = Lease {
        queue: syncs::QUEUE,
        context,
        worker,
        lasts: settings.lease,
    };
    let row = [claimed.id];
    let sync = actions::Sync {
        context,
        api,
        permit: &permit,
        worker,
        claimed,
    };
    match lease.hold(&row, sync.step()).await {
        Some(Err(actions::SyncError::Failed(failure))) => sync.fail(&failure).await?,
        Some(Err(actions::SyncError::Database(error))) => {
            tracing::error!(%error, "a page of a repository could not be recorded");
            let why = "The database failed while a page was recorded. The server tries again.";
            sync.fail(&Failure::Retry(why.to_owned())).await?;
        }
        Some(Ok(())) | None => {}
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
        Ok(format!(
            "deleted bodies: {pruned}, previous secrets: {secrets}, finished jobs: {jobs}"
        ))
    };
    let has_token = config.github_api_token.is_some();
    let request = move |context: Context| async move {
        if !has_token {
            return Ok("GITHUB_API_TOKEN is not set".to_owned());
        }
        let requested = actions::request_all(&context).await?;
        Ok(format!("requested repositories: {requested}"))
    };
    vec![
        Schedule::new("DeliveryRetention", "20 3 * * *", prune),
        Schedule::new("RepositorySync", "*/15 * * * *", request),
    ]
}

async fn work(context: &Context, settings: Settings, worker: Uuid) -> Result<Progress, JobError> {
    let claimed: Vec<Claimed> = QUEUE
        .claim(context, worker, settings.lease, BATCH, CLAIMED)
        .await?;
    if claimed.is_empty() {
        return Ok(Progress::Idle);
    }
    let progress = Progress::of_batch(claimed.len(), BATCH);
    let rows: Vec<Uuid> = claimed.iter().map(|delivery| delivery.id).collect();
    let lease = Lease {
        queue: QUEUE,
        context,
        worker,
        lasts: settings.lease,
    };
    // Deliveries that another worker has claimed meanwhile are left to it.
    if let Some(processed) = lease.hold(&rows, process(context, worker, claimed)).await {
        processed?;
    }
    Ok(progress)
}

/// Applies claimed deliveries, in batches where possible.
async fn process(context: &Context, worker: Uuid, claimed: Vec<Claimed>) -> Result<(), DbError> {
    let (suspects, claimed): (Vec<_>, Vec<_>) = claimed
        .into_iter()
        .partition(|delivery| delivery.attempts > SUSPECT);
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
fn batches(claimed: Vec<Claimed>) -> Vec<Vec<Claimed>> {
    let (mut batches, mut size) = (Vec::<Vec<Claimed>>::new(), 0);
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

fn wrap(claimed: Vec<Claimed>) -> Vec<actions::ClaimedDelivery> {
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
