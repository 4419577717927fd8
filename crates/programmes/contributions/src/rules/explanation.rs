//! Explanations of points, stored as factors so that anyone can verify the sum.
//!
//! An award is the product of its steps, rounded once, minus a deduction for low value, limited by the rest
//! of the monthly cap. Factors that change nothing are included. Sentences are rendered from it on demand.
//! It is stored with every award, so absent fields are omitted.

use kernel::{Month, Points, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AwardPart, Exact, PatchContent};

/// The reason for a ledger entry.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = Reason)]
pub enum EntryReason {
    /// The pull request is ready for review.
    PrOpened,
    /// The pull request was merged.
    PrMerged,
    /// The pull request is large.
    SizeBonus,
    /// The pull request is spam.
    Spam,
}

impl EntryReason {
    /// All reasons, in the order in which they are earned.
    pub const ALL: [Self; 4] = [Self::PrOpened, Self::PrMerged, Self::SizeBonus, Self::Spam];

    /// Returns the stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PrOpened => "pr_opened",
            Self::PrMerged => "pr_merged",
            Self::SizeBonus => "size_bonus",
            Self::Spam => "spam",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Returns the name on pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PrOpened => "opened",
            Self::PrMerged => "merged",
            Self::SizeBonus => "size",
            Self::Spam => "spam",
        }
    }

    /// Returns the kind of ledger entry.
    #[must_use]
    pub fn kind(self) -> AwardKind {
        match self {
            Self::PrOpened | Self::PrMerged => AwardKind::Award,
            Self::SizeBonus => AwardKind::Bonus,
            Self::Spam => AwardKind::Penalty,
        }
    }
}

/// The kind of ledger entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schema(as = Kind)]
pub enum AwardKind {
    /// Points for a contribution.
    Award,
    /// Additional points.
    Bonus,
    /// A deduction.
    Penalty,
}

/// Explains the points for opening or merging a pull request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// The event that is explained: opening or merging.
    pub part: AwardPart,
    /// When the event happened on GitHub.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The month (UTC) that the points count toward.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// The versions of the rules that were applied.
    pub rules: RulesUsed,
    /// Assumptions about facts that are not known.
    #[serde(default, alias = "stand_ins", skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Assumption>,
    /// The reason why no points are given, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Exclusion>,
    /// The decision that overrides the points, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overridden>,
    /// Facts that a moderator may want to review.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<PullRequestFlag>,
    /// The calculations. Empty if the pull request is excluded.
    pub awards: Vec<Award>,
}

/// The versions of the rules that were applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesUsed {
    /// The version that was current when the pull request was opened. It sets the points.
    pub pull: i32,
    /// The version that was current when the month began. It sets the cap and diminishing returns.
    pub month: i32,
    /// The version that was current at the start of the month in which the pull request was opened. It sets the limit
    /// on pull requests opened in 24 hours.
    pub frequency: i32,
}

/// An assumption about a fact that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// Webhooks don't list files: GitHub's line totals are used, and test and docs multipliers don't apply.
    #[serde(alias = "totals_for_files")]
    LineTotalsUsed,
    /// Line totals are unknown: there is no size bonus, and the title alone does not lower the points.
    #[serde(alias = "nothing_for_size")]
    SizeUnknown,
    /// The account's age is unknown: it is assumed to be old enough.
    #[serde(alias = "old_enough")]
    AccountAgeUnknown,
    /// GitHub did not show the patch of the small change: it does not lower the points.
    PatchUnknown,
}

/// The reason why a pull request earns no points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Exclusion {
    /// The author is a bot.
    Bot,
    /// The author was banned when they opened the pull request.
    BannedAtOpening,
    /// The author owns the repository.
    OwnRepository,
    /// The author's GitHub account was too new.
    #[serde(alias = "account_too_young")]
    AccountTooNew {
        /// The age of the account in full days when the pull request was opened.
        days: i64,
        /// The minimum age in days that the rules require.
        minimum: u32,
    },
    /// The author merged the pull request without a review by another person.
    SelfMerged,
    /// The author enabled auto-merge without a review by another person.
    SelfAutoMerged,
    /// The author added the pull request to the merge queue without a review by another person.
    SelfQueued,
    /// The pull request is a draft.
    Draft,
    /// The project was archived before the pull request was opened.
    ProjectArchived,
    /// The repository was paused or archived in the project before the pull request was opened.
    RepositoryPaused,
    /// A moderator confirmed a flag on the pull request.
    Flagged {
        /// The flag's number.
        number: i64,
    },
    /// A moderator excluded the repository.
    RepositoryExcluded,
}

/// The effect of a decision that overrides the points of a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Overridden {
    /// The points stay as they were.
    Frozen,
    /// The total was set.
    Set {
        /// The points of the pull request.
        #[schema(value_type = i64)]
        points: Points,
    },
    /// It earns nothing.
    None,
}

