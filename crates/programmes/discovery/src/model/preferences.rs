use serde::{Deserialize, Serialize};

use super::{Level, WorkKind};

/// The most terms of a list of a person's preferences.
pub(crate) const MOST_TERMS: usize = 30;

/// The most characters of a term.
pub(crate) const LONGEST_TERM: usize = 50;

platform::codes! {
    /// How often a person gets the digest of issues that fit them.
    #[derive(Default, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    Frequency {
        Never = "never";
        /// Every day.
        Daily = "daily";
        /// Once a week.
        #[default]
        Weekly = "weekly";
    }
}

/// The preferences of a person about issues. Their time zone, their quiet hours and the channels are those of their
/// notification settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    /// Skills, as the dictionary spells them.
    pub skills: Vec<String>,
    /// Languages, as GitHub spells them.
    pub languages: Vec<String>,
    /// Topics that they follow.
    pub interests: Vec<String>,
    /// Topics that they exclude.
    pub excluded: Vec<String>,
    /// Types of work that they want; all if empty.
    pub types: Vec<WorkKind>,
    /// The experience that they state.
    pub level: Option<Level>,
    /// The highest difficulty, 0 to 10.
    pub max_complexity: f64,
    /// The lowest impact, 0 to 10.
    pub min_impact: f64,
    /// The hours a week that they have.
    pub hours_a_week: Option<f64>,
    /// How often they get the digest. Without stored preferences, they get none.
    pub digest: Frequency,
    /// The minute of their day at which the digest is sent.
    pub digest_minute: u32,
    /// The day on which a weekly digest is sent, from Monday (0) to Sunday (6).
    pub digest_weekday: u32,
    /// The worth of an issue that fits them, as a tenth of it (0 to 1), from which they are notified at once; above 1, never.
    pub instant_threshold: f64,
    /// The most notices of new issues a day.
    pub most_a_day: i64,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            skills: Vec::new(),
            languages: Vec::new(),
            interests: Vec::new(),
            excluded: Vec::new(),
            types: Vec::new(),
            level: None,
            max_complexity: 7.0,
            min_impact: 5.0,
            hours_a_week: None,
            digest: Frequency::default(),
            digest_minute: 9 * 60,
            digest_weekday: 0,
            instant_threshold: 0.9,
            most_a_day: 10,
        }
    }
}

platform::codes! {
    /// A kind of statement of a person about an issue.
    #[derive(Hash)]
    FeedbackKind {
        /// They want to find it again.
        Saved = "saved";
        /// They do not want to see it again.
        Dismissed = "dismissed";
        /// They began to work on it, with a claim or without.
        Started = "started";
        /// It was worth proposing.
        Helpful = "helpful";
    }
}

/// A merged pull request of a person, as far as they are learned from.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedWork {
    pub repository: uuid::Uuid,
    pub title: String,
    pub labels: Vec<String>,
    pub topics: Vec<String>,
    /// The language of the issue that it closed, or the main one of the repository.
    pub language: Option<String>,
    /// The skills and the difficulty of the issue that it closed.
    pub closed: Option<(Vec<String>, f64)>,
}
