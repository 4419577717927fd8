use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::WorkKind;

platform::codes! {
    /// The experience that a person states.
    #[derive(Hash, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    Level {
        /// New to contributing.
        Beginner = "beginner";
        /// Some merged pull requests.
        Intermediate = "intermediate";
        /// Years of them.
        Advanced = "advanced";
    }
}

/// A person, as far as issues are matched with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// Skills with the number of merged pull requests that show them; 0 for those only stated.
    pub skills: BTreeMap<String, i64>,
    /// Languages with the number of merged pull requests; 0 for those only stated.
    pub languages: BTreeMap<String, i64>,
    /// The number of merged pull requests.
    pub merged: i64,
    /// The number of merged pull requests by repository.
    pub merged_in: BTreeMap<Uuid, i64>,
    /// The difficulties of the newest merged issues, newest first.
    pub recent_complexities: Vec<f64>,
    /// Topics that they follow.
    pub interests: Vec<String>,
    /// Topics that they exclude.
    pub excluded: Vec<String>,
    /// Types of work that they want; all if empty.
    pub types: Vec<WorkKind>,
    /// The experience that they state.
    pub level: Option<Level>,
    /// The highest difficulty; 7 if absent.
    pub max_complexity: Option<f64>,
    /// The lowest impact; 5 if absent.
    pub min_impact: Option<f64>,
    /// The hours a week that they have.
    pub hours_a_week: Option<f64>,
    /// The issues that they dismissed, newest first.
    pub dismissed: Vec<Dismissal>,
}

platform::codes! {
    /// Why a person dismissed an issue.
    #[derive(Hash, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    DismissalReason {
        /// They don't know the language or a skill.
        UnknownSkill = "unknown_skill";
        TooHard = "too_hard";
        /// It takes too long.
        TooLong = "too_long";
        /// The repository is too quiet.
        QuietRepository = "quiet_repository";
        /// Another reason.
        Other = "other";
    }
}

/// A dismissed issue, as far as it makes similar ones less likely.
#[derive(Clone, Debug, PartialEq)]
pub struct Dismissal {
    /// Why it was dismissed.
    pub reason: DismissalReason,
    pub at: Timestamp,
    pub repository: Uuid,
    pub kind: WorkKind,
    pub language: Option<String>,
    pub skills: Vec<String>,
    pub complexity: f64,
    /// The most hours that it takes.
    pub hours: f64,
}

/// An issue, as far as it is matched with people and compared with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Opportunity {
    pub repository: Uuid,
    /// The name of the repository, without its owner.
    pub repository_name: String,
    pub kind: WorkKind,
    /// The skills that it needs, most certain first.
    pub skills: Vec<String>,
    /// The language in which the work is done.
    pub language: Option<String>,
    pub topics: Vec<String>,
    pub labels: Vec<String>,
    /// The difficulty, 0 to 10.
    pub complexity: f64,
    /// The impact, 0 to 10.
    pub impact: f64,
    /// How sure it is that it can be solved, and will be merged, 0 to 1.
    pub confidence: f64,
    /// The estimated hours, from and to.
    pub hours: (f64, f64),
    /// True when a label says that it suits a first contribution.
    pub is_good_first: bool,
    /// The health of the repository, 0 to 100.
    pub health: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchPart {
    /// The skills that the issue needs.
    Skill,
    Language,
    Interest,
    Difficulty,
    /// The time that it takes.
    Availability,
    /// The repository.
    Experience,
}

impl MatchPart {
    /// All parts, in the order of tables.
    pub const ALL: [Self; 6] = [
        Self::Skill,
        Self::Language,
        Self::Interest,
        Self::Difficulty,
        Self::Availability,
        Self::Experience,
    ];

    /// Returns the weight; all weights add up to 1.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::Skill => 0.25,
            Self::Language => 0.2,
            Self::Interest | Self::Difficulty | Self::Availability => 0.15,
            Self::Experience => 0.1,
        }
    }

    /// Returns the name that tables show.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Skill => "Skill",
            Self::Language => "Language",
            Self::Interest => "Interest",
            Self::Difficulty => "Difficulty",
            Self::Availability => "Time",
            Self::Experience => "Experience",
        }
    }
}

/// A part of a match with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartOfMatch {
    pub part: MatchPart,
    /// Its value, 0 to 1; 0.5 if unknown.
    pub value: f64,
    pub weight: f64,
    /// False when it is unknown.
    pub is_known: bool,
    /// The evidence in words.
    pub evidence: String,
    /// The evidence as a sentence of its own, without the numbers of the match.
    #[serde(skip)]
    pub says: String,
}

/// How well an issue fits a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// The fit, 0 to 1.
    pub total: f64,
    /// The six parts.
    pub parts: [PartOfMatch; 6],
    /// The value that dismissed issues take away; 0 or more.
    pub lowered: f64,
    /// Why it is lowered, in words.
    pub lowered_because: Option<String>,
}

impl Match {
    /// Returns the fit in percent. It is rounded down, so that only a perfect fit has 100.
    #[must_use]
    pub fn percent(&self) -> String {
        format!("{:.0} %", (self.total * 100.0 + 1e-9).floor())
    }

    /// Returns up to `most` reasons in words: the known parts of at least 0.6 that add the most, and then why it is lowered.
    #[must_use]
    pub fn reasons(&self, most: usize) -> Vec<&str> {
        let words = self.good().into_iter().map(|part| part.evidence.as_str());
        let words = words.chain(self.lowered_because.as_deref());
        words.take(most).collect()
    }

    /// Returns the strongest reason as a sentence; `None` if nothing that is known speaks for it.
    #[must_use]
    pub fn says(&self) -> Option<&str> {
        self.good().first().map(|part| part.says.as_str())
    }

    /// Returns the known parts of at least 0.6, those that add the most first.
    fn good(&self) -> Vec<&PartOfMatch> {
        let mut good: Vec<&PartOfMatch> =
            self.parts.iter().filter(|part| part.is_known && part.value >= 0.6).collect();
        good.sort_by(|a, b| (b.value * b.weight).total_cmp(&(a.value * a.weight)));
        good
    }

    /// Returns which parts are unknown, in words. `None` if all are known.
    #[must_use]
    pub fn unknown(&self) -> Option<String> {
        let unknown = self.parts.iter().filter(|part| !part.is_known);
        let unknown: Vec<String> = unknown.map(|part| part.part.title().to_lowercase()).collect();
        match unknown.as_slice() {
            [] => None,
            [one] => Some(format!("Unknown: {one}. It counts half")),
            all => Some(format!("Unknown: {}. They count half", all.join(", "))),
        }
    }
}
