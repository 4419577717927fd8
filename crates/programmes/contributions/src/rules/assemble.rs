//! Derives the facts for scoring from GitHub's statements.

use github::{
    model::{History, PullState, Review, Version},
    rules::fold::{Folded, fold, owner_at_opening, ready_at},
};

use kernel::Timestamp;

use super::{
    PullFacts, closes_at,
    state::{Derived, ReviewFact, ReviewState, derive},
};

/// Returns the facts for scoring and the state of the contribution with a history, which folds to
/// `present`. The facts are those at the closing, which is the larger of `maturing_days` and 7 days after
/// the merge or close; the state is the current one.
#[must_use]
pub fn assemble(history: &History, present: &Folded, maturing_days: u32) -> (PullFacts, Derived) {
    let mut facts = snapshot(history, present, None);
    let closes_at = closes_at(&facts, maturing_days);
    if closes_at.is_some()
        && let Some(closing) = fold(&history.versions, closes_at)
    {
        facts = snapshot(history, &closing, closes_at);
    }
    let in_time = |review: &&Review| closes_at.is_none_or(|end| review.submitted_at <= end);
    facts.self_merged = is_self_merged(present, history.reviews.iter().filter(in_time));
    let author = present.facts.author_id;
    let reviews: Vec<ReviewFact> = history
        .reviews
        .iter()
        .filter_map(|review| review_fact(review, author))
        .collect();
    let closed_at = (present.state == PullState::Closed)
        .then_some(facts.closed_at)
        .flatten();
    let derived = derive(facts.merged_at, closed_at, &reviews);
    (facts, derived)
}

fn snapshot(history: &History, folded: &Folded, until: Option<Timestamp>) -> PullFacts {
    let facts = folded.facts.clone();
    let is_in_time = |version: &&Version| until.is_none_or(|until| version.instant <= until);
    let in_time: Vec<Version> = history
        .versions
        .iter()
        .filter(is_in_time)
        .cloned()
        .collect();
    let owner = owner_at_opening(&history.versions);
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
        author_owns_repository: facts.author_id.is_some() && facts.author_id == owner,
        author_banned_at_opening: false,
        self_merged: false,
        account_created_at: None,
        ratings: Vec::new(),
        marked_spam: false,
        marked_low_value: false,
    }
}

/// Returns whether the author merged it without a review by another person. If it is unknown who merged it,
/// it does not count as self-merged.
fn is_self_merged<'a>(present: &Folded, mut reviews: impl Iterator<Item = &'a Review>) -> bool {
    let author = present.facts.author_id;
    let by_another = |review: &Review| {
        review.reviewer_github_id.is_some()
            && review.reviewer_github_id != author
            && review.state != "dismissed"
    };
    author.is_some() && present.facts.merged_by_id == author && !reviews.any(by_another)
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
            "dismissed" => ReviewState::Dismissed,
            _ => ReviewState::Commented,
        },
        submitted_at: review.submitted_at,
        github_id: review.github_id,
        counts: MAINTAINERS.contains(&association) && Some(reviewer) != author,
    })
}
