use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The fields that a model writes about an issue. Nothing else of its reply is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct ModelAnalysis {
    /// The issue in a few sentences.
    pub(crate) summary: String,
    /// The skills that it needs.
    pub(crate) required_skills: Vec<String>,
    /// The hours that it takes.
    pub(crate) estimated_hours: f64,
    /// Hints: places to look first.
    pub(crate) hints: Vec<String>,
    /// Difficulties.
    pub(crate) challenges: Vec<String>,
    /// The steps that lead to a solution.
    pub(crate) suggested_approach: String,
    /// How sure all of this is, and why.
    pub(crate) confidence_explanation: String,
}

/// An analysis as pages and the API show it: a model's, or this server's own numbers where the model has failed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShownAnalysis {
    pub(crate) model: String,
    pub(crate) written: ModelAnalysis,
    /// How far to trust it, 0 to 1: under 0.5 without an answer of the model.
    pub(crate) confidence: f64,
    /// Why the model has not answered; `None` if it has.
    pub(crate) failure: Option<String>,
    /// When the model answered, or was given up.
    pub(crate) at: Timestamp,
}

platform::codes! {
    /// The reason for a call to a model.
    Purpose {
        Analysis = "analysis";
        /// The vectors of issues.
        Embedding = "embedding";
        /// The vector of a search.
        Query = "query";
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tokens {
    pub(crate) read: u64,
    /// The tokens that it wrote.
    pub(crate) written: u64,
}
