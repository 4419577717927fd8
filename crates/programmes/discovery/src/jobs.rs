//! Workers and schedules of this module.

use std::sync::Arc;

use github::{
    gateway::{Clients, GithubApi, MOST_NAMED},
    model::{CLOSING_PULL_CHANGED, ISSUES_CHANGED},
};
use kernel::counted;
use platform::{
    Context,
    jobs::{JobError, Progress, Schedule, Settings, Worker},
    module::Services,
};
use uuid::Uuid;

use crate::{
    actions::{self, FindNamed, SearchGithub},
    model::{
        CLAIM_CHANGED, CLAIM_ENDING, FOLLOW_UNWANTED, REPOSITORY_NAMED, SEARCH_DUE, SEARCH_UNWANTED,
    },
    search::Pool,
    store::{
        followed::{CLAIMED, Claimed, QUEUE},
        searches,
    },
};

/// Returns the workers.
#[must_use]
pub fn workers(services: &Services) -> Vec<Worker> {
    let clients = Arc::new(Clients::of(&services.config));
    let settings = services.config.jobs();
    let searching = Arc::clone(&clients);
    let searched = move |context: Context, worker: Uuid| {
        let clients = Arc::clone(&searching);
        async move { search(&context, &clients, settings, worker).await }
    };
    let named = move |context: Context, worker: Uuid| {
        let clients = Arc::clone(&clients);
        async move { find_named(&context, &clients, settings, worker).await }
    };
    vec![
        Worker::new("followed-repositories", REPOSITORY_NAMED, named).over(QUEUE),
        Worker::new("github-searches", SEARCH_DUE, searched).over(searches::QUEUE),
        Worker::for_each(
            "unwanted-repositories",
            FOLLOW_UNWANTED,
            (),
            |tx, context, (), id| Box::pin(actions::review_follow(tx, context, id)),
        ),
        Worker::for_each(
            "unwanted-searches",
            SEARCH_UNWANTED,
            (),
            |tx, context, (), id| Box::pin(actions::review_search(tx, context, id)),
        ),
        Worker::for_each(
            "opportunities",
            ISSUES_CHANGED,
            (),
            |tx, context, (), repository| Box::pin(actions::derive(tx, context, repository, false)),
        ),
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

/// Finds repositories by their names, as many as one request to GitHub can.
async fn find_named(
    context: &Context,
    clients: &Clients,
    settings: Settings,
    worker: Uuid,
) -> Result<Progress, JobError> {
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(Progress::Idle);
    };
    let lease = QUEUE.lease(context, worker, settings);
    let claimed: Vec<Claimed> = lease.claim(MOST_NAMED as i64, CLAIMED).await?;
    if claimed.is_empty() {
        return Ok(Progress::Idle);
    }
    let rows: Vec<Uuid> = claimed.iter().map(|claimed| claimed.id).collect();
    let find = FindNamed {
        context,
        clients,
        permit: &permit,
        worker,
        claimed: &claimed,
    };
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
    let Ok(permit) = context.flags.permit::<GithubApi>() else {
        return Ok(Progress::Idle);
    };
    let lease = searches::QUEUE.lease(context, worker, settings);
    let claimed: Vec<searches::Claimed> = lease.claim(1, searches::CLAIMED).await?;
    let Some(claimed) = claimed.first() else {
        return Ok(Progress::Idle);
    };
    let search = SearchGithub {
        context,
        clients,
        permit: &permit,
        worker,
        claimed,
    };
    if let Some(searched) = lease.hold(&[claimed.id], search.run()).await {
        searched?;
    }
    Ok(Progress::of_batch(1, 1))
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
        let looked_at = actions::derive_all(&context).await?;
        Ok(counted(looked_at, "repository", "repositories"))
    };
    let searches = |context: Context| async move {
        let requested = actions::search_again(&context).await?;
        Ok(counted(requested, "search", "searches"))
    };
    let claims = |context: Context| async move {
        let ended = actions::expire_claims(&context).await?;
        let reminded = actions::remind_of_claims(&context).await?;
        let ended = counted(ended, "claim", "claims");
        Ok(format!(
            "{ended}, {}",
            counted(reminded, "reminder", "reminders")
        ))
    };
    vec![
        Schedule::new("OpportunityReview", "40 2 * * *", all),
        Schedule::new("GithubSearches", "20 5,17 * * *", searches),
        Schedule::new("ClaimDeadlines", "* * * * *", claims),
        Schedule::new("IssueDigests", "* * * * *", digests),
        Schedule::new("GoodMatches", "*/5 * * * *", good_matches),
    ]
}
