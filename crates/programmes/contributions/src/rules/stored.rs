//! The stored form of explanations: arrays, with the code and the factor of each step.
//!
//! An explanation is stored with each contribution and each ledger entry, so it takes less than half of the space of the
//! form that the API returns. Products are left out, because the factors give them. An explanation is
//! `[part, at, [pull, month, frequency], assumptions, excluded, flags, awards]`, and the decision that overrides the
//! points, if there is one; an award
//! `[reason, steps, rounded, low_value, cap, points]`, and a step `[evidence, factor]`.

use kernel::{Month, Points, Timestamp};
use serde::{Deserialize, Serialize, Serializer};

use super::{
    Assumption, AwardPart, EntryReason, Exact, Exclusion, Explanation, Overridden, PullRequestFlag,
    explanation::{
        Award, CalculationStep, Cap, Evidence, LowValue, RulesUsed, SpamSign, TypeSource,
    },
};

impl Explanation {
    /// Returns the stored form.
    #[must_use]
    pub fn stored(&self) -> String {
        self.write(|_| true)
    }

    /// Returns the stored form with only the awards of a reason.
    #[must_use]
    pub fn stored_of(&self, reason: EntryReason) -> String {
        self.write(|award| award.reason == reason)
    }

    fn write(&self, includes: impl Fn(&Award) -> bool) -> String {
        let awards = self.awards.iter().filter(|award| includes(award));
        let parts = (
            self.part,
            self.at,
            versions(self.rules),
            &self.assumptions,
            self.excluded,
            &self.flags,
            awards.map(WrittenAward).collect::<Vec<_>>(),
        );
        let stored = match self.overridden {
            None => serde_json::to_string(&parts),
            Some(overridden) => {
                let (a, b, c, d, e, f, g) = parts;
                serde_json::to_string(&(a, b, c, d, e, f, g, overridden))
            }
        };
        stored.unwrap_or_default()
    }

    /// Reads the stored form, or the form of earlier versions, which is the one that the API returns.
    ///
    /// # Errors
    /// When the text has neither form.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        if text.starts_with('{') {
            return serde_json::from_str(text);
        }
        serde_json::from_str(text).map(
            |StoredExplanation(
                part,
                at,
                rules,
                assumptions,
                excluded,
                flags,
                awards,
                overridden,
            )| Self {
                part,
                at,
                month: Month::of(at),
                rules: rules_used(rules),
                assumptions,
                excluded,
                overridden,
                flags,
                awards: awards.into_iter().map(Award::from).collect(),
            },
        )
    }
}

/// The versions of the rules for the pull request, the month and the frequency.
type Versions = (i32, i32, i32);

fn versions(rules: RulesUsed) -> Versions {
    (rules.pull, rules.month, rules.frequency)
}

fn rules_used((pull, month, frequency): Versions) -> RulesUsed {
    RulesUsed { pull, month, frequency }
}

#[derive(Deserialize)]
struct StoredExplanation(
    AwardPart,
    Timestamp,
    Versions,
    Vec<Assumption>,
    Option<Exclusion>,
    Vec<PullRequestFlag>,
    Vec<StoredAward>,
    #[serde(default)] Option<Overridden>,
);

/// An award to write, which takes no copy.
struct WrittenAward<'a>(&'a Award);

impl Serialize for WrittenAward<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Award { reason, steps, rounded, low_value, cap, points } = self.0;
        let steps: Vec<_> =
            steps.iter().map(|step| (WrittenEvidence(&step.evidence), step.factor)).collect();
        let cap = cap.map(|cap| (cap.limit, cap.uncapped, cap.remaining, cap.granted));
        (reason, steps, rounded, low_value, cap, points).serialize(serializer)
    }
}

#[derive(Deserialize)]
struct StoredAward(
    EntryReason,
    Vec<(StoredEvidence, Exact)>,
    Points,
    Option<LowValue>,
    Option<(Points, Points, Points, Points)>,
    Points,
);

impl From<StoredAward> for Award {
    fn from(StoredAward(reason, stored, rounded, low_value, cap, points): StoredAward) -> Self {
        let mut product = Exact::ONE;
        let steps = stored.into_iter().map(|(StoredEvidence(evidence), factor)| {
            // An overflow counts as 0 here, as when points are calculated.
            product = product.times(factor).unwrap_or(Exact::ZERO);
            CalculationStep { evidence, factor, product }
        });
        Self {
            reason,
            steps: steps.collect(),
            rounded,
            low_value,
            cap: cap.map(|(limit, uncapped, remaining, granted)| Cap {
                limit,
                uncapped,
                remaining,
                granted,
            }),
            points,
        }
    }
}

struct WrittenEvidence<'a>(&'a Evidence);

impl Serialize for WrittenEvidence<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ByName::serialize(self.0, serializer)
    }
}

#[derive(Deserialize)]
struct StoredEvidence(#[serde(with = "ByName")] Evidence);

/// The forms of [`Evidence`] with the code as a name instead of a field.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Evidence", rename_all = "snake_case")]
enum ByName {
    Opened,
    Merged,
    Size {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lines: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        band: Option<i64>,
    },
    Decision,
    Penalty {
        by: SpamSign,
    },
    Rating {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        median: Option<u8>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
    },
    Tests {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        touched: Option<bool>,
    },
    Docs {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        touched: Option<bool>,
    },
    Type {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<TypeSource>,
    },
    Diminishing {
        place: u32,
        full: u32,
    },
    Spam {
        by: SpamSign,
    },
    Frequency {
        openings: u32,
        limit: u32,
    },
}
