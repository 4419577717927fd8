use github::model::PullRequestId;
use identity::model::UserId;
use kernel::Timestamp;
use platform::{ActionError, db::Sql};

use super::give_review::{asked, current, is_own};
use crate::{
    actions::ReviewingMaintainer,
    model::ReviewAction,
    rules::{State, review::permit},
};

/// The actions that a maintainer can take on a pull request now.
#[derive(Clone, Debug)]
pub struct PermittedReviews {
    pub state: State,
    /// The actions that its state permits; none on the person's own pull request.
    pub actions: Vec<ReviewAction>,
    /// True if the person wrote it.
    pub is_own: bool,
    /// True if an approval and a request for changes contradict each other.
    pub has_conflict: bool,
    /// True if a conflict was decided, and no one has voted since.
    pub is_overridden: bool,
    /// True if a maintainer marked it as spam.
    pub is_marked_spam: bool,
    /// True if a maintainer marked it as low value.
    pub is_marked_low_value: bool,
    /// True if commits were pushed after the latest approval.
    pub has_new_commits: bool,
    /// When its reviews close; absent while it is open.
    pub closes_at: Option<Timestamp>,
    /// The ratings that count, sorted.
    pub ratings: Vec<u8>,
    /// The median of the ratings, the lower one of an even number.
    pub median: Option<u8>,
}

/// Returns what a maintainer can do with a pull request at a time. Changes nothing.
///
/// # Errors
/// When the pull request belongs to no project.
pub async fn permitted_reviews(
    db: &impl Sql,
    by: ReviewingMaintainer,
    pull: PullRequestId,
    now: Timestamp,
) -> Result<PermittedReviews, ActionError> {
    let contribution = current(db, pull).await?;
    let is_own = is_own(&contribution, by.person);
    let may = |action: &ReviewAction| {
        let is_theirs = *action != ReviewAction::Overrode || by.may_override;
        !is_own && is_theirs && is_permitted(&contribution, by.person, *action, now)
    };
    Ok(PermittedReviews {
        state: contribution.review_state.state,
        actions: ReviewAction::ALL.into_iter().filter(may).collect(),
        is_own,
        has_conflict: contribution.review_state.has_conflict(),
        is_overridden: contribution.review_state.is_overridden,
        is_marked_spam: contribution.is_marked_spam,
        is_marked_low_value: contribution.is_marked_low_value,
        has_new_commits: contribution.has_new_commits,
        closes_at: contribution.closes_at,
        median: contribution.facts.median_rating(),
        ratings: contribution.facts.ratings,
    })
}

fn is_permitted(
    contribution: &crate::store::contributions::Contribution,
    person: UserId,
    action: ReviewAction,
    now: Timestamp,
) -> bool {
    permit(&asked(contribution, person, action), now).is_ok()
}
