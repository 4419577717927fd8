//! How the hackathons of the demo are judged.

use anyhow::Context as _;
use identity::model::UserId;
use platform::{Context, audit::Actor};
use uuid::Uuid;

use super::{JUDGES, events::OFFLINE};
use crate::{
    actions::{
        RoundInput, ScoreInput, close_round, next_project, score, set_judge_tracks, set_judging,
        settle_tie,
    },
    model::SubmissionId,
    rules::judging::{decisions::Decision, rubric::Criterion, settings::JudgingInput},
};

/// The criteria: a name, the question that it answers, and its weight.
const CRITERIA: [(&str, &str, i64); 3] = [
    ("Usefulness", "Would a harbor use it the day after the hackathon?", 3),
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
        looks: 2,
        minutes_per_look: 5,
        minutes: 120,
        criteria: criteria.to_vec(),
        unread: None,
    };
    set_judging(context, actor, slug, &input).await?;
    Ok(())
}

/// The levels that each judge gives the projects, in their order: the first and the third are tied.
const SCORES: [[i64; 3]; 5] = [[5, 4, 5], [3, 3, 2], [5, 4, 5], [4, 3, 2], [3, 4, 5]];

/// The number of projects that each judge has scored where judging goes on.
const BEGUN: [usize; 2] = [2, 1];

/// Lets the judges score some projects of a hackathon at the first time, and begin another now. The last judge is limited to a track.
pub(super) async fn begin(
    (then, now): (&Context, &Context),
    actor: Actor,
    slug: &str,
    projects: &[SubmissionId],
    judges: &[UserId; 2],
) -> anyhow::Result<()> {
    set_judge_tracks(then, actor, slug, JUDGES[1].1, &[OFFLINE.to_owned()]).await?;
    for (judge, number) in judges.iter().zip(BEGUN) {
        score_some(then, slug, projects, *judge, number).await?;
    }
    for judge in judges {
        next_project(now, *judge, slug, false).await?;
    }
    Ok(())
}

/// Lets the judges score all projects in two rounds, of which the second decides among two, and settles their tie.
pub(super) async fn finish(
    context: &Context,
    actor: Actor,
    slug: &str,
    projects: &[SubmissionId],
    judges: &[UserId; 2],
) -> anyhow::Result<()> {
    score_all(context, slug, projects, judges, projects.len()).await?;
    let round = RoundInput { round: 1, carried: 2, is_confirmed: false };
    let forward = close_round(context, actor, slug, round).await?;
    score_all(context, slug, projects, judges, forward.len()).await?;
    let decision = Decision { projects: settled(projects, &forward), is_settled: true };
    let reason =
        "The jury talked for an hour. Gannet helps more harbors, so it is before Slack Water.";
    settle_tie(context, actor, slug, None, &decision, reason).await?;
    Ok(())
}

/// Returns the projects that went forward, in the order that settles their tie.
fn settled(projects: &[SubmissionId], forward: &[Uuid]) -> Vec<Uuid> {
    let went = projects.iter().map(|it| it.0);
    went.filter(|it| forward.contains(it)).collect()
}

/// Lets each judge score a number of projects.
async fn score_all(
    context: &Context,
    slug: &str,
    projects: &[SubmissionId],
    judges: &[UserId; 2],
    number: usize,
) -> anyhow::Result<()> {
    for judge in judges {
        score_some(context, slug, projects, *judge, number).await?;
    }
    Ok(())
}

/// Lets a judge score a number of projects.
async fn score_some(
    context: &Context,
    slug: &str,
    projects: &[SubmissionId],
    judge: UserId,
    number: usize,
) -> anyhow::Result<()> {
    for _ in 0..number {
        let project = next_project(context, judge, slug, false).await?;
        let place = projects.iter().position(|it| *it == project);
        let levels = SCORES[place.context("a project of the demo is unknown")?];
        score(context, judge, slug, project, &scored(levels)).await?;
    }
    Ok(())
}

fn scored(levels: [i64; 3]) -> ScoreInput {
    ScoreInput {
        levels: levels.map(Some).to_vec(),
        team_note: "Show the offline part first: it is your best one.".to_owned(),
        private_note: String::new(),
        is_draft: false,
    }
}
