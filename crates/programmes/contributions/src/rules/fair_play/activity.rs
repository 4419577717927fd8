use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use chrono::TimeDelta;
use github::model::{ChangedFile, PullRequestId, RepositoryId};
use identity::model::UserId;
use kernel::Timestamp;

use super::super::{
    paths::{Sort, sort_of},
    title::telling_word,
};

/// The pull requests of a period and what is known of their authors. Bots are left out.
#[derive(Clone, Debug, Default)]
pub struct PeriodActivity {
    /// Pull requests, in order of opening.
    pub pulls: Vec<PullActivity>,
    /// When the GitHub accounts of authors were created, as far as known.
    pub accounts: BTreeMap<UserId, Timestamp>,
}

/// A pull request, as detectors see it.
#[derive(Clone, Debug)]
pub struct PullActivity {
    pub id: PullRequestId,
    pub repository: RepositoryId,
    pub author: UserId,
    /// True when the author owns the repository, so that it earns no points.
    pub is_own: bool,
    pub opened_at: Timestamp,
    /// When it was merged or closed; absent while it is open.
    pub ended_at: Option<Timestamp>,
    /// True when it was merged.
    pub is_merged: bool,
    /// The person who decided that it is merged, if known: who requested the merge, or else who did it.
    pub merged_by: Option<UserId>,
    pub title: TitleDigest,
    /// The lines that count; absent when unknown.
    pub lines: Option<i64>,
    /// True when it changes few lines, by [`is_small`].
    pub is_small: bool,
    /// True when a label or a maintainer marks it as spam or of low value.
    pub is_marked: bool,
    /// The kind of its changes; absent until its files are known.
    pub changes: Option<PullChanges>,
    /// Reviews by other people, bots left out.
    pub reviews: Vec<ReviewActivity>,
}

/// A review, as detectors see it.
#[derive(Clone, Copy, Debug)]
pub struct ReviewActivity {
    pub reviewer: UserId,
    /// When it was submitted.
    pub at: Timestamp,
    /// True for an approval, false for a comment or a request for changes.
    pub approves: bool,
}

