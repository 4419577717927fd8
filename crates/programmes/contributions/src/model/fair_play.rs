use github::model::{PullRequestId, RepositoryId};
use kernel::Id;
use uuid::Uuid;

use super::marker;

/// A reason for moderators to look at pull requests: `fair_play_flags.id`.
pub type FlagId = Id<marker::Flag>;

platform::codes! {
    /// The state of a flag.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    FlagState {
        /// Not decided.
        Open = "open";
        /// A moderator confirmed it.
        Confirmed = "confirmed";
        /// A moderator dismissed it.
        Dismissed = "dismissed";
    }
}

platform::codes! {
    /// The effect of a confirmed flag on the points of its pull requests.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    FlagEffect {
        /// They earn nothing.
        NoPoints = "no_points";
        /// They are spam: they earn nothing, and each takes the penalty of its rules.
        Spam = "spam";
    }
}

platform::codes! {
    /// The reason of a report.
    #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    ReportReason {
        /// A pull request that no one asked for.
        Spam = "spam";
        /// Work taken from another person.
        Copied = "copied";
        /// A repository that was made to earn points.
        JunkRepository = "junk_repository";
        /// Reviews or ratings that do not judge the work.
        GamedReviews = "gamed_reviews";
        /// Another reason, which the report describes.
        Other = "other";
    }
}

impl ReportReason {
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

platform::codes! {
    /// The kind of whom or what a flag concerns, beside pull requests.
    SubjectKind {
        Person = "person";
        Repository = "repository";
    }
}

platform::codes! {
    /// The kind of what is reported.
    TargetKind {
        PullRequest = "pull_request";
        Repository = "repository";
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportTarget {
    PullRequest(PullRequestId),
    Repository(RepositoryId),
}

impl ReportTarget {
    #[must_use]
    pub const fn kind(self) -> TargetKind {
        match self {
            Self::PullRequest(_) => TargetKind::PullRequest,
            Self::Repository(_) => TargetKind::Repository,
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
