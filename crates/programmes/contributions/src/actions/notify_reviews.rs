//! Notifications of reviews, and of pull requests and reviews that are idle.

use github::reads::PullRequest;
use identity::model::UserId;
use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{
        IDLE_PULL_REQUEST, IDLE_REVIEW, IdlePull, IdleReview, REVIEWED_PULL_REQUEST, Reviewed,
    },
    model::ReviewAction,
    reads::{self, ReviewView},
    rules::{
        State,
        review::{RELEASE_DAYS, REMINDER_DAYS},
    },
    store::reviews,
};

/// Notifies an author of a review of their pull request, and the reviewer if the review was released by itself.
///
/// # Errors
/// When an email cannot be rendered.
pub async fn notify_review(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(review) = reads::review(tx, id).await? else {
        return Ok(());
    };
    let Some(pull) = pull(tx, review.pull_request_id).await? else {
        return Ok(());
    };
    if review.is_automatic {
        let email = idle_review(&pull, RELEASE_DAYS, true);
        let notice = Notice {
            kind: &IDLE_REVIEW,
            user_id: review.reviewer_id,
            object_id: id,
            occurrence: "",
            link: email.link(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    let Some(author) = pull.author_id else {
        return Ok(());
    };
    let contribution = reads::of_pull_request(tx, pull.id.into()).await?;
    let state = contribution.map(|found| found.state);
    let email = Reviewed {
        title: pull.title.clone(),
        repository: pull.full_name.clone(),
        number: pull.number,
        event: review.action.words().to_lowercase(),
        sentence: sentence(&review),
        next: state.map_or("", State::next_step).to_owned(),
        comment: review.public_comment,
    };
    let notice = Notice {
        kind: &REVIEWED_PULL_REQUEST,
        user_id: author.into(),
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Reminds a reviewer of a review in progress, unless it ended in the meantime.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_idle_review(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(open) = reviews::open_review(tx, id).await? else {
        return Ok(());
    };
    let Some(pull) = pull(tx, open.pull_request_id).await? else {
        return Ok(());
    };
    let email = idle_review(&pull, REMINDER_DAYS, false);
    let since = open.active_at.to_rfc3339();
    let notice = Notice {
        kind: &IDLE_REVIEW,
        user_id: open.reviewer_id.into(),
        object_id: id,
        occurrence: &since,
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies the author and the maintainers of a pull request that is stale or abandoned, unless something happened to it in
/// the meantime.
///
/// # Errors
/// When an email cannot be rendered.
pub async fn notify_idle_pull(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let now = context.now();
    let row = reads::queue_row(tx, id.into()).await?;
    let Some(row) = row.filter(|row| row.stale_at <= now) else {
        return Ok(());
    };
    let Some(pull) = pull(tx, id).await? else {
        return Ok(());
    };
    let is_abandoned = row.abandoned_at <= now;
    let since = if is_abandoned { row.abandoned_at } else { row.stale_at };
    let project = reads::project_by_id(tx, row.project_id.into()).await?;
    let email = IdlePull {
        title: pull.title.clone(),
        repository: pull.full_name.clone(),
        number: pull.number,
        is_abandoned,
        days: (since - row.active_at).num_days(),
        abandoned_after: (row.abandoned_at - row.active_at).num_days(),
        is_closed_then: project.is_some_and(|project| project.closes_abandoned),
    };
    let maintainers = reads::maintainers(tx, row.project_id.into()).await?;
    let maintainers = maintainers.into_iter().map(|maintainer| maintainer.id);
    let mut people: Vec<UserId> = maintainers.chain(pull.author_id.map(Into::into)).collect();
    people.sort_unstable();
    people.dedup();
    let occurrence = since.to_rfc3339();
    for person in people {
        let notice = Notice {
            kind: &IDLE_PULL_REQUEST,
            user_id: person,
            object_id: id,
            occurrence: &occurrence,
            link: email.link(),
            email: &email,
        };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}

/// Returns a pull request, unless its repository has become private.
async fn pull(tx: &Tx, id: Uuid) -> Result<Option<PullRequest>, ActionError> {
    let mut found = github::reads::pull_requests(tx, [id.into()]).await?;
    Ok(found.remove(&id))
}

fn idle_review(pull: &PullRequest, days: u32, is_released: bool) -> IdleReview {
    IdleReview {
        title: pull.title.clone(),
        repository: pull.full_name.clone(),
        number: pull.number,
        is_released,
        days,
        released_after: RELEASE_DAYS,
    }
}

/// Returns what a review did, as a sentence for the author.
fn sentence(review: &ReviewView) -> String {
    let by = &review.reviewer;
    let said = match review.action {
        ReviewAction::Started => format!("{by} started a review."),
        ReviewAction::RequestedChanges => format!("{by} requested changes."),
        ReviewAction::Approved => format!("{by} approved your pull request."),
        ReviewAction::Rejected => format!("{by} rejected your pull request."),
        ReviewAction::Commented => format!("{by} commented on your pull request."),
        ReviewAction::Released if review.is_automatic => {
            format!("The review by {by} was idle for {RELEASE_DAYS} days and was given back.")
        }
        ReviewAction::Released => format!("{by} gave your pull request back to the queue."),
        ReviewAction::Rated => format!("{by} rated your pull request."),
        ReviewAction::Overrode => {
            let decision = review.decision.map_or("", |decision| decision.words());
            format!("{by} decided contradicting reviews: your pull request is {decision}.")
        }
        ReviewAction::MarkedSpam => {
            format!("{by} marked your pull request as spam, so it earns no points.")
        }
        ReviewAction::UnmarkedSpam => format!("{by} removed the mark as spam."),
        ReviewAction::MarkedLowValue => {
            format!("{by} marked your pull request as low value, so its merge earns fewer points.")
        }
        ReviewAction::UnmarkedLowValue => format!("{by} removed the mark as low value."),
    };
    match review.rating {
        Some(rating) => format!("{said} Rating: {rating} of 5."),
        None => said,
    }
}
