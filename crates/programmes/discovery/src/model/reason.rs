use serde::{Deserialize, Serialize};

/// A number that reasons explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScorePart {
    Health,
    Activity,
    Community,
    Documentation,
    /// The difficulty of an issue.
    Complexity,
    /// The use of solving it.
    Impact,
    /// How sure it is that it can be solved, and will be merged.
    Confidence,
    /// How soon it is needed.
    Urgency,
    /// The least hours that it takes.
    HoursLeast,
    /// The most hours that it takes.
    HoursMost,
    Overall,
}

/// A contribution to a number. The contributions to a part add up to its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The number that it contributes to.
    pub part: ScorePart,
    /// The value that it adds, or takes away.
    pub value: f64,
    pub words: String,
}

/// The smallest step of a contribution. Multiples of a power of two add up without rounding.
const STEP: f64 = 1.0 / 64.0;

/// A number while its contributions are collected.
pub(crate) struct ScoreSum {
    part: ScorePart,
    total: f64,
    reasons: Vec<Reason>,
}

impl ScoreSum {
    /// Begins with the value of a usual item.
    pub(crate) fn new(part: ScorePart, value: f64, words: &str) -> Self {
        let mut sum = Self { part, total: 0.0, reasons: Vec::with_capacity(12) };
        sum.add(value, words);
        sum
    }

    /// Adds a contribution, rounded to a 64th. Nothing is added for zero.
    pub(crate) fn add(&mut self, value: f64, words: impl Into<String>) {
        let value = (value / STEP).round() * STEP;
        if value != 0.0 && value.is_finite() {
            self.total += value;
            self.reasons.push(Reason { part: self.part, value, words: words.into() });
        }
    }

    /// Adds a contribution if a condition holds.
    pub(crate) fn add_if(&mut self, condition: bool, value: f64, words: &str) {
        if condition {
            self.add(value, words);
        }
    }

    /// Ends the sum within two limits, adds its reasons to the others, and returns it.
    pub(crate) fn within(mut self, low: f64, high: f64, reasons: &mut Vec<Reason>) -> f64 {
        let limit = self.total.clamp(low, high);
        let words = if self.total > high {
            format!("{high} is the most")
        } else {
            format!("{low} is the least")
        };
        self.add(limit - self.total, words);
        reasons.append(&mut self.reasons);
        self.total
    }
}
