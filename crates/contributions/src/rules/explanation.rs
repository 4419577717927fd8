//! Why a pull request earns what it earns, stored as factors so that anyone can add it up again.
//!
//! An award is the product of its steps, rounded once, less a deduction for low value, cut by what
//! the month's cap leaves. Factors that change nothing stay in. Prose is rendered from this when
//! someone reads it.

use kernel::{Month, Points, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Exact, Part};

/// What an entry of the ledger is for. Its code is half of the entry's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

    /// What kind of entry it makes.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::PrOpened | Self::PrMerged => Kind::Award,
            Self::SizeBonus => Kind::Bonus,
            Self::Spam => Kind::Penalty,
        }
    }
}

/// What kind of entry an entitlement becomes in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Which part.
    pub part: Part,
    /// The part's GitHub instant.
    pub at: Timestamp,
    /// The month it counts in.
    pub month: Month,
    /// The versions of the rules that were asked.
    pub rules: RulesUsed,
    /// Unknown facts and what was done about them.
    pub stand_ins: Vec<StandIn>,
    /// Why it scores nothing at all.
    pub excluded: Option<Exclusion>,
    /// What a moderator may want to look at.
    pub flags: Vec<Flag>,
    /// The arithmetic; none when excluded.
    pub awards: Vec<Award>,
}

/// Versions of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesUsed {
    /// In force when the pull request was opened: its values.
    pub pull: i32,
    /// In force at the month's first instant: cap and diminishing returns.
    pub month: i32,
    /// In force at the first instant of the month of its opening: frequency.
    pub frequency: i32,
}

/// What stands in for a fact that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandIn {
    /// The list of files is not fetched: GitHub's totals stand in, tests and docs bring no factor.
    TotalsForFiles,
    /// Not even the totals are known: no size bonus, and its title alone is not held against it.
    NothingForSize,
    /// The account's age is not known: it is taken to be old enough.
    OldEnough,
}

/// Why a pull request scores nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        /// What the rules ask for.
        minimum: u32,
    },
    /// The author merged it without another's review.
    SelfMerged,
    /// It is a draft.
    Draft,
}

/// What a moderator may want to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Flag {
    /// More openings in 24 hours than are believed.
    Frequency {
        /// Openings in the 24 hours that end with this one.
        openings: u32,
        /// How many are believed.
        limit: u32,
    },
}

/// The arithmetic of one entitlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    /// What for.
    pub reason: Reason,
    /// Base and factors, with the product so far.
    pub steps: Vec<Step>,
    /// The product, rounded half up once.
    pub rounded: Points,
    /// What low value takes off.
    pub low_value: Option<LowValue>,
    /// What the cap leaves; none for penalties.
    pub cap: Option<Cap>,
    /// The result.
    pub points: Points,
}

/// A base or a factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it rests on.
    pub evidence: Evidence,
    /// What the product so far is multiplied by; the base multiplies 1.
    pub factor: Exact,
    /// The product so far.
    pub product: Exact,
}

/// What a step rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Evidence {
    /// The points for opening.
    Opened,
    /// The points for merging.
    Merged,
    /// The points of the highest band reached.
    Size {
        /// Lines that count.
        lines: Option<i64>,
        /// Where the band begins; none when no band is reached.
        band: Option<i64>,
    },
    /// The points taken for spam.
    Penalty {
        /// What says that it is spam.
        by: SpamSign,
    },
    /// Maintainers' ratings.
    Rating {
        /// The median, the lower one of an even number.
        median: Option<u8>,
    },
    /// Tests as well as code; none while the files are unknown.
    Tests {
        /// Whether they are touched.
        touched: Option<bool>,
    },
    /// Documentation as well as code; none while the files are unknown.
    Docs {
        /// Whether it is touched.
        touched: Option<bool>,
    },
    /// The type of the change.
    Type {
        /// Its name in the rules; none when nothing tells.
        name: Option<String>,
        /// What tells.
        from: Option<TypeSource>,
    },
    /// The place among the month's scored merges.
    Diminishing {
        /// Counted from 1.
        place: u32,
        /// So many count in full.
        full: u32,
    },
    /// It is spam: void.
    Spam {
        /// What says so.
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

/// What tells the type of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TypeSource {
    /// A label.
    Label,
    /// The title's conventional-commit prefix.
    Title,
}

