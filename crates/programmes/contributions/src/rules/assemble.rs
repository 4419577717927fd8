//! Derives the facts for scoring from GitHub's statements.

use std::collections::{BTreeMap, BTreeSet};

use github::{
    model::{DISMISSED, Facts, History, PullState, Review, Version},
    rules::{
        account::GHOST,
        alternatives::alternatives,
        fold::{Folded, fold, owners_at_opening, ready_at},
    },
};

use identity::model::UserId;
use kernel::Timestamp;

use super::{
    ChangedFile, PullFacts, VersionedRules, closes_at,
    review::{
        OwnReview, PullEnd, ReviewChange, ReviewFact, ReviewState, Reviewer, derive,
        is_marked_spam, ratings, reopened_at,
    },
    worth::best,
};

/// The reviews of a pull request that were given here, and the people behind those on GitHub.
#[derive(Clone, Debug, Default)]
pub struct Reviews {
    /// The reviews that were given here.
    pub own: Vec<OwnReview>,
    /// The people by their GitHub ID, so that a person has one vote. Others vote by their account.
    pub people: BTreeMap<i64, UserId>,
}

impl Reviews {
    fn by_others(&self, author: Option<UserId>) -> Vec<OwnReview> {
        let others = self.own.iter().filter(|own| Some(own.reviewer) != author);
        others.cloned().collect()
    }
}

/// Returns the facts for scoring and the state of the contribution with a history, which folds to
/// `present`. The facts are those at the closing, which is the larger of the pending period and 7 days after
/// the merge or close; the state is the current one. Of contradicting statements of one second, those count
/// that earns the pull request the most points by itself, because only GitHub can tell which are right.
#[must_use]
pub fn assemble(
    history: &History,
    present: &Folded,
    rules: &VersionedRules,
    was_banned: bool,
    reviews: &Reviews,
) -> (PullFacts, ReviewState) {
    let own = reviews.by_others(history.author.map(|author| author.user_id));
    let ended_at = present.facts.merged_at.or(present.facts.closed_at);
    let closes_at = closes_at(ended_at, rules.document.maturing_days);
    let closing = closes_at.and_then(|until| fold(&history.versions, Some(until)));
    let closing = closing.as_ref().unwrap_or(present);
    let snapshot = Snapshot {
        head_sha: present.facts.head_sha.as_deref(),
        ..Snapshot::of(history, closing, closes_at, was_banned, &own)
    };
    let possible = alternatives(&history.versions, closing, closes_at);
    let others = possible.into_iter().skip(1).map(|facts| snapshot.facts(facts));
    let facts = best(snapshot.facts(closing.facts.clone()), others, rules);
    let closed_at = (present.state == PullState::Closed).then_some(facts.closed_at).flatten();
    let ended = PullEnd {
        merged_at: facts.merged_at,
        closed_at,
        reopened_at: reopened_at(&history.versions),
    };
    let review_state = derive(ended, &all_reviews(history, present, reviews, &own));
    (facts, review_state)
}

/// Returns the reviews on GitHub and here.
fn all_reviews(
    history: &History,
    present: &Folded,
    reviews: &Reviews,
    own: &[OwnReview],
) -> Vec<ReviewFact> {
    let author = present.facts.author_id;
    let on_github = history.reviews.iter();
    let on_github = on_github.filter_map(|review| review_fact(review, author, &reviews.people));
    on_github.chain(own.iter().map(OwnReview::fact)).collect()
}

/// The facts of a pull request that contradicting statements have in common.
struct Snapshot<'a> {
    history: &'a History,
    folded: &'a Folded,
    until: Option<Timestamp>,
    was_banned: bool,
    /// The reviews that others than the author gave here.
    own: &'a [OwnReview],
    ready_at: Option<Timestamp>,
    /// The owners of the repository at the opening.
    owners: BTreeSet<i64>,
    /// The newest commit, whose files are known.
    head_sha: Option<&'a str>,
}

