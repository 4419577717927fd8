use kernel::Timestamp;
use platform::crypto::digest;

/// An issue as one statement describes it, with bounded texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedIssue {
    /// The number in the repository.
    pub number: i64,
    /// GitHub's ID.
    pub github_id: i64,
    pub title: String,
    /// The description.
    pub body: String,
    /// The names of its labels, sorted.
    pub labels: Vec<String>,
    /// True when it is closed.
    pub is_closed: bool,
    /// Why it is closed.
    pub state_reason: Option<String>,
    /// True when its conversation is locked.
    pub is_locked: bool,
    /// True when a bot opened it.
    pub author_is_bot: bool,
    /// The author's relation to the repository.
    pub author_association: String,
    /// The number of people that it is assigned to.
    pub assignees: i64,
    /// GitHub's IDs of these people, sorted; at most [`MOST_ASSIGNEES`].
    pub assignee_ids: Vec<i64>,
    /// The number of open pull requests that would close it; absent in deliveries.
    pub open_pulls: Option<i64>,
    /// The number of comments.
    pub comments: i64,
    /// The number of reactions; absent in some deliveries.
    pub reactions: Option<i64>,
    pub opened_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// Which of two statements about the same time holds.
    pub rank: Rank,
}

/// The rank of statements that have the same time: the higher one holds, so that neither the order nor the repetition of
/// statements matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A delivery, by the digest of its content.
    Delivery(String),
    /// GitHub's API, by the time at which it was asked.
    Api(Timestamp),
    /// The end of the issue in this repository: it was deleted or transferred.
    Gone,
}

impl Rank {
    /// Returns the stored text, whose order is that of ranks.
    #[must_use]
    pub fn stored(&self) -> String {
        match self {
            Self::Delivery(digest) => format!("1 {digest}"),
            Self::Api(asked_at) => format!("2 {}", asked_at.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
            Self::Gone => "3".to_owned(),
        }
    }

    #[must_use]
    pub fn of_delivery(content: &str) -> Self {
        Self::Delivery(hex::encode(digest(content.as_bytes())))
    }
}

/// The characters of a description that are kept. GitHub allows 65,536.
pub(super) const LONGEST_BODY: usize = 16_384;

/// The assigned people whose IDs are kept. GitHub allows 10.
pub(super) const MOST_ASSIGNEES: usize = 10;

/// Returns the IDs of assigned people as they are kept.
pub(super) fn assignee_ids(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(MOST_ASSIGNEES);
    ids
}

/// The characters of a reason or an association that are kept.
pub(super) const LONGEST_WORD: usize = 40;

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn stored_ranks_sort_like_ranks() {
        let at = |seconds| Rank::Api(DateTime::from_timestamp(seconds, 0).expect("a time"));
        let sorted = [
            Rank::of_delivery("b").min(Rank::of_delivery("a")),
            Rank::of_delivery("b").max(Rank::of_delivery("a")),
            at(5),
            at(1_800_000_000),
            Rank::Gone,
        ];
        assert!(sorted.is_sorted());
        assert!(sorted.map(|rank| rank.stored()).is_sorted());
    }
}
