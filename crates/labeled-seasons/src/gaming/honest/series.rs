use std::collections::HashSet;

use chrono::TimeDelta;

use crate::gaming::{
    changes::{self, PullContent},
    life::PullLife,
    model::{PullScene, Purpose, Repository},
    people::Habit,
    phrases::ChangeWork,
    stage::{Sketch, SketchOpening, SketchStage},
};
use testkit::{payloads::Verdict, rng::Rng, story::Act};

/// Series, backports and duplicates at default scale.
const SERIES: usize = 7;
const BACKPORTS: usize = 45;
const DUPLICATES: usize = 14;

/// A maintainer asks to split a large change, so its author opens the parts over some days.
pub(super) fn series(stage: &mut SketchStage<'_>) {
    let mut people = stage.with_habit(Habit::Regular);
    stage.rng.shuffle(&mut people);
    for author in people.into_iter().take(stage.scale.count(SERIES)) {
        let repository = stage.homes(author)[0];
        let last = stage.scale.until - TimeDelta::days(12);
        let last = last.max(stage.earliest(author, repository));
        let (_, _, at) = stage.opening(author, repository);
        parts(stage, (author, repository, at.min(last)));
    }
}

fn parts(stage: &mut SketchStage<'_>, (author, repository, mut at): SketchOpening) {
    let place = &stage.repositories[repository];
    let whole = changes::honest(&mut stage.rng, place, ChangeWork::Refactor);
    let parts = stage.rng.between(5, 9);
    let issue = stage.rng.between(100, 3000);
    for part in 1..=parts {
        let change = PullContent {
            title: format!("{} ({part}/{parts})", whole.title),
            body: Some(format!("Part {part} of #{issue}, split as requested.")),
            branch: format!("{}-{part}", whole.branch),
            ..changes::plausible(&mut stage.rng, place)
        };
        stage.add((author, repository, at), PullScene::Series, change, part_life);
        at += TimeDelta::minutes(stage.rng.between(20, 1900));
    }
}

fn part_life(life: &mut PullLife<'_>, _: &PullContent) {
    life.discuss(20);
    let by = life.maintainer();
    let act = life.verdict(Verdict::Approved);
    life.later(500, by, act);
    life.later(20, by, Act::Merged);
}

/// Maintainers open the same change again for a release branch.
pub(in crate::gaming) fn backports(stage: &mut SketchStage<'_>) {
    let merged = |sketch: &Sketch| {
        sketch.steps.iter().find(|step| step.act == Act::Merged).map(|step| step.at)
    };
    let latest = stage.scale.until - TimeDelta::days(3);
    let fitting = |sketch: &Sketch| merged(sketch).is_some_and(|at| at < latest);
    for original in originals(stage, stage.scale.all(BACKPORTS), fitting) {
        let after = TimeDelta::minutes(stage.rng.between(5, 3000));
        let at = merged(&original).unwrap_or(original.at) + after;
        let author = stage.repositories[original.repository].maintainers[0];
        let minor = stage.rng.between(1, 9);
        let change = PullContent {
            title: format!("[1.{minor}] {}", original.change.title),
            body: Some(String::from("Backport. The cherry-pick had no conflicts.")),
            branch: format!("backport-1.{minor}-{}", original.change.branch),
            ..original.change
        };
        let opening = (author, original.repository, at);
        let sketch = stage.add(opening, PullScene::Backport, change, |life, _| {
            let by = life.maintainer();
            life.later(25, by, Act::Merged);
        });
        sketch.base = Some(format!("release-1.{minor}"));
    }
}

/// Two people fix the same issue without knowing of each other. The later one is closed.
pub(in crate::gaming) fn duplicates(stage: &mut SketchStage<'_>) {
    let people = stage.with_habit(Habit::Regular);
    let originals = originals(stage, stage.scale.all(DUPLICATES), |sketch| {
        sketch.change.files.len() < 4 && sketch.change.label == "bug"
    });
    for original in originals {
        let author = *stage.rng.pick(&people);
        let at = original.at + TimeDelta::minutes(stage.rng.between(30, 5000));
        let at = at.max(stage.earliest(author, original.repository));
        if author == original.author || at > stage.scale.until - TimeDelta::days(1) {
            continue;
        }
        let change =
            other_words(&mut stage.rng, &stage.repositories[original.repository], &original);
        stage.add((author, original.repository, at), PullScene::Duplicate, change, |life, _| {
            let by = life.maintainer();
            life.label(300, "duplicate");
            life.later(60, by, Act::Closed);
        });
    }
}

/// Draws another solution: the same files, other texts and other lines.
fn other_words(rng: &mut Rng, place: &Repository, original: &Sketch) -> PullContent {
    let mut files = original.change.files.clone();
    for file in &mut files {
        file.additions = (file.additions + rng.between(-3, 6)).max(1);
        file.deletions = (file.deletions + rng.between(-2, 2)).max(0);
    }
    PullContent { files, ..changes::honest(rng, place, ChangeWork::Fix) }
}

/// Draws sketches of ordinary work in projects, each once.
fn originals(
    stage: &mut SketchStage<'_>,
    count: usize,
    wanted: impl Fn(&Sketch) -> bool,
) -> Vec<Sketch> {
    let projects: HashSet<usize> =
        stage.places(|purpose| purpose == Purpose::Project).into_iter().collect();
    let ordinary = stage.sketches.iter().filter(|sketch| {
        sketch.scene == PullScene::Everyday
            && projects.contains(&sketch.repository)
            && wanted(sketch)
    });
    let mut originals: Vec<Sketch> = ordinary.cloned().collect();
    stage.rng.shuffle(&mut originals);
    originals.truncate(count);
    originals
}