/// The kind of changes that a pull request makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullChanges {
    pub paths: PathsDigest,
    /// True if only documentation changes.
    pub is_text: bool,
    /// True if no line is deleted.
    pub only_adds: bool,
    /// The added and the deleted lines.
    pub size: (i64, i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathsDigest(u64);

impl PullChanges {
    /// Returns what changed files amount to, in any order; `None` for no files.
    #[must_use]
    pub fn of(files: &[ChangedFile]) -> Option<Self> {
        let mut paths: Vec<_> = files.iter().map(|file| &file.path).collect();
        paths.sort_unstable();
        paths.first()?;
        let mut hasher = DefaultHasher::new();
        paths.hash(&mut hasher);
        let is_text = |file: &ChangedFile| sort_of(&file.path) == Sort::Docs;
        Some(Self {
            paths: PathsDigest(hasher.finish()),
            is_text: files.iter().all(is_text),
            only_adds: files.iter().all(|file| file.deletions == 0),
            size: (
                sum(files.iter().map(|file| file.additions)),
                sum(files.iter().map(|file| file.deletions)),
            ),
        })
    }
}

/// Adds up counts from outside, which may be wrong.
fn sum(lines: impl Iterator<Item = i64>) -> i64 {
    lines.fold(0, |sum, lines| sum.saturating_add(lines.max(0)))
}

/// A digest of the words of a title without numbers, which distinguish the titles of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TitleDigest(u64);

impl TitleDigest {
    /// Returns the digest of a title, without regard to case and punctuation.
    #[must_use]
    pub fn of(title: &str) -> Self {
        let title = title.to_lowercase();
        let words = title.split(|character: char| !character.is_alphanumeric());
        let is_plain = |word: &&str| !word.contains(|character: char| character.is_ascii_digit());
        let mut hasher = DefaultHasher::new();
        for word in words.filter(|word| !word.is_empty()).filter(is_plain) {
            word.hash(&mut hasher);
        }
        Self(hasher.finish())
    }
}

/// At most this many changed lines are little work.
const FEW_LINES: i64 = 10;
/// A title that says so makes at most this many lines little work.
const LOW_VALUE_LINES: i64 = 20;

/// Returns whether a pull request with counted `lines` is little work. A title with one of the `words` of low value, in
/// lower case, makes some more lines little work.
#[must_use]
pub fn is_small(title: &str, lines: Option<i64>, words: &[String]) -> bool {
    let limit = match telling_word(title, words) {
        Some(_) => LOW_VALUE_LINES,
        None => FEW_LINES,
    };
    lines.is_some_and(|lines| lines <= limit)
}

impl PullActivity {
    /// Returns whether it was closed without a merge, or marked.
    pub(super) const fn is_refused(&self) -> bool {
        self.is_marked || (self.ended_at.is_some() && !self.is_merged)
    }

    /// Returns whether it is known to change at most `lines`.
    pub(super) fn is_within(&self, lines: i64) -> bool {
        self.lines.is_some_and(|changed| changed <= lines)
    }

    /// Returns whether it is known to change only documentation.
    pub(super) fn is_text(&self) -> bool {
        self.changes.is_some_and(|changes| changes.is_text)
    }

    /// Returns whether no review comments or asks for changes.
    pub(super) fn is_undiscussed(&self) -> bool {
        self.reviews.iter().all(|review| review.approves)
    }

    /// Returns whether no one reviewed it. What authors merge themselves was not offered for a review.
    pub(super) fn is_unreviewed(&self) -> bool {
        self.reviews.is_empty() && self.merged_by != Some(self.author)
    }

    /// Returns whether it was merged within `time` of its opening.
    pub(super) fn is_merged_within(&self, time: TimeDelta) -> bool {
        let within = |ended_at: Timestamp| ended_at - self.opened_at <= time;
        self.is_merged && self.ended_at.is_some_and(within)
    }

    /// Returns the people other than the author who approved or merged it.
    pub(super) fn endorsers(&self) -> BTreeSet<UserId> {
        let approvals = self.reviews.iter().filter(|review| review.approves);
        let approvers = approvals.map(|review| review.reviewer);
        let merger = self.merged_by.filter(|_| self.is_merged);
        let all = approvers.chain(merger);
        all.filter(|person| *person != self.author).collect()
    }
}

impl PeriodActivity {
    /// Returns pull requests by author, in order of opening.
    pub(super) fn by_author(&self) -> BTreeMap<UserId, Vec<&PullActivity>> {
        self.by(|pull| pull.author)
    }

    /// Returns the people who approved or merged a pull request of another person.
    pub(super) fn endorsers(&self) -> BTreeSet<UserId> {
        self.pulls.iter().flat_map(PullActivity::endorsers).collect()
    }

    /// Returns pull requests by a key, in order of opening.
    pub(super) fn by<K: Ord>(
        &self,
        key: impl Fn(&PullActivity) -> K,
    ) -> BTreeMap<K, Vec<&PullActivity>> {
        let mut groups: BTreeMap<K, Vec<&PullActivity>> = BTreeMap::new();
        for pull in &self.pulls {
            groups.entry(key(pull)).or_default().push(pull);
        }
        groups
    }
}

/// Returns the distinct titles of pull requests.
pub(super) fn titles<'a>(
    pulls: impl IntoIterator<Item = &'a PullActivity>,
) -> BTreeSet<TitleDigest> {
    pulls.into_iter().map(|pull| pull.title).collect()
}

/// Returns the distinct repositories of pull requests.
pub(super) fn repositories<'a>(
    pulls: impl IntoIterator<Item = &'a PullActivity>,
) -> BTreeSet<RepositoryId> {
    pulls.into_iter().map(|pull| pull.repository).collect()
}
