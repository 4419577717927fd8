use ui::{Tag, format::Instant};

use super::{card::sentence, words};
use crate::{
    model::{Reason, ScorePart},
    reads::HealthView,
};

/// The parts of a repository's health, with their weights.
const HEALTH: [(ScorePart, &str); 3] = [
    (ScorePart::Activity, "40 %"),
    (ScorePart::Community, "40 %"),
    (ScorePart::Documentation, "20 %"),
];

/// A number with its contributions.
pub(super) struct Explained {
    pub(super) title: &'static str,
    pub(super) total: String,
    pub(super) most: &'static str,
    pub(super) lines: Vec<(String, String)>,
}

pub(super) struct HealthPart {
    pub(super) tag: Tag,
    pub(super) total: i64,
    pub(super) response: Option<String>,
    pub(super) parts: Vec<(Explained, &'static str)>,
    pub(super) scanned: Instant,
}

impl Explained {
    /// Explains a number by its reasons.
    pub(super) fn of(part: ScorePart, total: f64, reasons: &[Reason]) -> Self {
        let (title, most) = words::part(part);
        let lines = reasons.iter().filter(|reason| reason.part == part);
        let lines = lines.enumerate().map(|(place, reason)| {
            let value = words::decimal(reason.value.abs());
            let sign = match (place, reason.value < 0.0) {
                (_, true) => "−",
                (0, false) => "",
                (_, false) => "+",
            };
            let words = match part {
                ScorePart::Overall => reason.words.clone(),
                _ => sentence(&reason.words),
            };
            (words, format!("{sign}{value}"))
        });
        Self { title, total: words::decimal(total), most, lines: lines.collect() }
    }
}

impl HealthPart {
    /// Explains the health of a repository.
    pub(super) fn of(health: &HealthView) -> Self {
        let totals = [health.activity, health.community, health.documentation];
        let parts = HEALTH.into_iter().zip(totals);
        let explained = |part, total: i64| Explained::of(part, total as f64, &health.reasons);
        Self {
            tag: words::health(health.health),
            total: health.health,
            response: health.response_words.clone(),
            parts: parts.map(|((part, weight), total)| (explained(part, total), weight)).collect(),
            scanned: Instant(health.last_scanned_at),
        }
    }
}
