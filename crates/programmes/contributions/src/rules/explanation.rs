//! Why a pull request earns what it earns, stored as factors so that anyone can add it up again.
//!
//! An award is the product of its steps, rounded once, less a deduction for low value, cut by what
//! the month's cap leaves. Factors that change nothing stay in. Prose is rendered from this when
//! someone reads it. It is stored with every award, so what is absent is left out.

use kernel::{Month, Points, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Exact, Part};

/// Reason of an entry in the ledger. Its code is half of the entry's identity.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The pull request is ready for review.
    PrOpened,
    /// It was merged.
    PrMerged,
    /// It was large.
    SizeBonus,
    /// It was spam.
    Spam,
}

impl Reason {
    /// Every reason, in the order in which a pull request earns.
    pub const ALL: [Self; 4] = [Self::PrOpened, Self::PrMerged, Self::SizeBonus, Self::Spam];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PrOpened => "pr_opened",
            Self::PrMerged => "pr_merged",
            Self::SizeBonus => "size_bonus",
            Self::Spam => "spam",
        }
    }

    /// The reason with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The word for it on pages.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PrOpened => "opened",
            Self::PrMerged => "merged",
            Self::SizeBonus => "size",
            Self::Spam => "spam",
        }
    }

    /// The kind of entry it makes.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::PrOpened | Self::PrMerged => Kind::Award,
            Self::SizeBonus => Kind::Bonus,
            Self::Spam => Kind::Penalty,
        }
    }
}

/// Kind of entry that an entitlement becomes in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// Points for work.
    Award,
    /// Points on top.
    Bonus,
    /// Points taken.
    Penalty,
}

/// Why one part of a pull request earns what it earns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// Which part.
    pub part: Part,
    /// The part's GitHub instant.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The month it counts in.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// The versions of the rules that were asked.
    pub rules: RulesUsed,
    /// Unknown facts and what was done about them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stand_ins: Vec<StandIn>,
    /// Why it scores nothing at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Exclusion>,
    /// Facts that a moderator may want to look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<PullRequestFlag>,
    /// The arithmetic; none when excluded.
    pub awards: Vec<Award>,
}

/// Versions of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesUsed {
    /// In force when the pull request was opened: its values.
    pub pull: i32,
    /// In force at the month's first instant: cap and diminishing returns.
    pub month: i32,
    /// In force at the first instant of the month of its opening: frequency.
    pub frequency: i32,
}

/// Substitute for a fact that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandIn {
    /// Webhooks don't list files: GitHub's line totals are used, and test and docs multipliers don't apply.
    TotalsForFiles,
    /// Not even the totals are known: no size bonus, and its title alone is not held against it.
    NothingForSize,
    /// The account's age is not known: it is taken to be old enough.
    OldEnough,
}

/// Why a pull request scores nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Exclusion {
    /// The author is a bot.
    Bot,
    /// The author was banned when opening it.
    BannedAtOpening,
    /// The author owns the repository.
    OwnRepository,
    /// The author's account was too young.
    AccountTooYoung {
        /// Whole days from the account's making to the opening.
        days: i64,
        /// Days that the rules ask for.
        minimum: u32,
    },
    /// The author merged it without another's review.
    SelfMerged,
    /// It is a draft.
    Draft,
}

/// A fact that a moderator may want to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PullRequestFlag {
    /// More openings in 24 hours than are believed.
    Frequency {
        /// Openings in the 24 hours that end with this one.
        openings: u32,
        /// How many are believed.
        limit: u32,
    },
}

/// The arithmetic of one entitlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Award {
    /// Its reason.
    pub reason: Reason,
    /// Base and factors, with the product so far.
    pub steps: Vec<Step>,
    /// The product, rounded half up once.
    #[schema(value_type = i64)]
    pub rounded: Points,
    /// Points that low value takes off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_value: Option<LowValue>,
    /// Points that the cap leaves; none for penalties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
    /// The result.
    #[schema(value_type = i64)]
    pub points: Points,
}

/// A base or a factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Step {
    /// The fact behind it.
    pub evidence: Evidence,
    /// Factor of the product so far; the base multiplies 1.
    #[schema(value_type = String, example = "1.2")]
    pub factor: Exact,
    /// The product so far.
    #[schema(value_type = String, example = "1.2")]
    pub product: Exact,
}

/// The fact behind a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Evidence {
    /// The points for opening.
    Opened,
    /// The points for merging.
    Merged,
    /// The points of the highest band reached.
    Size {
        /// Lines that count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<i64>,
        /// The lines at which the band begins; none when no band is reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        band: Option<i64>,
    },
    /// The points taken for spam.
    Penalty {
        /// The sign of spam.
        by: SpamSign,
    },
    /// Maintainers' ratings.
    Rating {
        /// The median, the lower one of an even number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        median: Option<u8>,
    },
    /// Tests as well as code; none while the files are unknown.
    Tests {
        /// True when they are touched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        touched: Option<bool>,
    },
    /// Documentation as well as code; none while the files are unknown.
    Docs {
        /// True when it is touched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        touched: Option<bool>,
    },
    /// The type of the change.
    Type {
        /// Its name in the rules; none when nothing tells.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The source of the type.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<TypeSource>,
    },
    /// The place among the month's scored merges.
    Diminishing {
        /// Counted from 1.
        place: u32,
        /// Merges that count in full.
        full: u32,
    },
    /// It is spam: void.
    Spam {
        /// The sign of spam.
        by: SpamSign,
    },
    /// Too many openings in 24 hours: void.
    Frequency {
        /// Openings in the 24 hours that end with this one.
        openings: u32,
        /// How many are believed.
        limit: u32,
    },
}

/// Source of the type of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeSource {
    /// A label.
    Label,
    /// The title's conventional-commit prefix.
    Title,
}

/// Sign that a pull request is spam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpamSign {
    /// A maintainer's mark.
    Mark,
    /// This label, normalized.
    Label(String),
}

/// Points that low value takes off a merge award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LowValue {
    /// The sign of low value.
    pub by: LowValueSign,
    /// Points that the rules take off, not below 0.
    #[schema(value_type = i64)]
    pub deduction: Points,
    /// Points left after it.
    #[schema(value_type = i64)]
    pub left: Points,
}

/// Sign that a pull request is of low value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LowValueSign {
    /// A maintainer's mark.
    Mark,
    /// A telling title on a small change.
    Title {
        /// The word.
        word: String,
        /// Lines that count.
        lines: i64,
    },
}

/// Points that the month's cap leaves of an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cap {
    /// The cap.
    #[schema(value_type = i64)]
    pub limit: Points,
    /// Points that the award asks for.
    #[schema(value_type = i64)]
    pub asked: Points,
    /// Points that were left of the month's allowance.
    #[schema(value_type = i64)]
    pub left: Points,
    /// Points granted: the smaller of the two.
    #[schema(value_type = i64)]
    pub granted: Points,
}

impl Award {
    /// The kind of entry it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.reason.kind()
    }

    /// The last product, before rounding.
    #[must_use]
    pub fn exact(&self) -> Exact {
        self.steps.last().map_or(Exact::ZERO, |step| step.product)
    }
}
