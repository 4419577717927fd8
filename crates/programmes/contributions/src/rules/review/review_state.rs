use std::collections::BTreeMap;

use identity::model::UserId;
use kernel::Timestamp;
use uuid::Uuid;

use crate::{model::ReviewVerdict, rules::State};

/// A reviewer, who has one vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reviewer {
    /// A person who is known here.
    Person(UserId),
    /// An account on GitHub.
    Github(i64),
}

/// The effect of a review on the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReviewChange {
    /// A vote for the pull request.
    Approved,
    /// A vote against the pull request as it is.
    ChangesRequested,
    /// A comment on GitHub, which is no vote.
    Commented,
    /// A withdrawn review on GitHub, which also withdraws earlier votes of the same person.
    Dismissed,
    /// The beginning of a review here, with its ID.
    Started(Uuid),
    /// A rejection, which closes it here until it is released.
    Rejected,
    /// The withdrawal of the reviewer's review and vote, or of a rejection.
    Released,
    /// The release of an idle review. A vote stays.
    Expired,
    /// The decision of a conflict, which holds until the next vote.
    Overridden(ReviewVerdict),
    /// A comment, rating or mark here, which changes no state and keeps a review from being idle.
    Noted,
}

/// A review, here or on GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewFact {
    pub reviewer: Reviewer,
    pub change: ReviewChange,
    pub submitted_at: Timestamp,
    /// The ID, which orders reviews of the same time.
    pub id: u128,
    /// True for a review by a maintainer who is not the author.
    pub counts: bool,
}

/// The end of a pull request on GitHub, or its reopening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullEnd {
    pub merged_at: Option<Timestamp>,
    /// When it was closed; absent while it is open.
    pub closed_at: Option<Timestamp>,
    /// When it was last reopened.
    pub reopened_at: Option<Timestamp>,
}

/// A review that has begun here and is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderReview {
    pub id: Uuid,
    /// When it began.
    pub started_at: Timestamp,
    /// When the reviewer last did something.
    pub active_at: Timestamp,
}

/// The state and times of a contribution, derived from GitHub's facts and all reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewState {
    pub state: State,
    /// When the first review that counts was submitted.
    pub reviewed_at: Option<Timestamp>,
    /// When approvals came to outnumber requests for changes; absent if they do not.
    pub approved_at: Option<Timestamp>,
    /// When the latest approval was given, unless the state is another.
    pub last_approved_at: Option<Timestamp>,
    /// The latest vote of each reviewer.
    pub votes: BTreeMap<Reviewer, ReviewVerdict>,
    pub under_review: BTreeMap<Reviewer, UnderReview>,
    /// True if a maintainer rejected it here.
    pub is_rejected: bool,
    /// True if a decision of a conflict holds.
    pub is_overridden: bool,
}

impl Default for ReviewState {
    fn default() -> Self {
        Self {
            state: State::Open,
            reviewed_at: None,
            approved_at: None,
            last_approved_at: None,
            votes: BTreeMap::new(),
            under_review: BTreeMap::new(),
            is_rejected: false,
            is_overridden: false,
        }
    }
}

/// Derives the state, whatever the previous state and the order of arrival. GitHub's facts come first: merged, then
/// closed. While the pull request is open, the reviews that count are applied in the order of their times, where the
/// majority of each reviewer's latest vote decides, and a tie means changes requested.
#[must_use]
pub fn derive(ended: PullEnd, reviews: &[ReviewFact]) -> ReviewState {
    let mut counted: Vec<&ReviewFact> = reviews.iter().filter(|review| review.counts).collect();
    counted.sort_by_key(|review| (review.submitted_at, review.id));
    let reopened_at = ended.reopened_at.filter(|_| ended.closed_at.is_none());
    let is_before = |review: &&ReviewFact| reopened_at.is_some_and(|at| review.submitted_at <= at);
    let reopened = counted.iter().take_while(|review| is_before(review)).count();
    let (before, after) = counted.split_at(reopened);
    let mut review_state = ReviewState::default();
    for review in before {
        review_state.apply(review);
    }
    if reopened_at.is_some() && review_state.is_rejected {
        review_state.reopen();
    }
    for review in after {
        review_state.apply(review);
    }
    review_state.end(ended)
}

