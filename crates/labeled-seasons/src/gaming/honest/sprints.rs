use chrono::TimeDelta;

use crate::gaming::{
    changes::{self, PullContent},
    life::PullLife,
    model::PullScene,
    people::Habit,
    phrases::ChangeWork,
    stage::SketchStage,
};
use testkit::{payloads::Verdict, story::Act};

/// Openings of the first, second and third participant of a sprint day.
const OPENINGS: [usize; 3] = [15, 9, 6];

/// On a sprint day, participants open up to fifteen pull requests, which maintainers review properly the same day and
/// in the days after.
pub(super) fn sprints(stage: &mut SketchStage<'_>) {
    let projects = stage.projects();
    let groups = stage.groups(|group| stage.with_habit(Habit::Sprinter(group)));
    for (group, members) in groups.into_iter().enumerate() {
        let repository = projects[group % projects.len()];
        let newest = members.iter().map(|own| stage.earliest(*own, repository));
        let Some(earliest) = newest.max() else {
            continue;
        };
        let last = (stage.scale.until - TimeDelta::days(20)).max(earliest);
        let morning = stage.moment(members[0], earliest).min(last);
        for (place, author) in members.into_iter().enumerate() {
            let mut at = morning + TimeDelta::minutes(stage.rng.between(0, 40));
            for _ in 0..OPENINGS[place % OPENINGS.len()] {
                open(stage, (author, repository, at));
                at += TimeDelta::minutes(stage.rng.between(12, 48));
            }
        }
    }
}

fn open(stage: &mut SketchStage<'_>, scene: (usize, usize, kernel::Timestamp)) {
    let work = *stage.rng.pick(&[
        ChangeWork::Fix,
        ChangeWork::Fix,
        ChangeWork::Test,
        ChangeWork::Docs,
        ChangeWork::Chore,
    ]);
    let place = &stage.repositories[scene.1];
    let change = changes::honest(&mut stage.rng, place, work);
    stage.add(scene, PullScene::Sprint, change, live);
}

fn live(life: &mut PullLife<'_>, change: &PullContent) {
    life.label(30, "sprint");
    life.label(5, change.label);
    life.discuss(38);
    let by = life.maintainer();
    if life.rng.chance(88) {
        let act = life.verdict(Verdict::Approved);
        life.later(180, by, act);
        life.later(20, by, Act::Merged);
    } else {
        life.later(2000, by, Act::Closed);
    }
}
