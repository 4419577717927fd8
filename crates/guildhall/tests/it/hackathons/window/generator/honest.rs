//! Submissions as the rules allow.

use chrono::TimeDelta;
use testkit::{fake_github::code::CodeStory, rng::Rng};

use super::{
    Window, contents,
    names::Team,
    project::Project,
    steps::{Step, squashed},
    timeline::{Habit, grouped, habit, instant, spread},
    writer::begun,
};

/// Makes an honest submission.
pub(super) fn submission(rng: &mut Rng, team: Team, window: Window) -> (CodeStory, Project) {
    let mut project = Project::new(rng, team);
    if rng.chance(20) {
        import(rng, &mut project, window);
    }
    let story = story(rng, &project, window);
    (story, project)
}

/// Writes the story of a project that was made in a window.
pub(super) fn story(rng: &mut Rng, project: &Project, window: Window) -> CodeStory {
    let mut steps = project.steps.clone();
    let mut habit = habit(rng);
    match rng.below(10) {
        0 | 1 => {
            let late = window.opens + (window.closes - window.opens) * 2 / 5;
            let opens = instant(rng, late, late + (window.closes - late) / 2);
            spread(rng, &mut steps, Window { opens, ..window });
        }
        2 | 3 => {
            steps = first_evening(rng, steps, window);
            habit = Habit::AsTheyGo;
        }
        _ => spread(rng, &mut steps, window),
    }
    let first = steps.first().map_or(window.opens, |step| step.at);
    let mut writer = begun(rng, project, (window.opens, first));
    let groups = grouped(rng, steps, habit);
    writer.groups(rng, &groups, window.closes);
    writer.story
}

/// Commits the work of the first evening, up to a quarter of all, in one go.
fn first_evening(rng: &mut Rng, mut steps: Vec<Step>, window: Window) -> Vec<Step> {
    let rest = steps.split_off((steps.len() / 5 + rng.index(2)).max(1));
    let hours = TimeDelta::minutes(rng.between(150, 360)).min((window.closes - window.opens) / 3);
    let evening = window.opens + hours;
    let mut steps: Vec<Step> =
        squashed(&steps, "First evening").map(|step| step.at(evening)).into_iter().collect();
    let mut later = rest;
    let opens = evening + TimeDelta::minutes(20);
    spread(rng, &mut later, Window { opens, ..window });
    steps.extend(later);
    steps
}

/// Imports a small library that a member wrote long before, in one commit.
fn import(rng: &mut Rng, project: &mut Project, window: Window) {
    let name = contents::word(rng);
    let author = rng.pick(&project.team.members).clone();
    let mut step = Step::new(&author, &format!("Import my {name} library"));
    for number in 0..2 + rng.below(3) {
        let bytes = 400 + rng.index(2_500);
        let path = format!("lib/{name}/part_{number}.{}", project.stack.ending);
        let text = contents::code(rng, project.stack, bytes);
        step.files.insert(path, text);
    }
    if rng.chance(50) {
        let (from, until) = (TimeDelta::days(400), TimeDelta::days(20));
        step.written = Some(instant(rng, window.opens - from, window.opens - until));
    }
    project.own.extend(step.files.keys().cloned());
    project.files.extend(step.files.clone());
    let place = 1 + rng.index(project.steps.len() / 2);
    project.steps.insert(place, step);
}
