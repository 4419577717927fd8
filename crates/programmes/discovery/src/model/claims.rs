use chrono::TimeDelta;
use kernel::Timestamp;

/// The claims of a person that can be active at once.
pub(crate) const MOST_ACTIVE: i64 = 3;

/// The queues in which a person can be at once.
pub(crate) const MOST_QUEUED: i64 = 5;

/// The claims that a person can make in 24 hours.
pub(crate) const MOST_NEW: i64 = 20;

/// How long a claim is active without a pull request.
pub(crate) const PERIOD: TimeDelta = TimeDelta::days(7);

/// How long a claim can be active in all.
pub(crate) const LONGEST: TimeDelta = TimeDelta::days(60);

/// How long before the end of a claim its person is reminded.
pub(crate) const REMINDED_BEFORE: TimeDelta = TimeDelta::days(1);

platform::codes! {
    ClaimStatus {
        /// It waits until the issue is free.
        Queued = "queued", "In the queue";
        /// The person works on the issue.
        Active = "active", "Active";
        /// A pull request of the person closed the issue.
        Completed = "completed", "Completed";
        /// The person released it, or the issue can no longer be done.
        Released = "released", "Ended";
        /// Its time passed.
        Expired = "expired", "Expired";
    }
}

impl ClaimStatus {
    /// Returns the class of its tag.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Queued => "t-or",
            Self::Active => "t-azure",
            Self::Completed => "t-vert",
            Self::Released | Self::Expired => "t-sable",
        }
    }

    /// Returns whether the claim has not ended.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Active)
    }
}

/// The fate of the pull request of a claim that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullOutcome {
    Merged,
    /// It was closed without being merged.
    Closed,
}

impl PullOutcome {
    /// Returns the stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Closed => "closed",
        }
    }
}

/// A pull request that would close a claimed issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingPull {
    /// `owner/name#number`.
    pub name: String,
    /// True if the claimant opened it.
    pub is_own: bool,
    pub state: PullState,
    /// When something last happened to it.
    pub active_at: Timestamp,
}

/// The state of a pull request that would close a claimed issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullState {
    /// It is open, perhaps as a draft.
    Open,
    /// It was closed without being merged.
    Closed,
    /// It was merged at an instant.
    Merged(Timestamp),
}

/// A person's statement about a claim of theirs that has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratings {
    /// The hours that it took, in thousandths.
    pub hours: Option<i64>,
    /// How difficult it was, 1 to 5.
    pub difficulty: Option<i64>,
    /// How much the person learned, 1 to 5.
    pub learning: Option<i64>,
}
