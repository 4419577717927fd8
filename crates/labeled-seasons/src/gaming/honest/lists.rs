use crate::gaming::{
    changes::{PullContent, file},
    life::PullLife,
    model::{PullScene, Purpose},
    names,
    outcomes::OutcomeChances,
    people::Habit,
    stage::SketchStage,
};
use testkit::{payloads::Verdict, rng::Rng, story::Act};

/// Pull requests in a repository for practice and in each list, at default scale.
const PRACTICE: usize = 28;
const ENTRIES: usize = 40;

/// Newcomers add their name in a repository for practice. It looks like junk, but its maintainers only teach.
pub(super) fn practice(stage: &mut SketchStage<'_>) {
    let mut people = stage.with_habit(Habit::FirstTimer);
    people.extend(stage.with_habit(Habit::Regular));
    for repository in stage.places(|purpose| purpose == Purpose::Practice) {
        for _ in 0..stage.scale.all(PRACTICE) {
            let author = *stage.rng.pick(&people);
            let opening = stage.opening(author, repository);
            let name = names::name(&mut stage.rng);
            let change = PullContent {
                title: format!("Add {name}"),
                body: None,
                branch: format!("add-{name}"),
                files: vec![file("participants.md", 1, 0)],
                label: "first change",
            };
            stage.add(opening, PullScene::Practice, change, practice_life);
        }
    }
}

fn practice_life(life: &mut PullLife<'_>, _: &PullContent) {
    let by = life.maintainer();
    if life.rng.chance(85) {
        let act = life.verdict(Verdict::Approved);
        life.later(120, by, act);
        life.soon(20, 300, by, Act::Merged);
    }
}

/// Many people add a line to a curated list; its maintainers decline a third.
pub(super) fn lists(stage: &mut SketchStage<'_>) {
    let people = stage.with_habit(Habit::Regular);
    for repository in stage.places(|purpose| purpose == Purpose::List) {
        for _ in 0..stage.scale.all(ENTRIES) {
            let author = *stage.rng.pick(&people);
            let opening = stage.opening(author, repository);
            let change = entry(&mut stage.rng);
            stage.add(opening, PullScene::ListEntry, change, |life, _| {
                life.discuss(25);
                life.judged(OutcomeChances { merged: 58, closed: 32, spam: 4 });
            });
        }
    }
}

fn entry(rng: &mut Rng) -> PullContent {
    let name = names::name(rng);
    let titles = ["Add {}", "add {} to the list", "New entry: {}", "Update README.md"];
    PullContent {
        title: rng.pick(&titles).replace("{}", &name),
        body: rng
            .chance(60)
            .then(|| format!("{name} has been maintained for two years, and I use it at work.")),
        branch: format!("add-{name}"),
        files: vec![file("README.md", 1, i64::from(rng.chance(10)))],
        label: "addition",
    }
}
