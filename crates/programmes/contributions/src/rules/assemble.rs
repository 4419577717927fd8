//! Derives the facts for scoring from GitHub's statements.

use github::{
    model::{DISMISSED, Facts, History, PullState, Review, Version},
    rules::{
        account::GHOST,
        alternatives::alternatives,
        fold::{Folded, fold, owners_at_opening, ready_at},
    },
};

use kernel::Timestamp;

use super::{
    PullFacts, VersionedRules, closes_at,
    state::{Derived, ReviewFact, ReviewState, derive},
    worth::best,
};

/// Returns the facts for scoring and the state of the contribution with a history, which folds to
/// `present`. The facts are those at the closing, which is the larger of the maturing window and 7 days after
/// the merge or close; the state is the current one. Of contradicting statements of one second, those count
/// with which the pull request earns most by itself, because only GitHub can tell which are right.
#[must_use]
pub fn assemble(
    history: &History,
    present: &Folded,
    rules: &VersionedRules,
    was_banned: bool,
) -> (PullFacts, Derived) {
    let snapshot = |folded: &Folded, facts: Facts, until| PullFacts {
        author_banned_at_opening: was_banned,
        ..snapshot(history, folded, facts, until)
    };
    let now = snapshot(present, present.facts.clone(), None);
    let closes_at = closes_at(&now, rules.document.maturing_days);
    let closing = fold(&history.versions, closes_at);
    let closing = closing.as_ref().unwrap_or(present);
    let possible = alternatives(&history.versions, closing, closes_at);
    let possible = possible
        .into_iter()
        .map(|facts| snapshot(closing, facts, closes_at));
    let facts = best(possible, rules).unwrap_or(now);
    let reviews: Vec<ReviewFact> = history
        .reviews
        .iter()
        .filter_map(|review| review_fact(review, present.facts.author_id))
        .collect();
    let closed_at = (present.state == PullState::Closed)
        .then_some(facts.closed_at)
        .flatten();
    let derived = derive(facts.merged_at, closed_at, &reviews);
    (facts, derived)
}

fn snapshot(
    history: &History,
    folded: &Folded,
    facts: Facts,
    until: Option<Timestamp>,
) -> PullFacts {
    let is_in_time = |version: &&Version| until.is_none_or(|until| version.instant <= until);
    let in_time: Vec<Version> = history
        .versions
        .iter()
        .filter(is_in_time)
        .cloned()
        .collect();
    let owners = owners_at_opening(&history.versions);
    let is_owner = |author| owners.iter().eq([&author]);
    let self_merged = is_self_merged(&facts, &history.reviews, until);
    PullFacts {
        pull_request_id: history.id,
        github_id: history.github_id,
        number: history.number,
        created_at: facts.created_at.unwrap_or(folded.instant),
        ready_at: ready_at(&in_time, folded),
        merged_at: facts.merged_at,
        closed_at: facts.closed_at,
        title: facts.title.unwrap_or_default(),
        labels: facts.labels.unwrap_or_default(),
        additions: facts.additions,
        deletions: facts.deletions,
        changed_files: facts.changed_files,
        paths: None,
        author_is_bot: facts.author_is_bot.unwrap_or_default(),
        author_owns_repository: facts.author_id.is_some_and(is_owner),
        author_banned_at_opening: false,
        self_merged,
        account_created_at: None,
        ratings: Vec::new(),
        marked_spam: false,
        marked_low_value: false,
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

/// Returns whether a person reviewed: neither a bot nor a deleted account.
fn is_person(review: &Review) -> bool {
    let is_someone = review.reviewer_github_id.is_some_and(|id| id != GHOST);
    is_someone && review.reviewer_is_bot != Some(true)
}

/// The associations with rights in the repository, whose reviews count.
const MAINTAINERS: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

fn review_fact(review: &Review, author: Option<i64>) -> Option<ReviewFact> {
    let reviewer = review.reviewer_github_id?;
    let association = review.author_association.as_deref().unwrap_or_default();
    Some(ReviewFact {
        reviewer,
        state: match review.state.as_str() {
            "approved" => ReviewState::Approved,
            "changes_requested" => ReviewState::ChangesRequested,
            DISMISSED => ReviewState::Dismissed,
            _ => ReviewState::Commented,
        },
        submitted_at: review.submitted_at,
        github_id: review.github_id,
        counts: MAINTAINERS.contains(&association) && is_person(review) && Some(reviewer) != author,
    })
}