/// A fact that a moderator may want to review: more pull requests in 24 hours than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PullRequestFlag {
    /// The author opened more pull requests in this repository in 24 hours than the limit.
    Frequency {
        /// The number of pull requests that the author opened in this repository in the 24 hours up to and including
        /// this one.
        openings: u32,
        /// The limit.
        limit: u32,
    },
}

/// The calculation of the points for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Award {
    /// The reason for the points.
    pub reason: EntryReason,
    /// The base and the factors, with the product so far.
    pub steps: Vec<CalculationStep>,
    /// The product, rounded half up.
    #[schema(value_type = i64)]
    pub rounded: Points,
    /// The points deducted for low value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_value: Option<LowValue>,
    /// The effect of the monthly cap. Absent for penalties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
    /// The resulting points.
    #[schema(value_type = i64)]
    pub points: Points,
}

/// A step of a calculation: the base or a factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Step)]
pub struct CalculationStep {
    /// The evidence for the step.
    pub evidence: Evidence,
    /// The factor that the product so far is multiplied by. For the base, that product is 1.
    #[schema(value_type = String, example = "1.2")]
    pub factor: Exact,
    /// The product after this step.
    #[schema(value_type = String, example = "1.2")]
    pub product: Exact,
}

/// The evidence for a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Evidence {
    /// The points for opening.
    Opened,
    /// The points for merging.
    Merged,
    /// The size bonus for the largest band that the change reaches.
    Size {
        /// The number of lines that count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<i64>,
        /// The number of lines at which the band begins. Absent if no band is reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        band: Option<i64>,
    },
    /// The points that a decision set.
    Decision,
    /// The points deducted for spam.
    Penalty {
        /// The evidence of spam.
        by: SpamSign,
    },
    /// The maintainers' ratings.
    Rating {
        /// The median rating. For an even number of ratings, the lower of the middle two.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        median: Option<u8>,
        /// The number of people who rated it. Absent if no one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
    },
    /// The multiplier for changes that touch tests as well as code.
    Tests {
        /// True when tests are touched. Absent while the changed files are unknown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        touched: Option<bool>,
    },
    /// The multiplier for changes that touch documentation as well as code.
    Docs {
        /// True when documentation is touched. Absent while the changed files are unknown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        touched: Option<bool>,
    },
    /// The type of the change.
    Type {
        /// The type's name in the rules. Absent if neither a label nor the title gives one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The source of the type.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<TypeSource>,
    },
    /// Diminishing returns for the author's merges in this repository and month.
    Diminishing {
        /// The number of this merge among the author's scored merges in this repository and month, starting at 1.
        place: u32,
        /// The number of merges that count in full.
        full: u32,
    },
    /// The pull request is spam, so the award is 0.
    Spam {
        /// The evidence of spam.
        by: SpamSign,
    },
    /// The author opened too many pull requests in this repository in 24 hours, so the award is 0.
    Frequency {
        /// The number of pull requests that the author opened in this repository in the 24 hours up to and including
        /// this one.
        openings: u32,
        /// The limit.
        limit: u32,
    },
}

/// The source of a change's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeSource {
    /// A label.
    Label,
    /// The title's conventional-commit prefix.
    Title,
}

/// Evidence that a pull request is spam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpamSign {
    /// A maintainer marked the pull request.
    Mark,
    /// A label.
    Label(String),
    /// The number of a flag that a moderator confirmed.
    Flag(i64),
}

/// A deduction from the merge award for low value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LowValue {
    /// The evidence of low value.
    pub by: LowValueSign,
    /// The points to deduct. The award does not go below 0.
    #[schema(value_type = i64)]
    pub deduction: Points,
    /// The points that are left after the deduction.
    #[schema(value_type = i64)]
    #[serde(alias = "left")]
    pub remaining: Points,
}

/// Evidence that a pull request has low value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LowValueSign {
    /// A maintainer marked the pull request.
    Mark,
    /// A word in the title of a small change.
    Title {
        /// The word.
        word: String,
        /// The number of lines that count.
        lines: i64,
    },
    /// The patch of a small change.
    Patch {
        /// The only change in its patch.
        content: PatchContent,
    },
}

/// The effect of the monthly cap on an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cap {
    /// The cap.
    #[schema(value_type = i64)]
    pub limit: Points,
    /// The points before the cap.
    #[schema(value_type = i64)]
    #[serde(alias = "asked")]
    pub uncapped: Points,
    /// The points that remained under the cap.
    #[schema(value_type = i64)]
    #[serde(alias = "left")]
    pub remaining: Points,
    /// The points granted: the smaller of `uncapped` and `remaining`.
    #[schema(value_type = i64)]
    pub granted: Points,
}

impl Award {
    /// Returns the kind of ledger entry.
    #[must_use]
    pub fn kind(&self) -> AwardKind {
        self.reason.kind()
    }

    /// Returns the last product, before rounding.
    #[must_use]
    pub fn exact(&self) -> Exact {
        self.steps.last().map_or(Exact::ZERO, |step| step.product)
    }
}
