use serde::{Deserialize, Serialize};

use super::{Reason, WorkKind};

/// The worth of an issue, with the reasons for each number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub kind: WorkKind,
    /// The difficulty, 0 to 10.
    pub complexity: f64,
    /// The use of solving it, 0 to 10.
    pub impact: f64,
    /// How sure it is that it can be solved, and will be merged, 0 to 1.
    pub confidence: f64,
    /// How soon it is needed, 0 to 10.
    pub urgency: f64,
    /// The worth, 0 to 10: 0.3 · impact + 0.2 · (10 − complexity) + 0.25 · 10 · confidence + 0.25 · urgency.
    pub overall: f64,
    /// The estimated hours, from and to.
    pub hours: (f64, f64),
    /// The skills that it needs, most certain first, at most 8.
    pub skills: Vec<String>,
    /// The language in which the work is done.
    pub language: Option<String>,
    /// True when a label says that it suits a first contribution.
    pub is_good_first: bool,
    /// True when a label says that help is wanted.
    pub is_help_wanted: bool,
    /// The contributions to all numbers.
    pub reasons: Vec<Reason>,
}