impl<'a> Snapshot<'a> {
    fn of(
        history: &'a History,
        folded: &'a Folded,
        until: Option<Timestamp>,
        was_banned: bool,
        own: &'a [OwnReview],
    ) -> Self {
        let is_in_time = |version: &&Version| until.is_none_or(|until| version.instant <= until);
        let in_time = history.versions.iter().filter(is_in_time);
        Self {
            history,
            folded,
            until,
            was_banned,
            own,
            ready_at: ready_at(&in_time.cloned().collect::<Vec<_>>(), folded),
            owners: owners_at_opening(&history.versions),
            head_sha: None,
        }
    }

    /// Returns the files of a commit, if they are known. Those of the newest commit are.
    fn files(&self, head_sha: Option<&str>) -> Option<Vec<ChangedFile>> {
        let is_newest = head_sha.is_some() && head_sha == self.head_sha;
        let files = self.history.files.as_ref().filter(|_| is_newest);
        files.cloned()
    }

    fn facts(&self, facts: Facts) -> PullFacts {
        let Self { history, folded, .. } = self;
        let is_owner = |author| self.owners.iter().eq([&author]);
        let self_merged = is_self_merged(&facts, &history.reviews, self.until)
            && !has_decision(self.own, self.until);
        PullFacts {
            pull_request_id: history.id,
            github_id: history.github_id,
            number: history.number,
            created_at: facts.created_at.unwrap_or(folded.instant),
            ready_at: self.ready_at,
            merged_at: facts.merged_at,
            closed_at: facts.closed_at,
            title: facts.title.unwrap_or_default(),
            labels: facts.labels.unwrap_or_default(),
            additions: facts.additions,
            deletions: facts.deletions,
            changed_files: facts.changed_files,
            paths: self.files(facts.head_sha.as_deref()),
            author_is_bot: facts.author_is_bot.unwrap_or_default(),
            author_owns_repository: facts.author_id.is_some_and(is_owner),
            author_banned_at_opening: self.was_banned,
            self_merged,
            account_created_at: None,
            ratings: ratings(self.own, self.until),
            marked_spam: is_marked_spam(self.own, self.until),
            marked_low_value: false,
            flag: None,
            repository_excluded: false,
            score_override: None,
        }
    }
}

/// Returns whether the author merged it without a review by another person up to `until`. A review counts until it is
/// dismissed. If it is unknown who merged it, it does not count as self-merged.
fn is_self_merged(facts: &Facts, reviews: &[Review], until: Option<Timestamp>) -> bool {
    let author = facts.author_id;
    let is_past = |at: Timestamp| until.is_none_or(|until| at <= until);
    let by_another = |review: &Review| {
        is_person(review)
            && review.reviewer_github_id != author
            && is_past(review.submitted_at)
            && !review.dismissed_at.is_some_and(is_past)
    };
    author.is_some() && facts.merged_by_id == author && !reviews.iter().any(by_another)
}

/// Returns whether someone decided about it here up to `until`.
fn has_decision(own: &[OwnReview], until: Option<Timestamp>) -> bool {
    let is_past = |at: Timestamp| until.is_none_or(|until| at <= until);
    own.iter().any(|review| review.is_decision() && is_past(review.at))
}

/// Returns whether a person reviewed: neither a bot nor a deleted account.
fn is_person(review: &Review) -> bool {
    let is_someone = review.reviewer_github_id.is_some_and(|id| id != GHOST);
    is_someone && review.reviewer_is_bot != Some(true)
}

/// The associations with rights in the repository when the review was submitted, whose reviews count.
const MAINTAINERS: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

fn review_fact(
    review: &Review,
    author: Option<i64>,
    people: &BTreeMap<i64, UserId>,
) -> Option<ReviewFact> {
    let reviewer = review.reviewer_github_id?;
    let association = review.author_association.as_deref().unwrap_or_default();
    let person = people.get(&reviewer).copied();
    Some(ReviewFact {
        reviewer: person.map_or(Reviewer::Github(reviewer), Reviewer::Person),
        change: match review.state.as_str() {
            "approved" => ReviewChange::Approved,
            "changes_requested" => ReviewChange::ChangesRequested,
            DISMISSED => ReviewChange::Dismissed,
            _ => ReviewChange::Commented,
        },
        submitted_at: review.submitted_at,
        id: u128::from(review.github_id.unsigned_abs()),
        counts: MAINTAINERS.contains(&association) && is_person(review) && Some(reviewer) != author,
    })
}
