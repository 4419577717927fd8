use kernel::counted;

use super::{FindingKind, GamingSign, PullProperty};

impl FindingKind {
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::JunkRepositories => "Merges without substance",
            Self::ApprovalRing => "People who approve each other quickly",
            Self::Burst => "Many small pull requests",
            Self::SameDiff => "The same changes again",
            Self::Alternates => "New accounts that act as one",
            Self::LowValue => "Changes that maintainers refuse",
            Self::Report => "Reported by people",
            Self::ReviewerAbuse => "Unusual reviews by one person",
            Self::ReciprocalRatings => "People who rate each other 5",
        }
    }

    /// Returns the action that the evidence suggests, if it holds.
    #[must_use]
    pub const fn suggestion(self) -> &'static str {
        match self {
            Self::JunkRepositories => {
                "Confirm without points. Nothing that was merged there was reviewed."
            }
            Self::ApprovalRing => {
                "Confirm without points, unless the reviews on GitHub show that the changes were read."
            }
            Self::Burst => "Confirm without points if the changes belong into one pull request.",
            Self::SameDiff => "Confirm as spam if maintainers did not ask for these changes.",
            Self::Alternates => "Confirm without points if the accounts belong to one person.",
            Self::LowValue => "Confirm as spam if maintainers did not want these changes.",
            Self::Report => {
                "Read the reports and the pull requests. Confirm unwanted changes as spam. Exclude a repository that exists only to earn points."
            }
            Self::ReviewerAbuse => {
                "Read some of the reviews. If they do not judge the work, confirm for the record and talk to the owner of the project."
            }
            Self::ReciprocalRatings => {
                "Read the pull requests. If the ratings are a favor, confirm for the record and ask another maintainer to rate them."
            }
        }
    }
}

impl GamingSign {
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Share { measure, count, of } => {
                format!("{count} of {of} {}", measure.predicate())
            }
            Self::DistinctTitles { count, of } => format!(
                "{} for {of} pull requests, apart from numbers",
                counted(count, "title", "titles")
            ),
            Self::OpenedWithin { count, hours } => format!("{count} opened within {hours} hours"),
            Self::Mutual { count, members } => {
                format!("{count} approved or merged among {members} people")
            }
            Self::Spread { count, repositories } => {
                format!("{count} in {repositories} repositories")
            }
            Self::SameFiles { count, repositories } => {
                format!("the same files {count} times, in {repositories} repositories")
            }
            Self::CreatedWithin { accounts, days } => format!(
                "{accounts} GitHub accounts created within {}",
                counted(days.max(1), "day", "days")
            ),
            Self::Reported { reason, count } => format!(
                "{} {}",
                counted(count, "person reported", "people reported"),
                reason.words()
            ),
            Self::ReviewsWithinDay { count } => format!("{count} reviews within 24 hours"),
            Self::Rejections { count, of } => {
                format!("{count} of {of} decisions within 30 days are rejections")
            }
            Self::RejectionsOfOne { count, contributors: 1 } => {
                format!("{count} rejections of one contributor")
            }
            Self::RejectionsOfOne { count, contributors } => {
                format!("up to {count} rejections of each of {contributors} contributors")
            }
            Self::ExtremeRatings { count, of } => format!("{count} of {of} ratings are 1 or 5"),
            Self::RatedEachOther { count, members } => format!(
                "{} of 5 for each other among {members} people",
                counted(count, "rating", "ratings")
            ),
        }
    }
}

impl PullProperty {
    const fn predicate(self) -> &'static str {
        match self {
            Self::MergedQuickly => "merged within 15 minutes of opening",
            Self::MergedSoon => "merged within 6 hours of opening",
            Self::ApprovedQuickly => "approved or merged within 15 minutes of opening",
            Self::Undiscussed => "without a comment or a request for changes in a review",
            Self::Unreviewed => "without a review, and not merged by their author",
            Self::OnlyAdds => "only add lines",
            Self::Small => "change at most 10 lines, or 20 with a title such as “Fix typo”",
            Self::Short => "change at most 60 lines",
            Self::ShortText => "change at most 20 lines of documentation and nothing else",
            Self::Refused => "closed without a merge, or marked as spam or of low value",
            Self::Copied => "change the same files as another person's shortly before",
            Self::AmongThemselves => {
                "merged pull requests of these people were approved or merged only by each other"
            }
        }
    }
}
