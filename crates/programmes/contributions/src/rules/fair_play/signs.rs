use std::collections::BTreeSet;

use chrono::TimeDelta;
use github::model::{PullRequestId, RepositoryId};
use identity::model::UserId;
use serde::{Deserialize, Serialize};

use super::{PullActivity, activity::titles};
use crate::model::ReportReason;

platform::codes! {
    /// The kind of a finding.
    #[derive(Hash, Serialize, Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    FindingKind {
        /// Repositories whose pull requests are merged without substance or review.
        JunkRepositories = "junk_repositories";
        /// People who approve and merge almost only each other's pull requests.
        ApprovalRing = "approval_ring";
        /// Many small pull requests by one person, at once or in a series.
        Burst = "burst";
        /// The same changes submitted repeatedly, or taken from another person.
        SameDiff = "same_diff";
        /// New accounts that act as one.
        Alternates = "alternates";
        /// Changes in many repositories that maintainers refuse.
        LowValue = "low_value";
        /// A pull request or a repository that people reported.
        Report = "report";
        /// Reviews by one person that are too many, or that hardly judge the work.
        ReviewerAbuse = "reviewer_abuse";
        /// People who rate each other's pull requests 5.
        ReciprocalRatings = "reciprocal_ratings";
    }
}

impl FindingKind {
    /// Returns the time in which moderators are to decide. People wait for the outcome of their reports.
    #[must_use]
    pub const fn target(self) -> TimeDelta {
        match self {
            Self::Report => TimeDelta::days(3),
            _ => TimeDelta::days(7),
        }
    }

    /// Returns whether it is about reviewers. The authors of the pull requests did nothing, so their points stay.
    #[must_use]
    pub const fn is_about_reviewers(self) -> bool {
        matches!(self, Self::ReviewerAbuse | Self::ReciprocalRatings)
    }

    /// Returns whether a confirmation of a flag with a number of pull requests can change their points.
    #[must_use]
    pub const fn permits_effects(self, pull_requests: i64) -> bool {
        pull_requests > 0 && !self.is_about_reviewers()
    }
}

/// A reason for a moderator to look at pull requests.
#[derive(Clone, Debug, PartialEq)]
pub struct GamingFinding {
    pub kind: FindingKind,
    /// The people concerned.
    pub people: BTreeSet<UserId>,
    /// The repositories concerned, if the finding is about repositories.
    pub repositories: BTreeSet<RepositoryId>,
    /// The pull requests concerned, in order of opening.
    pub pulls: Vec<PullRequestId>,
    /// The signs that led to the finding.
    pub signs: Vec<GamingSign>,
}

impl GamingFinding {
    /// Returns a finding about people's pull requests.
    pub(super) fn about<'a>(
        kind: FindingKind,
        people: impl IntoIterator<Item = UserId>,
        pulls: impl IntoIterator<Item = &'a PullActivity>,
        signs: Vec<GamingSign>,
    ) -> Self {
        Self {
            kind,
            people: people.into_iter().collect(),
            repositories: BTreeSet::new(),
            pulls: pulls.into_iter().map(|pull| pull.id).collect(),
            signs,
        }
    }
}

/// An observation that supports a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "sign", rename_all = "snake_case")]
#[schema(as = Sign)]
pub enum GamingSign {
    /// A part of the pull requests.
    Share {
        /// The property that they have in common.
        measure: PullProperty,
        /// The number of those with the property.
        count: usize,
        /// The number of all.
        of: usize,
    },
    /// Titles that differ by more than a number.
    DistinctTitles {
        /// The number of distinct titles.
        count: usize,
        /// The number of pull requests.
        of: usize,
    },
    /// Pull requests opened within hours.
    OpenedWithin {
        /// The number of pull requests.
        count: usize,
        /// The hours.
        hours: i64,
    },
    /// Pull requests that members of a group approved or merged for each other.
    Mutual {
        /// The number of pull requests.
        count: usize,
        /// The number of members.
        members: usize,
    },
    /// Pull requests spread over repositories.
    Spread {
        /// The number of pull requests.
        count: usize,
        /// The number of repositories.
        repositories: usize,
    },
    /// Pull requests that change the same files.
    SameFiles {
        /// The number of pull requests.
        count: usize,
        /// The number of repositories.
        repositories: usize,
    },
    /// GitHub accounts that were created within days of each other.
    CreatedWithin {
        /// The number of accounts.
        accounts: usize,
        /// The days between the first and the last.
        days: i64,
    },
    /// Reports with the same reason.
    Reported {
        /// The reason.
        reason: ReportReason,
        /// The number of people.
        count: usize,
    },
    /// Reviews by one person within 24 hours.
    ReviewsWithinDay {
        /// The number of reviews.
        count: usize,
    },
    /// Rejections among the decisions of one person in 30 days.
    Rejections {
        /// The number of rejections.
        count: usize,
        /// The number of decisions.
        of: usize,
    },
    /// Rejections of the same contributor by one person.
    RejectionsOfOne {
        /// The number of rejections of the contributor who has the most.
        count: usize,
        /// The number of contributors with several rejections.
        contributors: usize,
    },
    /// Ratings of 1 or 5 among the ratings by one person.
    ExtremeRatings {
        /// The number of ratings of 1 or 5.
        count: usize,
        /// The number of ratings.
        of: usize,
    },
    /// Ratings of 5 that people gave each other.
    RatedEachOther {
        /// The number of ratings.
        count: usize,
        /// The number of people.
        members: usize,
    },
}

