use chrono::TimeDelta;
use github::model::{PULL_REQUEST_CHANGED, PullRequestId};
use identity::model::UserId;
use kernel::{Checks, Problem, ProblemKind, Timestamp, truncate_to_micros};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{Sql, Tx},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{repeated::is_repeated, settle::contributions_of};
use crate::{
    model::{REVIEWED, ReviewAction, ReviewVerdict},
    rules::{
        State,
        review::{OwnReview, ReviewRequest, ReviewWords, Reviewer, permit},
    },
    store::{
        contributions::{self, Contribution},
        reviews,
    },
};

#[derive(Clone, Copy, Debug)]
pub struct ReviewingMaintainer {
    pub person: UserId,
    /// True for an owner of the project and for admins, who decide conflicts.
    pub may_override: bool,
}

#[derive(Clone, Debug)]
pub struct NewReview {
    pub action: ReviewAction,
    /// The rating, 1 to 5.
    pub rating: Option<i64>,
    /// The decision, only to override a conflict.
    pub decision: Option<ReviewVerdict>,
    pub words: ReviewWords,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenReview {
    /// The ID of the review, or of the earlier one that it repeats; `None` if the person is already reviewing, so that nothing
    /// changed.
    pub id: Option<Uuid>,
    pub state: State,
    /// True if an approval and a request for changes contradict each other.
    pub has_conflict: bool,
}

/// Reviews a pull request: starts a review, decides, rates, comments, releases, overrides a conflict, or marks it as
/// spam or as low value.
/// Its contribution is locked, so that several maintainers act one after the other, each on the state at that time. The points
/// are settled after the commit, and the author is notified. A review that is repeated within a minute, or a rating that does
/// not change the person's rating, changes nothing.
///
/// # Errors
/// When the pull request is the person's own or belongs to no project, its state does not permit the action, its facts
/// are closed, or the input is not valid.
pub async fn give_review(
    context: &Context,
    by: ReviewingMaintainer,
    pull: PullRequestId,
    new: NewReview,
) -> Result<GivenReview, ActionError> {
    let new = checked(new, by)?;
    let mut tx = context.begin().await?;
    contributions::lock(&tx, [pull]).await?;
    let before = current(&tx, pull).await?;
    let now = truncate_to_micros(context.now());
    authorize(&before, by, &new, now)?;
    let reviewer = Reviewer::Person(by.person);
    let is_under_way = before.review_state.under_review.contains_key(&reviewer);
    if new.action == ReviewAction::Started && is_under_way {
        return Ok(given(None, &before));
    }
    let earlier = reviews::of_pulls(&tx, &[pull]).await?.remove(&pull);
    let earlier = earlier.unwrap_or_default();
    if let Some(same) = same(&tx, by.person, &earlier, &new, now).await? {
        return Ok(given(Some(same), &before));
    }
    let review = review(context, by, earlier.last(), &new, now);
    let (id, words) = (review.id, &new.words);
    reviews::insert(&tx, [(pull, review)]).await?;
    reviews::insert_words(&tx, id, words, now).await?;
    let after = current(&tx, pull).await?;
    reviews::write_open(&tx, [&after]).await?;
    contributions::write_reviewed(&tx, std::slice::from_ref(&after), now).await?;
    record(&tx, context, by, new.action, id, &before, &after).await?;
    let ids = context.ids.as_ref();
    tx.wake(PULL_REQUEST_CHANGED, [pull.0], ids, now).await?;
    let is_internal = new.action == ReviewAction::Commented
        && words.public_comment.is_none()
        && new.rating.is_none();
    tx.wake(REVIEWED, (!is_internal).then_some(id), ids, now).await?;
    tx.commit().await?;
    Ok(given(Some(id), &after))
}

/// Checks the input by itself.
fn checked(new: NewReview, by: ReviewingMaintainer) -> Result<NewReview, Problem> {
    if new.action == ReviewAction::Overrode && !by.may_override {
        let detail =
            "Only owners of the project and admins can override a conflict. Ask one of them.";
        return Err(Problem::new(ProblemKind::Forbidden, "OWNER_REQUIRED", detail));
    }
    let mut checks = Checks::default();
    checks.read(check_rating(new.action, new.rating));
    checks.read(check_decision(new.action, new.decision));
    let words = checks.read(new.words.checked(new.action));
    checks.finish(NewReview { words, ..new })
}

fn check_rating(action: ReviewAction, rating: Option<i64>) -> Result<(), Problem> {
    use ReviewAction::{Approved, Commented, Rated, Rejected, RequestedChanges};
    let may_rate = matches!(action, Approved | Commented | Rated | Rejected | RequestedChanges);
    let detail = match rating {
        Some(_) if !may_rate => "This action takes no rating. Rate the pull request separately.",
        Some(rating) if !(1..=5).contains(&rating) => {
            "A rating is a whole number from 1 (poor) to 5 (excellent)."
        }
        None if action == Rated => "Choose a rating from 1 (poor) to 5 (excellent).",
        _ => return Ok(()),
    };
    Err(Problem::new(ProblemKind::Invalid, "BAD_RATING", detail).at("rating"))
}

fn check_decision(action: ReviewAction, decision: Option<ReviewVerdict>) -> Result<(), Problem> {
    if (action == ReviewAction::Overrode) == decision.is_some() {
        return Ok(());
    }
    let detail = "To override a conflict, choose the decision APPROVED or CHANGES_REQUESTED. Other actions take none.";
    Err(Problem::new(ProblemKind::Invalid, "BAD_DECISION", detail).at("decision"))
}

/// Derives the contribution of a pull request from what GitHub states and all reviews.
pub(super) async fn current(
    db: &impl Sql,
    pull: PullRequestId,
) -> Result<Contribution, ActionError> {
    let (mut found, _) = contributions_of(db, &[pull]).await?;
    let gone =
        || Problem::not_found("This pull request does not belong to any project on this server.");
    Ok(found.pop().ok_or_else(gone)?)
}

fn authorize(
    contribution: &Contribution,
    by: ReviewingMaintainer,
    new: &NewReview,
    now: Timestamp,
) -> Result<(), Problem> {
    if is_own(contribution, by.person) {
        let detail =
            "No one can review, rate or mark their own pull request. Ask another maintainer.";
        return Err(Problem::new(ProblemKind::Forbidden, "OWN_PULL_REQUEST", detail));
    }
    permit(&asked(contribution, by.person, new.action), now)
}

/// Returns whether a person wrote the pull request.
pub(super) fn is_own(contribution: &Contribution, person: UserId) -> bool {
    contribution.author.map(|author| author.user_id) == Some(person)
}

/// Returns the question whether a person may take an action.
pub(super) fn asked(
    contribution: &Contribution,
    person: UserId,
    action: ReviewAction,
) -> ReviewRequest<'_> {
    ReviewRequest {
        action,
        by: Reviewer::Person(person),
        review_state: &contribution.review_state,
        ended: contribution.ended,
        is_spam: contribution.is_marked_spam,
        is_low_value: contribution.is_marked_low_value,
        closes_at: contribution.closes_at,
    }
}

