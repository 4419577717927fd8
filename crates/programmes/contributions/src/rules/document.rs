//! The rules document that a project publishes. It contains the rules that differ from the defaults.

use std::collections::BTreeMap;

use kernel::Points;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Multiplier, labels};

/// A published version of a project's rules, which is never edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionedRules {
    /// The version number within the project, starting at 1.
    pub version: i32,
    pub document: RulesDocument,
}

/// All rules of a version, with defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesDocument {
    /// The points for a pull request that is ready for review.
    pub opened: Points,
    /// The points for a merged pull request, before factors.
    pub merged: Points,
    /// The bonus by size, ascending. Only the highest band reached counts.
    pub size_bonus: Vec<SizeBand>,
    /// The factor of the merge award by median rating.
    pub rating: Ratings,
    /// The factor when tests are changed together with code.
    pub tests: Multiplier,
    /// The factor when documentation is changed together with code.
    pub docs: Multiplier,
    /// The factor by type, which comes from a label or the title's conventional-commit prefix. Keys are
    /// normalized.
    #[serde(deserialize_with = "types_over_defaults")]
    pub types: BTreeMap<String, Multiplier>,
    /// The maximum points per contributor, repository and month.
    pub monthly_cap: Points,
    /// Diminishing returns within a month.
    pub diminishing: Diminishing,
    /// The limit on openings in 24 hours.
    pub frequency: Frequency,
    /// The signs of spam and the penalty.
    pub spam: Spam,
    /// The signs of low value and the deduction.
    pub low_value: LowValueRule,
    /// The authors and merges that earn no points.
    pub exclude: Exclude,
    /// The minimum age of the author's GitHub account. Younger accounts earn no points; 0 means no
    /// minimum.
    pub minimum_account_age_days: u32,
    /// The number of days that points are pending.
    pub maturing_days: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeBand {
    /// The number of lines that reaches the band.
    pub lines: i64,
    pub points: Points,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ratings {
    /// The factor of rating 1.
    #[serde(rename = "1")]
    pub one: Multiplier,
    /// The factor of rating 2.
    #[serde(rename = "2")]
    pub two: Multiplier,
    /// The factor of rating 3.
    #[serde(rename = "3")]
    pub three: Multiplier,
    /// The factor of rating 4.
    #[serde(rename = "4")]
    pub four: Multiplier,
    /// The factor of rating 5.
    #[serde(rename = "5")]
    pub five: Multiplier,
}

/// Diminishing returns: after `after` merges in a month, each merge is worth `factor` of the one before,
/// but at least `floor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Diminishing {
    /// The number of merges that count in full.
    pub after: u32,
    /// The factor between one merge and the next.
    pub factor: Multiplier,
    /// The minimum factor.
    pub floor: Multiplier,
}

/// The limit on openings in a repository in 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Frequency {
    /// The number of openings beyond which pull requests earn no points and are flagged.
    pub openings: u32,
}

/// The signs of spam and the penalty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spam {
    pub penalty: Points,
    /// The labels that mark spam, normalized.
    #[serde(deserialize_with = "normalized")]
    pub labels: Vec<String>,
}

/// The signs of low value and the deduction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LowValueRule {
    /// The points deducted from the merge award, which does not go below 0.
    pub deduction: Points,
    /// The number of lines below which a word in the title counts.
    pub below_lines: i64,
    /// The words that mark low value in a title: lower case, without spaces or hyphens.
    #[serde(deserialize_with = "joined")]
    pub words: Vec<String>,
    /// Counts small patches of only white space or one word of prose. Off unless a version states it.
    pub patches: bool,
}

/// The pull requests that earn no points, in addition to drafts and those of banned people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exclude {
    /// Excludes pull requests by bots.
    pub bots: bool,
    /// Excludes pull requests to the author's own repository.
    pub own_repositories: bool,
    /// Excludes pull requests that the author merged without a review by another person.
    pub self_merges: bool,
    /// Counts the person who enabled auto-merge, or added it to the merge queue, as the one who merged it. Off unless a
    /// version states it.
    pub self_requested_merges: bool,
    /// The logins of accounts whose reviews do not count, in lower case.
    #[serde(deserialize_with = "logins")]
    pub bot_reviewers: Vec<String>,
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
    /// Returns the factor of a rating; 1 for an invalid rating.
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
        Self { after: 5, factor: Multiplier::hundredths(80), floor: Multiplier::hundredths(20) }
    }
}

impl Default for Frequency {
    fn default() -> Self {
        Self { openings: 10 }
    }
}

impl Default for Spam {
    fn default() -> Self {
        Self { penalty: 20, labels: ["spam", "invalid"].map(str::to_owned).to_vec() }
    }
}

impl Default for LowValueRule {
    fn default() -> Self {
        Self {
            deduction: 15,
            below_lines: 20,
            words: ["typo", "typos", "whitespace", "formatting"].map(str::to_owned).to_vec(),
            patches: false,
        }
    }
}

impl Default for Exclude {
    fn default() -> Self {
        Self {
            bots: true,
            own_repositories: true,
            self_merges: true,
            self_requested_merges: false,
            bot_reviewers: Vec::new(),
        }
    }
}

fn default_types() -> BTreeMap<String, Multiplier> {
    ["feature", "fix", "docs", "test", "refactor", "chore"]
        .map(|name| (name.to_owned(), Multiplier::hundredths(100)))
        .into()
}

/// Adds a document's types to the default types.
fn types_over_defaults<'de, D>(deserializer: D) -> Result<BTreeMap<String, Multiplier>, D::Error>
where
    D: Deserializer<'de>,
{
    let given = BTreeMap::<String, Multiplier>::deserialize(deserializer)?;
    let mut types = default_types();
    types.extend(given.into_iter().map(|(name, factor)| (labels::type_key(&name), factor)));
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

fn logins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let given = Vec::<String>::deserialize(deserializer)?;
    let login = |name: &String| name.trim().trim_start_matches('@').to_ascii_lowercase();
    Ok(given.iter().map(login).collect())
}

impl RulesDocument {
    /// Returns the rules of a new version that changes nothing: the defaults, with the rules that versions have to
    /// state.
    #[must_use]
    pub fn newest() -> Self {
        let mut newest = Self::default();
        newest.low_value.patches = true;
        newest.exclude.self_requested_merges = true;
        newest
    }
}
