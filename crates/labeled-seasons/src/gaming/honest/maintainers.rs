use chrono::TimeDelta;

use crate::gaming::{
    changes::{self, PullContent},
    life::PullLife,
    model::{PullScene, Purpose},
    outcomes,
    people::Habit,
    phrases::ChangeWork,
    stage::SketchStage,
};
use testkit::{payloads::Verdict, story::Act};

/// Teams of two or three review each other every day, often within minutes, and merge their own changes afterwards.
pub(super) fn teams(stage: &mut SketchStage<'_>) {
    for repository in stage.places(|purpose| matches!(purpose, Purpose::Team(_))) {
        for author in stage.repositories[repository].maintainers.clone() {
            for _ in 0..stage.scale.each(&mut stage.rng, 22, 42) {
                open(stage, author, repository, PullScene::Team, team_life);
            }
        }
    }
}

fn team_life(life: &mut PullLife<'_>, change: &PullContent) {
    let mate = life.maintainer();
    // Half of the reviews happen while both are at their computers.
    let minutes = if life.rng.chance(50) { 12 } else { 240 };
    if life.rng.chance(30) {
        life.label(20, change.label);
    }
    if life.rng.chance(24) {
        let verdict = *life.rng.pick(&[Verdict::Commented, Verdict::ChangesRequested]);
        let act = life.verdict(verdict);
        life.later(minutes, mate, act);
        life.push(90);
    }
    let act = life.verdict(Verdict::Approved);
    life.later(minutes, mate, act);
    let merger = if life.rng.chance(70) { life.author } else { mate };
    if life.rng.chance(97) {
        life.later(15, merger, Act::Merged);
    }
}

/// A prolific maintainer merges outsiders' and own changes within minutes, most without a review.
pub(super) fn fast(stage: &mut SketchStage<'_>) {
    let regulars = stage.with_habit(Habit::Regular);
    for repository in stage.places(|purpose| purpose == Purpose::Fast) {
        let maintainer = stage.repositories[repository].maintainers[0];
        for _ in 0..stage.scale.each(&mut stage.rng, 60, 100) {
            let author = if stage.rng.chance(55) { maintainer } else { *stage.rng.pick(&regulars) };
            open(stage, author, repository, PullScene::Fast, fast_life);
        }
    }
}

fn fast_life(life: &mut PullLife<'_>, _: &PullContent) {
    let by = life.maintainer();
    if by != life.author && life.rng.chance(35) {
        let act = life.verdict(Verdict::Approved);
        life.soon(60, 1500, by, act);
    }
    if life.rng.chance(88) {
        life.soon(90, 2400, by, Act::Merged);
    } else {
        life.later(300, by, Act::Closed);
    }
}

/// People who work alone open pull requests to run the checks, and merge them when these pass. Now and then an outsider
/// contributes.
pub(super) fn solo(stage: &mut SketchStage<'_>) {
    let regulars = stage.with_habit(Habit::Regular);
    for repository in stage.places(|purpose| purpose == Purpose::Solo) {
        let owner = stage.repositories[repository].maintainers[0];
        for _ in 0..stage.scale.each(&mut stage.rng, 20, 42) {
            if stage.rng.chance(12) {
                let author = *stage.rng.pick(&regulars);
                open(stage, author, repository, PullScene::Everyday, outcomes::reviewed);
            } else {
                open(stage, owner, repository, PullScene::Solo, |life, _| {
                    life.soon(100, 2000, owner, Act::Merged);
                });
            }
        }
    }
}

fn open(
    stage: &mut SketchStage<'_>,
    author: usize,
    repository: usize,
    scene: PullScene,
    live: impl FnOnce(&mut PullLife<'_>, &PullContent),
) {
    let place = &stage.repositories[repository];
    let earliest = stage.earliest(author, repository);
    let latest = stage.scale.until - TimeDelta::days(1);
    let at = stage.moment(author, earliest).min(latest);
    let work = ChangeWork::draw(&mut stage.rng);
    let change = changes::honest(&mut stage.rng, place, work);
    stage.add((author, repository, at), scene, change, live);
}