/// Returns the review that a new one repeats: the last of the pull request, if it is the same, or the person's last rating, if
/// the new one has the same value and no text.
async fn same(
    tx: &Tx,
    person: UserId,
    earlier: &[OwnReview],
    new: &NewReview,
    now: Timestamp,
) -> Result<Option<Uuid>, ActionError> {
    if new.action == ReviewAction::Rated && new.words == ReviewWords::default() {
        let mut own = earlier.iter().rev().filter(|it| it.reviewer == person);
        let rated = own.find(|it| it.rating.is_some());
        return Ok(rated.filter(|it| has_rating(it, new)).map(|it| it.id));
    }
    let is_same = |last: &&OwnReview| {
        last.reviewer == person
            && !last.is_automatic
            && last.action == new.action
            && last.decision == new.decision
            && has_rating(last, new)
            && is_repeated(last.at, now)
    };
    let Some(last) = earlier.last().filter(is_same) else {
        return Ok(None);
    };
    let words = reviews::words(tx, last.id).await?;
    Ok((words == new.words).then_some(last.id))
}

fn has_rating(review: &OwnReview, new: &NewReview) -> bool {
    review.rating.map(i64::from) == new.rating
}

/// Builds the review. It is later than all others of the pull request, even if the clock was set back.
fn review(
    context: &Context,
    by: ReviewingMaintainer,
    last: Option<&OwnReview>,
    new: &NewReview,
    now: Timestamp,
) -> OwnReview {
    let next = last.map_or(now, |last| last.at + TimeDelta::microseconds(1));
    OwnReview {
        id: context.ids.next(),
        reviewer: by.person,
        action: new.action,
        rating: new.rating.and_then(|rating| u8::try_from(rating).ok()),
        decision: new.decision,
        is_automatic: false,
        at: now.max(next),
    }
}

fn given(id: Option<Uuid>, contribution: &Contribution) -> GivenReview {
    GivenReview {
        id,
        state: contribution.review_state.state,
        has_conflict: contribution.review_state.has_conflict(),
    }
}

fn described(contribution: &Contribution) -> Value {
    json!({
        "state": contribution.review_state.state.as_str(),
        "is_marked_spam": contribution.is_marked_spam,
        "is_marked_low_value": contribution.is_marked_low_value,
    })
}

/// Records the action. The texts are not copied into the audit log, because they can be erased.
async fn record(
    tx: &Tx,
    context: &Context,
    by: ReviewingMaintainer,
    action: ReviewAction,
    review: Uuid,
    before: &Contribution,
    after: &Contribution,
) -> Result<(), ActionError> {
    let mut is = described(after);
    is["review"] = json!(review);
    let act = Act {
        actor: Actor::Person(by.person.0),
        action: kind(action),
        target_kind: "pull_request",
        target_id: after.facts.pull_request_id.0,
        before: Some(described(before)),
        after: Some(is),
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}

/// Returns the kind of an action in the audit log.
fn kind(action: ReviewAction) -> &'static str {
    match action {
        ReviewAction::Started => "pull_request.start_review",
        ReviewAction::RequestedChanges => "pull_request.request_changes",
        ReviewAction::Approved => "pull_request.approve",
        ReviewAction::Rejected => "pull_request.reject",
        ReviewAction::Commented => "pull_request.comment",
        ReviewAction::Released => "pull_request.release",
        ReviewAction::Rated => "pull_request.rate",
        ReviewAction::Overrode => "pull_request.override",
        ReviewAction::MarkedSpam => "pull_request.mark_spam",
        ReviewAction::UnmarkedSpam => "pull_request.unmark_spam",
        ReviewAction::MarkedLowValue => "pull_request.mark_low_value",
        ReviewAction::UnmarkedLowValue => "pull_request.unmark_low_value",
    }
}
