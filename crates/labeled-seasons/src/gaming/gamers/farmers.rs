use chrono::TimeDelta;

use crate::gaming::{
    changes::{self, PullContent, file},
    model::PullScene,
    outcomes::OutcomeChances,
    people::{Care, PersonKind},
    stage::{SketchOpening, SketchStage},
    themes::THEMES,
};
use testkit::rng::Rng;

/// Farmers split work into many pull requests: careless ones in bursts of one-line edits, careful ones a few a day
/// with the texts of real work.
pub(super) fn farming(stage: &mut SketchStage<'_>) {
    for author in stage.of_kind(PersonKind::Farmer) {
        let projects = stage.projects();
        let targets = &projects[..projects.len().min(1 + stage.rng.index(3))];
        let count = stage.scale.each(&mut stage.rng, 12, 26);
        match stage.people[author].care {
            Some(Care::Sloppy) => bursts(stage, author, targets, count),
            _ => drip(stage, author, targets, count),
        }
    }
}

fn bursts(stage: &mut SketchStage<'_>, author: usize, targets: &[usize], count: usize) {
    let mut left = count;
    while left > 0 {
        let repository = *stage.rng.pick(targets);
        let (_, _, mut at) = stage.opening(author, repository);
        for _ in 0..left.min(5 + stage.rng.index(10)) {
            let change = edit(&mut stage.rng, THEMES[stage.repositories[repository].theme].ending);
            stage.add((author, repository, at), PullScene::Farming, change, |life, _| {
                life.judged(OutcomeChances { merged: 50, closed: 30, spam: 25 });
            });
            at += TimeDelta::seconds(stage.rng.between(70, 800));
            left -= 1;
        }
    }
}

/// Pages that are easy to edit.
const PAGES: [&str; 4] = ["README.md", "CONTRIBUTING.md", "docs/install.md", "index.html"];

/// Draws an edit in GitHub's editor.
fn edit(rng: &mut Rng, ending: &str) -> PullContent {
    let path = if rng.chance(55) {
        (*rng.pick(&PAGES)).to_owned()
    } else {
        format!("src/{}.{ending}", rng.pick(&["main", "index", "app", "lib"]))
    };
    let name = path.rsplit('/').next().unwrap_or_default();
    let title = match rng.below(5) {
        0 | 1 => format!("Update {name}"),
        2 => String::from("fixed"),
        3 => String::from("Minor changes"),
        _ => format!("improve {name}"),
    };
    PullContent {
        title,
        body: None,
        branch: format!("patch-{}", rng.between(1, 40)),
        files: vec![file(path, rng.between(1, 4), rng.between(0, 3))],
        label: "maintenance",
    }
}

/// Opens one to three changes a day for some weeks.
fn drip(stage: &mut SketchStage<'_>, author: usize, targets: &[usize], count: usize) {
    let latest = stage.scale.until - TimeDelta::days(25);
    let latest = latest.max(stage.earliest(author, targets[0]));
    let (_, _, day) = stage.opening(author, targets[0]);
    let (mut day, mut left) = (day.min(latest), count);
    while left > 0 {
        for _ in 0..left.min(1 + stage.rng.index(3)) {
            let repository = *stage.rng.pick(targets);
            let at = stage.awake(author, day);
            let at = at.max(stage.earliest(author, repository));
            let at = at.min(stage.scale.until - TimeDelta::hours(3));
            part(stage, (author, repository, at));
            left -= 1;
        }
        day += TimeDelta::days(stage.rng.between(1, 3));
    }
}

fn part(stage: &mut SketchStage<'_>, opening: SketchOpening) {
    let change = changes::plausible(&mut stage.rng, &stage.repositories[opening.1]);
    stage.add(opening, PullScene::Farming, change, |life, _| {
        life.discuss(9);
        life.judged(OutcomeChances { merged: 75, closed: 13, spam: 6 });
    });
}
