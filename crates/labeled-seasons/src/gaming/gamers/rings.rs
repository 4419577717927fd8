use crate::gaming::{
    changes::{self, PullContent},
    life::{self, PullLife},
    model::{PullScene, Purpose},
    people::Care,
    phrases,
    stage::SketchStage,
};
use testkit::{payloads::Verdict, story::Act};

/// Members of a ring approve and merge each other's small changes in a real project. Careless rings do so within
/// minutes; careful ones wait, sometimes ask for a change, and also review outsiders.
pub(super) fn trades(stage: &mut SketchStage<'_>) {
    for repository in stage.places(|purpose| matches!(purpose, Purpose::RingHome(_))) {
        let members = stage.repositories[repository].collaborators.clone();
        for author in members.iter().copied() {
            let others: Vec<usize> = members.iter().copied().filter(|own| *own != author).collect();
            for _ in 0..stage.scale.each(&mut stage.rng, 7, 14) {
                trade(stage, author, repository, &others);
            }
        }
    }
}

fn trade(stage: &mut SketchStage<'_>, author: usize, repository: usize, others: &[usize]) {
    let opening = stage.opening(author, repository);
    let careful = stage.people[author].care == Some(Care::Careful);
    let place = &stage.repositories[repository];
    let mut change = changes::plausible(&mut stage.rng, place);
    if !careful && stage.rng.chance(50) {
        change.body = None;
        change.title = format!("Update {}", change.files[0].filename);
    }
    stage.add(opening, PullScene::RingTrade, change, |life, change| {
        let other = *life.rng.pick(others);
        if careful {
            patient(life, change, other);
        } else {
            instant(life, other);
        }
    });
}

fn instant(life: &mut PullLife<'_>, other: usize) {
    let act = life::review(Verdict::Approved, phrases::praise(life.rng));
    life.soon(30, 480, other, act);
    life.soon(5, 240, other, Act::Merged);
}

fn patient(life: &mut PullLife<'_>, change: &PullContent, other: usize) {
    if life.rng.chance(30) {
        life.label(60, change.label);
    }
    if life.rng.chance(12) {
        let act = life.verdict(Verdict::ChangesRequested);
        life.later(90, other, act);
        life.push(60);
    }
    let act = if life.rng.chance(50) {
        life.verdict(Verdict::Approved)
    } else {
        life::review(Verdict::Approved, phrases::praise(life.rng))
    };
    life.later(150, other, act);
    // Sometimes an honest maintainer merges what the ring approved.
    let merger = if life.rng.chance(20) { life.maintainer() } else { other };
    life.later(25, merger, Act::Merged);
}
