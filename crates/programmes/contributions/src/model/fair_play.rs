use github::model::{PullRequestId, RepositoryId};
use kernel::Id;
use uuid::Uuid;

use super::marker;

/// A reason for moderators to look at pull requests: `fair_play_flags.id`.
pub type FlagId = Id<marker::Flag>;

/// The state of a flag.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FlagState {
    /// Not decided.
    Open,
    /// A moderator confirmed it.
    Confirmed,
    /// A moderator dismissed it.
    Dismissed,
}

impl FlagState {
    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
        }
    }

    /// Reads a stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Open, Self::Confirmed, Self::Dismissed];
        all.into_iter().find(|state| state.as_str() == text)
    }
}

/// The effect of a confirmed flag on the points of its pull requests.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FlagEffect {
    /// They earn nothing.
    NoPoints,
    /// They are spam: they earn nothing, and each takes the penalty of its rules.
    Spam,
}

impl FlagEffect {
    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoPoints => "no_points",
            Self::Spam => "spam",
        }
    }

    /// Reads a stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::NoPoints, Self::Spam];
        all.into_iter().find(|effect| effect.as_str() == text)
    }
}

/// The reason of a report.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReportReason {
    /// A pull request that no one asked for.
    Spam,
    /// Work taken from another person.
    Copied,
    /// A repository that was made to earn points.
    JunkRepository,
    /// Reviews or ratings that do not judge the work.
    GamedReviews,
    /// Another reason, which the report describes.
    Other,
}

impl ReportReason {
    /// All reasons, in order.
    pub const ALL: [Self; 5] =
        [Self::Spam, Self::Copied, Self::JunkRepository, Self::GamedReviews, Self::Other];

    /// Returns the stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Copied => "copied",
            Self::JunkRepository => "junk_repository",
            Self::GamedReviews => "gamed_reviews",
            Self::Other => "other",
        }
    }

    /// Reads a stored text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// Returns the words after "reported".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Copied => "copied work",
            Self::JunkRepository => "a repository made to earn points",
            Self::GamedReviews => "gamed reviews",
            Self::Other => "something else",
        }
    }

    /// Returns the choice in the form.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Spam => "Spam: no one asked for it",
            Self::Copied => "Copied from another person",
            Self::JunkRepository => "A repository made to earn points",
            Self::GamedReviews => "Reviews or ratings that do not judge the work",
            Self::Other => "Something else",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportTarget {
    PullRequest(PullRequestId),
    Repository(RepositoryId),
}

impl ReportTarget {
    /// Returns the stored kind.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::PullRequest(_) => "pull_request",
            Self::Repository(_) => "repository",
        }
    }

    /// Returns the ID of the pull request or the repository.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::PullRequest(pull) => pull.0,
            Self::Repository(repository) => repository.0,
        }
    }
}
