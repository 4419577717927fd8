//! A considerable part of the files is another team's.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kernel::Timestamp;
use testkit::{fake_github::code::CodeStory, rng::Rng};

use super::super::{
    Case, Truth, Window, contents,
    names::Team,
    project::Project,
    stacks::Stack,
    steps::Step,
    timeline::{grouped, habit, spread},
    writer::begun,
};

/// Files of another team as they were at a time.
pub(in super::super) struct Source {
    stack: &'static Stack,
    files: Vec<(String, String)>,
    at: Timestamp,
}

/// Returns the files that most of an earlier honest submission consisted of, from the time when they were pushed.
pub(in super::super) fn source(rng: &mut Rng, made: &[(Case, Project)], window: Window) -> Source {
    let honest: Vec<_> = made.iter().filter(|(case, _)| case.truth == Truth::Honest).collect();
    let (case, project) = *rng.pick(&honest);
    let mut pushed: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for push in &case.story.pushes {
        for (path, text) in push.commits.iter().flat_map(|commit| &commit.files) {
            if project.own.contains(path) && project.files.get(path) == Some(text) {
                pushed.entry(path).or_insert(push.at.unwrap_or(window.opens));
            }
        }
    }
    let mut times: Vec<Timestamp> = pushed.values().copied().collect();
    times.sort_unstable();
    let latest = window.closes - TimeDelta::minutes(90);
    let most = times.get(times.len() * 4 / 5).copied();
    let at = most.unwrap_or(latest).min(latest).max(times.first().copied().unwrap_or(latest));
    let files = pushed.into_iter().filter(|(_, pushed)| *pushed <= at);
    let files = files.map(|(path, _)| (path.to_owned(), project.files[path].clone()));
    Source { stack: project.stack, files: files.collect(), at }
}

/// Makes a submission of the source's files and some of its own.
pub(in super::super) fn submission(
    rng: &mut Rng,
    team: Team,
    window: Window,
    source: Source,
) -> (CodeStory, Project) {
    let taken = source.files.len();
    let own = (taken * usize::try_from(rng.between(15, 90)).unwrap_or_default() / 100).max(2);
    let sizes = (5 + rng.index(14), own.min(30));
    let mut project = Project::sized(rng, team, source.stack, sizes);
    let (early, late) =
        (Window { closes: source.at, ..window }, Window { opens: source.at, ..window });
    let mut own = std::mem::take(&mut project.steps);
    let mut ahead = Vec::new();
    if early.closes - early.opens > TimeDelta::hours(8) && rng.chance(60) {
        ahead = own;
        own = ahead.split_off(ahead.len() / 3);
        spread(rng, &mut ahead, early);
    }
    for step in copied(rng, &project, source.files) {
        let place = rng.index(own.len() + 1);
        own.insert(place, step);
    }
    let readme = contents::readme(rng, &project.team.title);
    let author = project.team.members[0].clone();
    own.push(Step::new(&author, "Describe the project").with([("README.md".to_owned(), readme)]));
    spread(rng, &mut own, late);
    project.steps = ahead.into_iter().chain(own).collect();
    let story = story(rng, &project, window);
    (story, project)
}

/// Returns steps that add files of others, some of them in another folder.
fn copied(rng: &mut Rng, project: &Project, mut files: Vec<(String, String)>) -> Vec<Step> {
    if rng.chance(30) {
        for (path, _) in &mut files {
            path.insert_str(0, "web/");
        }
    }
    files.retain(|(path, _)| !project.files.contains_key(path));
    rng.shuffle(&mut files);
    let size = files.len().div_ceil(2 + rng.index(6)).max(1);
    let step = |part: &[(String, String)]| {
        let author = rng.pick(&project.team.members).clone();
        Step::new(&author, &format!("Add {}", contents::word(rng))).with(part.to_vec())
    };
    files.chunks(size).map(step).collect()
}

fn story(rng: &mut Rng, project: &Project, window: Window) -> CodeStory {
    let first = project.steps.first().map_or(window.opens, |step| step.at);
    let mut writer = begun(rng, project, (window.opens, first));
    let habit = habit(rng);
    let groups = grouped(rng, project.steps.clone(), habit);
    writer.groups(rng, &groups, window.closes);
    writer.story
}
