//! Reviews by the maintainers of a project: what they decide, who may give which, and what they add to the facts that
//! a pull request is scored on.

mod deadlines;
mod permit;
mod review_state;
mod words;

use std::collections::BTreeMap;

use github::model::Version;
use identity::model::UserId;
use kernel::Timestamp;
use uuid::Uuid;

use crate::model::{ReviewAction, ReviewVerdict};

pub use deadlines::{Deadlines, IdleDays, RELEASE_DAYS, REMINDER_DAYS, typed_days};
pub use permit::{ReviewRequest, permit};
pub use review_state::{
    PullEnd, ReviewChange, ReviewFact, ReviewState, Reviewer, UnderReview, derive,
};
pub use words::{LONGEST_COMMENT, ReviewWords};

/// A maintainer's action on a pull request, as stored here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnReview {
    pub id: Uuid,
    pub reviewer: UserId,
    pub action: ReviewAction,
    /// The rating, 1 to 5.
    pub rating: Option<u8>,
    /// The decision in a conflict of reviews.
    pub decision: Option<ReviewVerdict>,
    /// True for the release of an idle review, which no person did.
    pub is_automatic: bool,
    pub at: Timestamp,
}

impl OwnReview {
    /// Returns its effect on the state.
    fn change(&self) -> ReviewChange {
        match self.action {
            ReviewAction::Started => ReviewChange::Started(self.id),
            ReviewAction::RequestedChanges => ReviewChange::ChangesRequested,
            ReviewAction::Approved => ReviewChange::Approved,
            ReviewAction::Rejected => ReviewChange::Rejected,
            ReviewAction::Released if self.is_automatic => ReviewChange::Expired,
            ReviewAction::Released => ReviewChange::Released,
            ReviewAction::Overrode => {
                ReviewChange::Overridden(self.decision.unwrap_or(ReviewVerdict::ChangesRequested))
            }
            ReviewAction::Commented
            | ReviewAction::Rated
            | ReviewAction::MarkedSpam
            | ReviewAction::UnmarkedSpam
            | ReviewAction::MarkedLowValue
            | ReviewAction::UnmarkedLowValue => ReviewChange::Noted,
        }
    }

    /// Returns it as a fact that the state is derived from.
    #[must_use]
    pub fn fact(&self) -> ReviewFact {
        ReviewFact {
            reviewer: Reviewer::Person(self.reviewer),
            change: self.change(),
            submitted_at: self.at,
            id: self.id.as_u128(),
            counts: true,
        }
    }

    /// Returns whether it decides about the pull request.
    #[must_use]
    pub fn is_decision(&self) -> bool {
        use ReviewAction::{Approved, Rejected, RequestedChanges};
        matches!(self.action, Approved | Rejected | RequestedChanges)
    }
}

fn in_order(reviews: &[OwnReview], until: Option<Timestamp>) -> Vec<&OwnReview> {
    let is_in_time = |review: &&OwnReview| until.is_none_or(|until| review.at <= until);
    let mut sorted: Vec<&OwnReview> = reviews.iter().filter(is_in_time).collect();
    sorted.sort_by_key(|review| (review.at, review.id));
    sorted
}

/// Returns each reviewer's latest rating up to `until`, sorted.
#[must_use]
pub fn ratings(reviews: &[OwnReview], until: Option<Timestamp>) -> Vec<u8> {
    let sorted = in_order(reviews, until);
    let rated = sorted.iter().filter_map(|review| Some((review.reviewer, review.rating?)));
    let latest: BTreeMap<UserId, u8> = rated.collect();
    let mut ratings: Vec<u8> = latest.into_values().collect();
    ratings.sort_unstable();
    ratings
}

/// A mark that maintainers give a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewMark {
    Spam,
    LowValue,
}

/// Returns whether maintainers marked the pull request up to `until`. The latest action counts.
#[must_use]
pub fn is_marked(reviews: &[OwnReview], until: Option<Timestamp>, mark: ReviewMark) -> bool {
    let mark = |review: &&OwnReview| match (review.action, mark) {
        (ReviewAction::MarkedSpam, ReviewMark::Spam)
        | (ReviewAction::MarkedLowValue, ReviewMark::LowValue) => Some(true),
        (ReviewAction::UnmarkedSpam, ReviewMark::Spam)
        | (ReviewAction::UnmarkedLowValue, ReviewMark::LowValue) => Some(false),
        _ => None,
    };
    let sorted = in_order(reviews, until);
    sorted.iter().rev().find_map(mark).unwrap_or_default()
}

/// Returns whether commits were pushed after an instant, from statements in any order. Unknown commits are no change.
#[must_use]
pub fn has_new_commits(versions: &[Version], since: Timestamp) -> bool {
    let head = |version: &Version| Some((version.instant, version.facts.head_sha.clone()?));
    let mut heads: Vec<_> = versions.iter().filter_map(head).collect();
    heads.sort();
    let before = heads.iter().rev().find(|(at, _)| *at <= since);
    match (before, heads.last()) {
        (Some((_, before)), Some((_, now))) => before != now,
        _ => false,
    }
}

/// Returns when the pull request was last reopened on GitHub, from statements in any order: the first statement that it
/// is open after the last one that it is closed. `None` if it was never closed, or is closed.
#[must_use]
pub fn reopened_at(versions: &[Version]) -> Option<Timestamp> {
    let is = |version: &Version| Some((version.instant, version.facts.closed?));
    let mut stated: Vec<_> = versions.iter().filter_map(is).collect();
    stated.sort_unstable();
    let last_closed = stated.iter().rposition(|(_, closed)| *closed)?;
    stated.get(last_closed + 1).map(|(at, _)| *at)
}
