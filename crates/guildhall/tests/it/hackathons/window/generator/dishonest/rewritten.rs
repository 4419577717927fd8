//! Another history replaces the one that was pushed.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use testkit::{fake_github::code::CodeStory, rng::Rng};

use super::{
    super::{
        Window, contents,
        names::Team,
        project::Project,
        steps::{Step, squashed},
        timeline::{grouped, habit, instant, spread},
        writer::begun,
    },
    share,
};

/// Makes a submission whose history is replaced near the end.
pub(in super::super) fn submission(
    rng: &mut Rng,
    team: Team,
    window: Window,
) -> (CodeStory, Project) {
    let project = Project::new(rng, team);
    let mut steps = project.steps.clone();
    let rest = steps.split_off(share(rng, steps.len(), (85, 100)));
    let span = (window.closes - window.opens) / 8;
    let at = instant(rng, window.closes - span, window.closes - TimeDelta::minutes(20));
    spread(rng, &mut steps, Window { closes: at, ..window });
    let first = steps.first().map_or(window.opens, |step| step.at);
    let mut writer = begun(rng, &project, (window.opens, first));
    let replacing =
        if rng.chance(60) { reordered(rng, &project, &steps) } else { all(&project, &steps) };
    if rng.chance(40) {
        let kept = steps.split_off(share(rng, steps.len(), (60, 90)));
        let bulk = squashed(&steps, "All so far");
        steps = bulk.into_iter().chain(kept).collect();
    }
    let habit = habit(rng);
    let groups = grouped(rng, steps, habit);
    writer.groups(rng, &groups, at);
    let mut replacing = replacing;
    let past = Window { closes: at, ..window };
    spread(rng, &mut replacing, past);
    let by = writer.pusher(&replacing);
    writer.replace_all(&by, at, &replacing);
    let mut rest = rest;
    spread(rng, &mut rest, Window { opens: at + TimeDelta::minutes(2), ..window });
    let groups = grouped(rng, rest, habit);
    writer.groups(rng, &groups, window.closes);
    (writer.story, project)
}

/// Returns all steps with the beginning of the repository.
fn all(project: &Project, steps: &[Step]) -> Vec<Step> {
    project.start.iter().chain(steps).cloned().collect()
}

/// Returns steps with the same result in another order.
fn reordered(rng: &mut Rng, project: &Project, steps: &[Step]) -> Vec<Step> {
    let all = all(project, steps);
    let mut files = BTreeMap::new();
    for step in &all {
        files.extend(step.files.clone());
    }
    let mut files: Vec<(String, String)> = files.into_iter().collect();
    rng.shuffle(&mut files);
    let count = (all.len() / 2).clamp(1, files.len().max(1));
    let size = files.len().div_ceil(count).max(1);
    let step = |part: &[(String, String)]| {
        let author = rng.pick(&project.team.members).clone();
        let message = format!("Add {} and {}", contents::word(rng), contents::word(rng));
        Step::new(&author, &message).with(part.to_vec())
    };
    files.chunks(size).map(step).collect()
}
