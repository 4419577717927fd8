//! How the hackathons of the demo are judged.

use platform::{Context, audit::Actor};

use crate::{
    actions::set_judging,
    rules::judging::{rubric::Criterion, settings::JudgingInput},
};

/// The criteria: a name, the question that it answers, and its weight.
const CRITERIA: [(&str, &str, i64); 3] = [
    (
        "Usefulness",
        "Would a harbor use it the day after the hackathon?",
        3,
    ),
    ("Craft", "Is it tested, documented and easy to change?", 2),
    ("Offline", "Does it keep working without a network?", 1),
];

/// Describes the levels of each criterion.
const LEVELS: [&str; 5] = ["Not at all", "Hardly", "Partly", "Mostly", "Entirely"];

/// Chooses the criteria of a hackathon.
pub(super) async fn prepare(context: &Context, actor: Actor, slug: &str) -> anyhow::Result<()> {
    let criteria = CRITERIA.map(|(name, question, weight)| Criterion {
        name: name.to_owned(),
        question: question.to_owned(),
        min: 1,
        max: 5,
        weight,
        levels: LEVELS.map(str::to_owned).to_vec(),
    });
    let input = JudgingInput {
        mode: "rubric".to_owned(),
        looks: 3,
        minutes_per_look: 5,
        minutes: 120,
        criteria: criteria.to_vec(),
    };
    set_judging(context, actor, slug, &input).await?;
    Ok(())
}