/// A property of pull requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Measure)]
pub enum PullProperty {
    /// Merged within 15 minutes of opening.
    MergedQuickly,
    /// Merged within 6 hours of opening.
    MergedSoon,
    /// Approved, or merged without an approval, within 15 minutes of opening.
    ApprovedQuickly,
    /// Without a comment or a request for changes in a review.
    Undiscussed,
    /// Without any review, and not merged by the author.
    Unreviewed,
    /// Deletes no line.
    OnlyAdds,
    /// Changes at most 10 lines, or 20 with a title that says so.
    Small,
    /// Changes at most 60 lines.
    Short,
    /// Changes at most 20 lines of documentation only.
    ShortText,
    /// Closed without a merge, or marked as spam or of low value.
    Refused,
    /// Changes the same files by about as many lines as another person's before.
    Copied,
    /// Approved or merged by no one outside of a group.
    AmongThemselves,
}

/// An approval or a merge within this time leaves no room for a review.
const QUICK: TimeDelta = TimeDelta::minutes(15);
const SOON: TimeDelta = TimeDelta::hours(6);
const SHORT: i64 = 60;
/// The maximum number of lines of a short text.
pub(super) const SHORT_TEXT: i64 = 20;

impl PullProperty {
    /// Returns whether a pull request has the property. What was copied, and what happened among a group, is found by
    /// comparison with others.
    pub(super) fn holds(self, pull: &PullActivity) -> bool {
        match self {
            Self::MergedQuickly => pull.is_merged_within(QUICK),
            Self::MergedSoon => pull.is_merged_within(SOON),
            Self::ApprovedQuickly => is_approved_quickly(pull),
            Self::Undiscussed => pull.is_undiscussed(),
            Self::Unreviewed => pull.is_unreviewed(),
            Self::OnlyAdds => pull.changes.is_some_and(|changes| changes.only_adds),
            Self::Small => pull.is_small,
            Self::Short => pull.is_within(SHORT),
            Self::ShortText => pull.is_text() && pull.is_within(SHORT_TEXT),
            Self::Refused => pull.is_refused(),
            Self::Copied | Self::AmongThemselves => false,
        }
    }
}

fn is_approved_quickly(pull: &PullActivity) -> bool {
    let approvals = pull.reviews.iter().filter(|review| review.approves);
    let approved_at = approvals.map(|review| review.at).min();
    let at = approved_at.or(pull.ended_at);
    at.is_some_and(|at| at - pull.opened_at <= QUICK)
}

/// Returns whether `count` is at least a share of `of`, in percent.
pub(super) const fn reaches(count: usize, of: usize, percent: usize) -> bool {
    of > 0 && count * 100 >= of * percent
}

/// Returns the sign that at least a share of pull requests, in percent, has a property.
pub(super) fn share(
    pulls: &[&PullActivity],
    measure: PullProperty,
    percent: usize,
) -> Option<GamingSign> {
    let count = pulls.iter().filter(|pull| measure.holds(pull)).count();
    let of = pulls.len();
    reaches(count, of, percent).then_some(GamingSign::Share { measure, count, of })
}

/// Returns the sign of repeated titles, if at most a share of them, in percent, is distinct.
pub(super) fn repeated_titles(pulls: &[&PullActivity], percent: usize) -> Option<GamingSign> {
    let (count, of) = (titles(pulls.iter().copied()).len(), pulls.len());
    (of > 1 && count * 100 <= of * percent).then_some(GamingSign::DistinctTitles { count, of })
}
