//! Derives the facts for scoring from GitHub's statements.

use std::collections::{BTreeMap, BTreeSet};

use github::{
    model::{DISMISSED, Facts, History, PullState, Review, Version},
    rules::{
        account::GHOST,
        alternatives::alternatives,
        fold::{Folded, fold, owners_at_opening, ready_at},
        merge::{MergeWay, decision},
    },
};

use identity::model::UserId;
use kernel::Timestamp;

use super::{
    ChangedFile, PatchContent, PullFacts, RequestedMerge, VersionedRules, closes_at, patch_content,
    review::{
        OwnReview, PullEnd, ReviewChange, ReviewFact, ReviewMark, ReviewState, Reviewer, derive,
        is_marked, ratings, reopened_at,
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
    /// GitHub's IDs of the accounts that the rules name as bots.
    pub bots: BTreeSet<i64>,
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
        ..Snapshot::of(history, closing, closes_at, was_banned, &own, &reviews.bots)
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
    let on_github = on_github.filter_map(|review| review_fact(review, author, reviews));
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
    /// The accounts whose reviews do not count.
    bots: &'a BTreeSet<i64>,
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
        bots: &'a BTreeSet<i64>,
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
            bots,
            head_sha: None,
        }
    }

    /// Returns the files of a commit, if they are known. Those of the newest commit are.
    fn files(&self, head_sha: Option<&str>) -> Option<Vec<ChangedFile>> {
        let is_newest = head_sha.is_some() && head_sha == self.head_sha;
        let files = self.history.files.as_ref().filter(|_| is_newest);
        files.cloned()
    }

    /// Returns what the patch of a commit changes, if it is known. That of the newest commit is.
    fn patch(&self, head_sha: Option<&str>) -> Option<PatchContent> {
        let is_newest = head_sha.is_some() && head_sha == self.head_sha;
        patch_content(self.history.patch.as_ref().filter(|_| is_newest)?)
    }

    /// Returns whether a person other than the author reviewed it in time, on GitHub or here. A review on GitHub counts
    /// until it is dismissed.
    fn is_reviewed(&self, author: Option<i64>) -> bool {
        let is_past = |at: Timestamp| self.until.is_none_or(|until| at <= until);
        let by_another = |review: &Review| {
            is_person(review, self.bots)
                && review.reviewer_github_id != author
                && is_past(review.submitted_at)
                && !review.dismissed_at.is_some_and(is_past)
        };
        let decides = |review: &OwnReview| review.is_decision() && is_past(review.at);
        self.history.reviews.iter().any(by_another) || self.own.iter().any(decides)
    }

    fn facts(&self, facts: Facts) -> PullFacts {
        let Self { history, folded, .. } = self;
        let is_owner = |author| self.owners.iter().eq([&author]);
        let is_reviewed = self.is_reviewed(facts.author_id);
        let self_merged = !is_reviewed && is_self_merged(&facts);
        let requested_merge = requested_merge(&facts).filter(|_| !is_reviewed);
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
            requested_merge,
            patch: self.patch(facts.head_sha.as_deref()),
            account_created_at: None,
            ratings: ratings(self.own, self.until),
            marked_spam: is_marked(self.own, self.until, ReviewMark::Spam),
            marked_low_value: is_marked(self.own, self.until, ReviewMark::LowValue),
            flag: None,
            repository_excluded: false,
            score_override: None,
        }
    }
}

/// Returns whether the author merged it. If it is unknown who did, it does not count as self-merged.
fn is_self_merged(facts: &Facts) -> bool {
    facts.author_id.is_some() && facts.merged_by_id == facts.author_id
}

/// Returns who requested the merge, if auto-merge or the merge queue merged it.
fn requested_merge(facts: &Facts) -> Option<RequestedMerge> {
    let merged = decision(facts).filter(|_| facts.merged_at.is_some());
    let decision = merged.filter(|decision| decision.way != MergeWay::Merge)?;
    let is_author = facts.author_id == Some(decision.by);
    Some(match decision.way {
        _ if !is_author => RequestedMerge::Another,
        MergeWay::MergeQueue => RequestedMerge::Queue,
        MergeWay::AutoMerge | MergeWay::Merge => RequestedMerge::AutoMerge,
    })
}

/// Returns whether a person reviewed: neither a deleted account nor a bot, by GitHub or by the project.
fn is_person(review: &Review, bots: &BTreeSet<i64>) -> bool {
    let is_someone = |id: i64| id != GHOST && !bots.contains(&id);
    review.reviewer_github_id.is_some_and(is_someone) && review.reviewer_is_bot != Some(true)
}

/// The associations with rights in the repository when the review was submitted, whose reviews count.
const MAINTAINERS: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

fn review_fact(review: &Review, author: Option<i64>, reviews: &Reviews) -> Option<ReviewFact> {
    let reviewer = review.reviewer_github_id?;
    let association = review.author_association.as_deref().unwrap_or_default();
    let person = reviews.people.get(&reviewer).copied();
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
        counts: MAINTAINERS.contains(&association)
            && is_person(review, &reviews.bots)
            && Some(reviewer) != author,
    })
}
