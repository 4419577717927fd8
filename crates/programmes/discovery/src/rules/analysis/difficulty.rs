//! The difficulty of an issue, and the hours that it takes.

use chrono::TimeDelta;

use super::{Features, place};
use crate::{
    model::{Reason, ScorePart, ScoreSum, WorkKind},
    rules::{health::on_line, labels::Meaning},
};

/// The least and the most hours by the difficulty.
const HOURS: [[f64; 2]; 11] = [
    [0.25, 0.5],
    [0.5, 1.0],
    [1.0, 2.0],
    [2.0, 4.0],
    [3.0, 5.0],
    [4.0, 6.0],
    [5.0, 7.0],
    [6.0, 8.0],
    [9.0, 14.0],
    [14.0, 24.0],
    [20.0, 40.0],
];

/// Returns the difficulty, 0 to 10.
pub(super) fn complexity(features: &Features<'_>, reasons: &mut Vec<Reason>) -> f64 {
    let Features { issue, body, .. } = features;
    let mut sum = ScoreSum::new(ScorePart::Complexity, 4.5, "A usual issue");
    let stated = features.meanings.iter().filter_map(|meaning| match meaning {
        Meaning::Difficulty(of) => Some(f64::from(*of)),
        _ => None,
    });
    let stated =
        stated.fold(None, |most: Option<f64>, of| Some(most.map_or(of, |most| most.max(of))));
    // The words of an issue say less than the maintainers.
    let share = if stated.is_some() { 0.5 } else { 1.0 };
    if let Some(of) = stated {
        sum.add(of - 4.5, format!("A label says that the difficulty is about {of} of 10"));
    }
    sum.add_if(
        features.has(Meaning::GoodFirstIssue),
        -1.5,
        "A label says that it suits a first contribution",
    );
    match features.kind {
        WorkKind::Documentation => sum.add(-share, "It is about documentation"),
        WorkKind::Review => sum.add(-0.5 * share, "It is about tests or a review"),
        WorkKind::Feature => sum.add(0.5 * share, "It asks for something new"),
        WorkKind::Bug | WorkKind::Other => {}
    }
    for (sign, is_title) in &features.signs {
        sum.add(sign.complexity * share * place(*is_title), sign.words);
    }
    let tasks = body.open_boxes.saturating_sub(2).min(8);
    sum.add(tasks as f64 * 0.25, format!("It lists {} tasks", body.open_boxes));
    sum.add_if((1..=2).contains(&body.files), -0.25, "It names the file");
    sum.add_if(body.files > 5, 0.75, "It names many files");
    sum.add_if(
        body.steps >= 2 && features.kind == WorkKind::Bug,
        -0.25,
        "It says how to reproduce it",
    );
    sum.add_if((1_001..=3_000).contains(&features.said), 0.25, "The description is rather long");
    sum.add_if(features.said > 3_000, 0.5, "The description is long");
    sum.add_if((11..=30).contains(&issue.comments), 0.5, "It was discussed at length");
    sum.add_if(issue.comments > 30, 1.0, "It was discussed at great length");
    sum.add_if(features.age > TimeDelta::days(365), 0.5, "It is open for more than a year");
    let bytes: f64 =
        features.repository.languages.iter().map(|(_, bytes)| (*bytes).max(0) as f64).sum();
    sum.add_if(bytes > 5e6, 0.5, "The repository is large");
    sum.within(0.0, 10.0, reasons)
}

/// Returns the least and the most hours.
pub(super) fn hours(
    features: &Features<'_>,
    complexity: f64,
    reasons: &mut Vec<Reason>,
) -> (f64, f64) {
    let mut hour = |part: ScorePart, at: usize| {
        let words = format!("Issues of the difficulty {complexity:.1} usually take so long");
        let usual = usual_hours(complexity, at);
        let mut sum = ScoreSum::new(part, usual, &words);
        let is_vague = features.said < 40 && features.body.files == 0 && complexity > 3.0;
        sum.add_if(
            part == ScorePart::HoursMost && is_vague,
            round(usual * 1.25) - usual,
            "The description says little",
        );
        sum.within(0.25, 60.0, reasons)
    };
    (hour(ScorePart::HoursLeast, 0), hour(ScorePart::HoursMost, 1))
}

/// Returns the least hours (`at` 0) or the most (1) of a usual issue of a difficulty.
fn usual_hours(complexity: f64, at: usize) -> f64 {
    let points = HOURS.iter().enumerate();
    let points: Vec<(f64, f64)> = points.map(|(index, of)| (index as f64, of[at])).collect();
    round(on_line(&points, complexity))
}

/// Returns the least hours of issues of a difficulty that take up to `most`, as [`hours`] estimates them for most issues.
pub(crate) fn least_hours(complexity: f64, most: f64) -> f64 {
    usual_hours(complexity, 0).clamp(0.25, most.max(0.25))
}

/// Rounds hours: to quarters below one, to halves below four, and else to whole ones.
fn round(hours: f64) -> f64 {
    let steps = match hours {
        ..1.0 => 4.0,
        ..4.0 => 2.0,
        _ => 1.0,
    };
    (hours * steps).round() / steps
}
