//! The words of values.

use ui::Tag;

use crate::model::{
    DismissalReason, Facet, FeedbackKind, Frequency, Level, ScorePart, Status, WorkKind,
};

/// Returns the words of a filter's value.
pub(super) fn value(facet: Facet, value: &str) -> String {
    let words = match (facet, value) {
        (Facet::Level, "easy") => "Easy, 0–3",
        (Facet::Level, "medium") => "Medium, 4–6",
        (Facet::Level, "hard") => "Hard, 7–10",
        (Facet::Hours, "short") => "Up to 2 h",
        (Facet::Hours, "medium") => "2–5 h",
        (Facet::Hours, "long") => "Over 5 h",
        (Facet::Health, "healthy") => "Healthy, 70 or more",
        (Facet::Health, "slow") => "Slow, 40–69",
        (Facet::Health, "quiet") => "Quiet, under 40",
        (Facet::Kind, value) => {
            return WorkKind::named(value)
                .map_or_else(|| value.to_owned(), |own| kind(own).to_owned());
        }
        (_, value) => value,
    };
    words.to_owned()
}

/// Returns the label of a filter.
pub(super) fn facet(facet: Facet) -> &'static str {
    match facet {
        Facet::Language => "Language",
        Facet::Level => "Level",
        Facet::Topic => "Topic",
        Facet::Kind => "Type",
        Facet::Hours => "Estimated time",
        Facet::Label => "Label",
        Facet::Health => "Repository health",
    }
}

/// Returns the word of a type of work.
pub(super) fn kind(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Documentation => "Documentation",
        WorkKind::Bug => "Bug",
        WorkKind::Feature => "Feature",
        WorkKind::Review => "Review",
        WorkKind::Other => "Other",
    }
}

/// Returns the word of a difficulty.
pub(super) fn level(complexity: f64) -> &'static str {
    match Facet::Level.bucket((complexity * 1_000.0).round() as u64) {
        Some(0) => "Easy",
        Some(1) => "Medium",
        _ => "Hard",
    }
}

/// Returns the state of a repository by its health.
pub(super) fn health(health: i64) -> Tag {
    let (class, word) = match Facet::Health.bucket(u64::try_from(health).unwrap_or_default()) {
        Some(0) => ("t-sable", "Quiet"),
        Some(1) => ("t-or", "Slow"),
        _ => ("t-vert solid", "Healthy"),
    };
    Tag { class, word }
}

/// Returns the state of an opportunity.
pub(super) fn status(status: Status) -> Tag {
    let (class, word) = match status {
        Status::Active => ("t-argent", "Open"),
        Status::Claimed => ("t-azure", "Claimed"),
        Status::Completed => ("t-vert solid", "Done"),
        Status::Expired => ("t-sable", "Not available"),
    };
    Tag { class, word }
}

/// Returns the label of a number, and the most that it can be.
pub(super) fn part(part: ScorePart) -> (&'static str, &'static str) {
    match part {
        ScorePart::Complexity => ("Difficulty", "10"),
        ScorePart::Impact => ("Impact", "10"),
        ScorePart::Confidence => ("Confidence", "1"),
        ScorePart::Urgency => ("Urgency", "10"),
        ScorePart::HoursLeast => ("Least hours", ""),
        ScorePart::HoursMost => ("Most hours", ""),
        ScorePart::Overall => ("Worth", "10"),
        ScorePart::Health => ("Health", "100"),
        ScorePart::Activity => ("Activity", "100"),
        ScorePart::Community => ("Community", "100"),
        ScorePart::Documentation => ("Documentation", "100"),
    }
}

/// Formats estimated hours: "2–4 h", "under 1 h".
pub(super) fn hours((from, to): (f64, f64)) -> String {
    let to = to.ceil().max(1.0);
    match from.floor() {
        from if from < 1.0 && to <= 1.0 => "Under 1 h".to_owned(),
        from if from < 1.0 => format!("Up to {to} h"),
        from if from >= to => format!("{to} h"),
        from => format!("{from}–{to} h"),
    }
}

/// Returns the reasons for dismissing an issue, with their names in forms.
pub(super) fn dismissals() -> Vec<(&'static str, &'static str)> {
    let words = |reason| match reason {
        DismissalReason::UnknownSkill => "I don’t know the language or a skill",
        DismissalReason::TooHard => "Too hard",
        DismissalReason::TooLong => "Takes too long",
        DismissalReason::QuietRepository => "The repository is too quiet",
        DismissalReason::Other => "Another reason",
    };
    let all = DismissalReason::ALL.into_iter();
    all.map(|reason| (reason.as_str(), words(reason))).collect()
}

/// Returns the words of what people did with issues.
pub(super) fn feedback(kind: FeedbackKind) -> &'static str {
    match kind {
        FeedbackKind::Saved => "Saved by people",
        FeedbackKind::Dismissed => "Dismissed by people",
        FeedbackKind::Started => "Started by people",
        FeedbackKind::Helpful => "Found helpful by people",
    }
}

/// Returns the name of an experience.
pub(super) fn experience(level: Level) -> &'static str {
    match level {
        Level::Beginner => "New to contributing",
        Level::Intermediate => "Some merged pull requests",
        Level::Advanced => "Years of them",
    }
}

/// Returns the name of a frequency.
pub(super) fn frequency(digest: Frequency) -> &'static str {
    match digest {
        Frequency::Never => "Never",
        Frequency::Daily => "Every day",
        Frequency::Weekly => "Once a week",
    }
}

/// Formats a number with at most two digits after the point.
pub(super) fn decimal(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_whole() {
        let shown = [(0.2, 0.8), (0.5, 1.5), (1.0, 1.0), (1.2, 2.5), (3.0, 5.0)].map(hours);
        assert_eq!(shown, ["Under 1 h", "Up to 2 h", "1 h", "1–3 h", "3–5 h"]);
    }

    #[test]
    fn numbers_have_no_needless_digits() {
        assert_eq!([7.0, 0.5, 1.234].map(decimal), ["7", "0.5", "1.23"]);
    }
}