impl ReviewState {
    /// Returns whether it waits for a review or a merge: neither merged, closed nor rejected.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Merged | State::Closed)
    }

    /// Returns whether an approval and a request for changes contradict each other.
    #[must_use]
    pub fn has_conflict(&self) -> bool {
        let has = |decision| self.votes.values().any(|vote| *vote == decision);
        has(ReviewVerdict::Approved) && has(ReviewVerdict::ChangesRequested)
    }

    fn apply(&mut self, review: &ReviewFact) {
        let (by, at) = (review.reviewer, review.submitted_at);
        match review.change {
            ReviewChange::Approved => self.vote(by, ReviewVerdict::Approved),
            ReviewChange::ChangesRequested => self.vote(by, ReviewVerdict::ChangesRequested),
            ReviewChange::Commented => self.begin(State::Open),
            ReviewChange::Dismissed => self.dismiss(by),
            ReviewChange::Started(id) => self.start(by, id, at),
            ReviewChange::Rejected => self.reject(),
            ReviewChange::Released => self.release(by),
            ReviewChange::Expired => self.expire(by),
            ReviewChange::Overridden(decision) => self.override_with(decision),
            ReviewChange::Noted => {
                if let Some(review) = self.under_review.get_mut(&by) {
                    review.active_at = at;
                }
            }
        }
        self.date(review.change, at);
    }

    /// Notes the times of a change that was applied.
    fn date(&mut self, change: ReviewChange, at: Timestamp) {
        use ReviewChange::{Approved, Expired, Noted, Overridden, Released};
        if !matches!(change, Expired | Noted | Overridden(_) | Released) {
            self.reviewed_at = self.reviewed_at.or(Some(at));
        }
        if self.state != State::Approved {
            (self.approved_at, self.last_approved_at) = (None, None);
            return;
        }
        self.approved_at = self.approved_at.or(Some(at));
        if matches!(change, Approved | Overridden(_)) || self.last_approved_at.is_none() {
            self.last_approved_at = Some(at);
        }
    }

    /// Moves to under review from one of the states before it.
    fn begin(&mut self, from: State) {
        if self.state == from {
            self.state = State::UnderReview;
        }
    }

    fn start(&mut self, by: Reviewer, id: Uuid, at: Timestamp) {
        let review = UnderReview { id, started_at: at, active_at: at };
        self.under_review.insert(by, review);
        self.begin(State::Open);
        self.begin(State::ChangesRequested);
    }

    fn vote(&mut self, by: Reviewer, decision: ReviewVerdict) {
        self.votes.insert(by, decision);
        self.under_review.remove(&by);
        self.is_overridden = false;
        if !self.is_rejected {
            self.state = self.majority();
        }
    }

    fn dismiss(&mut self, by: Reviewer) {
        self.votes.remove(&by);
        if self.is_rejected {
            return;
        }
        self.is_overridden = false;
        self.state = if self.votes.is_empty() { State::UnderReview } else { self.majority() };
    }

    fn reject(&mut self) {
        self.under_review.clear();
        self.is_rejected = true;
        self.state = State::Closed;
    }

    fn reopen(&mut self) {
        self.votes.clear();
        self.under_review.clear();
        (self.is_rejected, self.is_overridden) = (false, false);
        self.state = State::Open;
    }

    fn release(&mut self, by: Reviewer) {
        if self.is_rejected {
            return self.reopen();
        }
        self.under_review.remove(&by);
        let had_vote = self.votes.remove(&by).is_some();
        self.is_overridden &= !had_vote;
        if self.state == State::UnderReview || self.votes.is_empty() {
            self.state = self.remaining();
        } else if had_vote {
            self.state = self.majority();
        }
    }

    fn expire(&mut self, by: Reviewer) {
        self.under_review.remove(&by);
        if self.state == State::UnderReview {
            self.state = self.remaining();
        }
    }

    fn override_with(&mut self, decision: ReviewVerdict) {
        self.is_overridden = true;
        if !self.is_rejected {
            self.state = state_of(decision);
        }
    }

    /// Returns the state after a review was withdrawn.
    fn remaining(&self) -> State {
        match (self.under_review.is_empty(), self.votes.is_empty()) {
            (false, _) => State::UnderReview,
            (true, true) => State::Open,
            (true, false) => self.majority(),
        }
    }

    fn majority(&self) -> State {
        let value = |vote: &ReviewVerdict| match vote {
            ReviewVerdict::Approved => 1,
            ReviewVerdict::ChangesRequested => -1,
        };
        match self.votes.values().map(value).sum::<i32>() {
            majority if majority > 0 => State::Approved,
            _ => State::ChangesRequested,
        }
    }

    /// Applies GitHub's facts, which come before all reviews.
    fn end(mut self, ended: PullEnd) -> Self {
        let state = match (ended.merged_at, ended.closed_at) {
            (Some(_), _) => State::Merged,
            (None, Some(_)) => State::Closed,
            (None, None) => return self,
        };
        self.last_approved_at = None;
        self.state = state;
        self.under_review.clear();
        self
    }
}

fn state_of(decision: ReviewVerdict) -> State {
    match decision {
        ReviewVerdict::Approved => State::Approved,
        ReviewVerdict::ChangesRequested => State::ChangesRequested,
    }
}