/// What says that a pull request is spam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpamSign {
    /// A maintainer's mark.
    Mark,
    /// This label, normalized.
    Label(String),
}

/// What low value takes off a merge award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LowValue {
    /// What says so.
    pub by: LowValueSign,
    /// What the rules take off, not below 0.
    pub deduction: Points,
    /// What is left.
    pub left: Points,
}

/// What says that a pull request is of low value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// What the month's cap leaves of an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// The cap.
    pub limit: Points,
    /// What the award asks for.
    pub asked: Points,
    /// What was left of the month's allowance.
    pub left: Points,
    /// What is granted: the smaller of the two.
    pub granted: Points,
}

impl Explanation {
    /// The points recomputed from the stored factors alone; stored sums are not trusted.
    /// What cannot be computed counts 0, and [`Self::check`] says why.
    #[must_use]
    pub fn readd(&self) -> Vec<(Reason, Points)> {
        let readd = |award: &Award| award.readd().map_or(0, |sum| sum.points);
        self.awards
            .iter()
            .map(|award| (award.reason, readd(award)))
            .collect()
    }

    /// Compares every stored sum with what the factors give.
    ///
    /// # Errors
    /// A sentence about the first sum that differs.
    pub fn check(&self) -> Result<(), String> {
        if self.excluded.is_some() && !self.awards.is_empty() {
            return Err("it is excluded, yet has awards".to_owned());
        }
        self.awards.iter().try_for_each(Award::check)
    }
}

/// The sums of an award as its factors give them.
struct Readded {
    rounded: Points,
    asked: Points,
    points: Points,
}

impl Award {
    /// What kind of entry it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.reason.kind()
    }

    /// The last product, before rounding.
    #[must_use]
    pub fn exact(&self) -> Exact {
        self.steps.last().map_or(Exact::ZERO, |step| step.product)
    }

    fn readd(&self) -> Option<Readded> {
        let product = self
            .steps
            .iter()
            .try_fold(Exact::ONE, |product, step| product.times(step.factor))?;
        let rounded = product.rounded()?;
        let asked = match &self.low_value {
            Some(low) => rounded.checked_sub(low.deduction)?.max(0),
            None => rounded,
        };
        let points = self.cap.map_or(asked, |cap| asked.min(cap.left));
        Some(Readded {
            rounded,
            asked,
            points,
        })
    }

    fn check(&self) -> Result<(), String> {
        let code = self.reason.code();
        let mut product = Exact::ONE;
        for step in &self.steps {
            let next = product.times(step.factor);
            product = next.ok_or_else(|| format!("{code}: a product is too large"))?;
            same(code, "a running product", &step.product, &product)?;
        }
        let sum = self
            .readd()
            .ok_or_else(|| format!("{code}: the product is too large"))?;
        same(code, "the rounded product", &self.rounded, &sum.rounded)?;
        if let Some(low) = &self.low_value {
            same(code, "what low value leaves", &low.left, &sum.asked)?;
        }
        if let Some(cap) = &self.cap {
            same(code, "what the cap is asked", &cap.asked, &sum.asked)?;
            same(code, "what the cap grants", &cap.granted, &sum.points)?;
        }
        same(code, "the result", &self.points, &sum.points)
    }
}

fn same<T: PartialEq + std::fmt::Display>(
    code: &str,
    what: &str,
    stored: &T,
    right: &T,
) -> Result<(), String> {
    if stored == right {
        return Ok(());
    }
    Err(format!(
        "{code}: {what} is stored as {stored}, the factors give {right}"
    ))
}
