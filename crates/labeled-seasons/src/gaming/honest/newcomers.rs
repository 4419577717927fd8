use crate::gaming::{
    changes::{self, PullContent, file},
    life::PullLife,
    model::{PullScene, Repository},
    outcomes::OutcomeChances,
    people::Habit,
    phrases::ChangeWork,
    stage::SketchStage,
};
use testkit::{payloads::Verdict, rng::Rng, story::Act};

/// Students of a course work on issues for beginners in a few repositories that their teacher chose. Many give up.
pub(super) fn courses(stage: &mut SketchStage<'_>) {
    let groups = stage.groups(|group| stage.with_habit(Habit::Student(group)));
    let projects = stage.projects();
    for (course, students) in groups.into_iter().enumerate() {
        let chosen: Vec<usize> =
            (0..5).map(|at| projects[(course * 5 + at) % projects.len()]).collect();
        for author in students {
            for _ in 0..stage.scale.each(&mut stage.rng, 2, 5) {
                let repository = *stage.rng.pick(&chosen);
                let earliest = stage.earliest(author, repository);
                // A course lasts some weeks.
                let span = stage.rng.between(1, 45 * 24);
                let at = stage.awake(author, earliest + chrono::TimeDelta::hours(span));
                let at = at.clamp(earliest, stage.scale.until - chrono::TimeDelta::hours(1));
                let change = issue_for_beginners(stage, repository);
                stage.add((author, repository, at), PullScene::Course, change, course_life);
            }
        }
    }
}

fn issue_for_beginners(stage: &mut SketchStage<'_>, repository: usize) -> PullContent {
    let rng = &mut stage.rng;
    let work = *rng.pick(&[
        ChangeWork::Fix,
        ChangeWork::Test,
        ChangeWork::Docs,
        ChangeWork::Fix,
        ChangeWork::Feature,
    ]);
    let body = format!("Closes #{}", rng.between(100, 2200));
    PullContent { body: Some(body), ..changes::honest(rng, &stage.repositories[repository], work) }
}

fn course_life(life: &mut PullLife<'_>, _: &PullContent) {
    if life.rng.chance(40) {
        life.label(400, "good first issue");
    }
    life.discuss(55);
    let by = life.maintainer();
    match life.rng.below(100) {
        0..58 => {
            let act = life.verdict(Verdict::Approved);
            life.later(1400, by, act);
            life.later(90, by, Act::Merged);
        }
        58..75 => life.later(9000, by, Act::Closed),
        _ => {}
    }
}

/// Newcomers who correct one typo. Maintainers welcome most of them.
pub(super) fn first_typos(stage: &mut SketchStage<'_>) {
    for author in stage.with_habit(Habit::FirstTimer) {
        let repository = stage.home(author);
        let opening = stage.opening(author, repository);
        let change = first_typo(&mut stage.rng, &stage.repositories[repository]);
        stage.add(opening, PullScene::FirstTypo, change, |life, _| {
            life.judged(OutcomeChances { merged: 78, closed: 12, spam: 12 });
        });
    }
}

/// Draws the correction of a typo, often with the texts that GitHub's editor proposes.
fn first_typo(rng: &mut Rng, repository: &Repository) -> PullContent {
    let change = changes::honest(rng, repository, ChangeWork::Typo);
    if rng.chance(55) {
        return change;
    }
    let titles = ["Fix typo", "Update README.md", "fix typo in readme"];
    PullContent {
        title: (*rng.pick(&titles)).to_owned(),
        body: None,
        branch: String::from("patch-1"),
        files: vec![file("README.md", 1, 1)],
        ..change
    }
}
