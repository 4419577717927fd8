//! The rules document: what a project publishes. A document holds what differs; the rest is default.

use std::collections::BTreeMap;

use kernel::Points;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Multiplier, labels};

/// A published version of a project's rules. Never edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionedRules {
    /// Counts up from 1 within a project.
    pub version: i32,
    /// The rules themselves.
    pub document: RulesDocument,
}

/// All rules of a version, defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesDocument {
    /// Points for a pull request that is ready for review.
    pub opened: Points,
    /// Points for a merged pull request, before factors.
    pub merged: Points,
    /// Bonus by size, ascending; the highest band reached counts alone.
    pub size_bonus: Vec<SizeBand>,
    /// Factor on the merge award by median rating.
    pub rating: Ratings,
    /// Factor when tests are changed together with code.
    pub tests: Multiplier,
    /// Factor when documentation is changed together with code.
    pub docs: Multiplier,
    /// Factor by type: a label, or the title's conventional-commit prefix. Keys are normalized.
    #[serde(deserialize_with = "types_over_defaults")]
    pub types: BTreeMap<String, Multiplier>,
    /// Most points per contributor, repository and month.
    pub monthly_cap: Points,
    /// Diminishing returns within a month.
    pub diminishing: Diminishing,
    /// How many openings in 24 hours are believed.
    pub frequency: Frequency,
    /// Signs and cost of spam.
    pub spam: Spam,
    /// Signs and cost of an effortless change.
    pub low_value: LowValueRule,
    /// Authors and merges that score nothing.
    pub exclude: Exclude,
    /// Younger GitHub accounts score nothing; 0 asks for no age.
    pub minimum_account_age_days: u32,
    /// For how long points are pending.
    pub maturing_days: u32,
}

/// A band of the size bonus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeBand {
    /// Reached with this many lines.
    pub lines: i64,
    /// The bonus.
    pub points: Points,
}

/// A factor for each rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ratings {
    /// Rated 1.
    #[serde(rename = "1")]
    pub one: Multiplier,
    /// Rated 2.
    #[serde(rename = "2")]
    pub two: Multiplier,
    /// Rated 3.
    #[serde(rename = "3")]
    pub three: Multiplier,
    /// Rated 4.
    #[serde(rename = "4")]
    pub four: Multiplier,
    /// Rated 5.
    #[serde(rename = "5")]
    pub five: Multiplier,
}

/// Diminishing returns: after `after` merges of a month, each merge is worth `factor` of the one before,
/// never under `floor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Diminishing {
    /// Merges that count in full.
    pub after: u32,
    /// Share that each next merge keeps of the one before.
    pub factor: Multiplier,
    /// The least it can come to.
    pub floor: Multiplier,
}

/// The limit on openings in 24 hours in one repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Frequency {
    /// Openings beyond this many score nothing and are flagged.
    pub openings: u32,
}

/// Signs of spam and its cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spam {
    /// Points taken.
    pub penalty: Points,
    /// Labels that say spam, normalized.
    #[serde(deserialize_with = "normalized")]
    pub labels: Vec<String>,
}

/// Signs of low value and its cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LowValueRule {
    /// Taken off the merge award, not below 0.
    pub deduction: Points,
    /// A telling title counts only under this number of lines.
    pub below_lines: i64,
    /// The words of a telling title: lower case, without spaces or hyphens.
    #[serde(deserialize_with = "joined")]
    pub words: Vec<String>,
}

/// Which pull requests score nothing. Drafts and those of banned people never score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exclude {
    /// Excludes pull requests by bots.
    pub bots: bool,
    /// Excludes pull requests to the author's own repository.
    pub own_repositories: bool,
    /// Excludes pull requests that the author merged without another's review.
    pub self_merges: bool,
}

impl Default for RulesDocument {
    fn default() -> Self {
        let band = |lines, points| SizeBand { lines, points };
        Self {
            opened: 10,
            merged: 50,
            size_bonus: vec![band(100, 20), band(500, 50), band(1000, 100)],
            rating: Ratings::default(),
            tests: Multiplier::hundredths(120),
            docs: Multiplier::hundredths(110),
            types: default_types(),
            monthly_cap: 1000,
            diminishing: Diminishing::default(),
            frequency: Frequency::default(),
            spam: Spam::default(),
            low_value: LowValueRule::default(),
            exclude: Exclude::default(),
            minimum_account_age_days: 0,
            maturing_days: 0,
        }
    }
}

impl Default for Ratings {
    fn default() -> Self {
        Self {
            one: Multiplier::hundredths(50),
            two: Multiplier::hundredths(80),
            three: Multiplier::hundredths(100),
            four: Multiplier::hundredths(120),
            five: Multiplier::hundredths(150),
        }
    }
}

impl Ratings {
    /// The factor of a rating; 1 for what is no rating.
    #[must_use]
    pub fn of(&self, rating: u8) -> Multiplier {
        match rating {
            1 => self.one,
            2 => self.two,
            3 => self.three,
            4 => self.four,
            5 => self.five,
            _ => Multiplier::hundredths(100),
        }
    }
}

impl Default for Diminishing {
    fn default() -> Self {
        Self {
            after: 5,
            factor: Multiplier::hundredths(80),
            floor: Multiplier::hundredths(20),
        }
    }
}

impl Default for Frequency {
    fn default() -> Self {
        Self { openings: 10 }
    }
}

impl Default for Spam {
    fn default() -> Self {
        Self {
            penalty: 20,
            labels: ["spam", "invalid"].map(str::to_owned).to_vec(),
        }
    }
}

impl Default for LowValueRule {
    fn default() -> Self {
        Self {
            deduction: 15,
            below_lines: 20,
            words: ["typo", "typos", "whitespace", "formatting"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

impl Default for Exclude {
    fn default() -> Self {
        Self {
            bots: true,
            own_repositories: true,
            self_merges: true,
        }
    }
}

fn default_types() -> BTreeMap<String, Multiplier> {
    ["feature", "fix", "docs", "test", "refactor", "chore"]
        .map(|name| (name.to_owned(), Multiplier::hundredths(100)))
        .into()
}

/// A document names the types that differ; the others keep their default.
fn types_over_defaults<'de, D>(deserializer: D) -> Result<BTreeMap<String, Multiplier>, D::Error>
where
    D: Deserializer<'de>,
{
    let given = BTreeMap::<String, Multiplier>::deserialize(deserializer)?;
    let mut types = default_types();
    types.extend(
        given
            .into_iter()
            .map(|(name, factor)| (labels::type_key(&name), factor)),
    );
    Ok(types)
}

fn normalized<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let given = Vec::<String>::deserialize(deserializer)?;
    Ok(given.iter().map(|label| labels::normalize(label)).collect())
}

fn joined<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let words = normalized(deserializer)?;
    Ok(words.iter().map(|word| word.replace('-', "")).collect())
}
