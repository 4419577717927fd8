//! The impact of an issue, how sure it is, and how urgent.

use chrono::TimeDelta;

use super::{Features, log2, place};
use crate::{
    model::{Reason, ScorePart, ScoreSum, WorkKind},
    rules::{
        health::{AnswerTime, first_answer},
        labels::Meaning,
    },
};

/// Returns the impact, 0 to 10.
pub(super) fn impact(features: &Features<'_>, reasons: &mut Vec<Reason>) -> f64 {
    let Features { issue, repository, health, .. } = features;
    let mut sum = ScoreSum::new(ScorePart::Impact, 3.5, "A usual issue");
    sum.add((log2(issue.reactions) * 0.5).min(2.5), format!("{} reactions", issue.reactions));
    sum.add((log2(issue.comments) * 0.25).min(1.0), format!("{} comments", issue.comments));
    sum.add(
        ((repository.stars.max(0) as f64 + 1.0).log10() * 0.5).min(2.5),
        format!("The repository has {} stars", repository.stars),
    );
    sum.add_if(features.has(Meaning::Important), 2.0, "A label says that it is important");
    sum.add_if(features.has(Meaning::Unimportant), -1.5, "A label says that it can wait");
    sum.add_if(features.has(Meaning::HelpWanted), 0.5, "The maintainers ask for help");
    sum.add_if(features.kind == WorkKind::Bug, 0.5, "It is a defect");
    for (sign, is_title) in &features.signs {
        sum.add(sign.impact * place(*is_title), sign.words);
    }
    sum.add(
        (f64::from(health.total) - 50.0) / 50.0,
        format!("Health of the repository {} of 100", health.total),
    );
    sum.within(0.0, 10.0, reasons)
}

/// Returns how sure it is that the issue can be solved, and will be merged, 0 to 1.
pub(super) fn confidence(features: &Features<'_>, reasons: &mut Vec<Reason>) -> f64 {
    let Features { issue, body, health, .. } = features;
    let mut sum = ScoreSum::new(ScorePart::Confidence, 0.3125, "A usual issue");
    clarity(features, &mut sum);
    sum.add_if(features.asks, -0.125, "The title asks a question");
    let is_asked_for = features.has(Meaning::GoodFirstIssue) || features.has(Meaning::HelpWanted);
    sum.add_if(is_asked_for, 0.125, "The maintainers ask for help");
    sum.add_if(issue.is_of_maintainer, 0.0625, "A maintainer opened it");
    sum.add_if(
        !features.meanings.is_empty() && !is_asked_for,
        0.03125,
        "A label says more about it",
    );
    sum.add_if(body.files > 0, 0.0625, "It names a file");
    sum.add(
        (f64::from(health.total) - 50.0) / 200.0,
        format!("Health of the repository {} of 100", health.total),
    );
    match first_answer(features.repository) {
        AnswerTime::Unknown => {}
        AnswerTime::Rare => sum.add(-0.125, "Most new issues have no answer from a maintainer"),
        AnswerTime::Minutes(minutes) => {
            sum.add_if(minutes <= 7 * 1_440, 0.0625, "Maintainers answer within a week");
        }
    }
    sum.add_if(features.quiet <= TimeDelta::days(30), 0.0625, "It was active this month");
    sum.add_if(features.quiet > TimeDelta::days(180), -0.125, "It is quiet for half a year");
    sum.add_if(issue.comments > 30, -0.0625, "People do not agree yet");
    sum.within(0.0, 1.0, reasons)
}

/// Adds how clear the description is.
fn clarity(features: &Features<'_>, sum: &mut ScoreSum) {
    let Features { body, .. } = features;
    match features.said {
        0..40 => sum.add(-0.125, "The description says little"),
        40..200 => sum.add(0.0625, "It has a short description"),
        _ => sum.add(0.125, "It has a full description"),
    }
    sum.add_if(body.code_blocks > 0, 0.0625, "It shows code or output");
    sum.add_if(
        body.steps >= 2 || features.has_heading(&["reproduc", "steps"]),
        0.0625,
        "It says how to reproduce it, step by step",
    );
    sum.add_if(
        features.has_heading(&["expected", "actual", "acceptance", "solution"]),
        0.0625,
        "It says which result is expected",
    );
    sum.add_if((1..=8).contains(&body.open_boxes), 0.03125, "It lists the tasks");
    sum.add_if(body.images > 0, 0.03125, "It shows an image");
}

/// Returns the urgency, 0 to 10.
pub(super) fn urgency(features: &Features<'_>, reasons: &mut Vec<Reason>) -> f64 {
    let mut sum = ScoreSum::new(ScorePart::Urgency, 2.5, "A usual issue");
    sum.add_if(features.has(Meaning::Important), 3.0, "A label says that it is important");
    sum.add_if(features.has(Meaning::Unimportant), -2.0, "A label says that it can wait");
    sum.add_if(features.kind == WorkKind::Bug, 1.0, "It is a defect");
    for (sign, is_title) in &features.signs {
        sum.add(sign.urgency * place(*is_title), sign.words);
    }
    match features.age.num_days() {
        0..=7 => sum.add(1.5, "It was opened this week"),
        8..=30 => sum.add(1.0, "It was opened this month"),
        31..=90 => sum.add(0.5, "It was opened in the last three months"),
        _ => {}
    }
    sum.add_if(features.quiet <= TimeDelta::days(7), 0.5, "It was active this week");
    sum.add_if(features.quiet > TimeDelta::days(180), -1.0, "It is quiet for half a year");
    sum.add(
        (log2(features.issue.reactions) * 0.25).min(1.5),
        format!("{} reactions", features.issue.reactions),
    );
    sum.within(0.0, 10.0, reasons)
}
