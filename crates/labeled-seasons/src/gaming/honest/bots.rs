use chrono::TimeDelta;

use crate::gaming::{
    changes::{PullContent, file},
    life::PullLife,
    model::PullScene,
    people::Habit,
    stage::SketchStage,
    themes::THEMES,
};
use testkit::{
    payloads::{Label, Verdict},
    rng::Rng,
    story::Act,
};

/// Updates of dependencies at default scale.
const BUMPS: usize = 470;

/// Bots open updates of the same dependency in many repositories within minutes. Maintainers merge most of them, some
/// automatically; the bot closes what a newer update replaces.
pub(super) fn bumps(stage: &mut SketchStage<'_>) {
    let bots = stage.with_habit(Habit::Bot);
    let target = stage.sketches.len() + stage.scale.all(BUMPS);
    while stage.sketches.len() < target {
        let bot = *stage.rng.pick(&bots);
        let projects = stage.projects();
        let some = projects.len().min(2 + stage.rng.index(5));
        let mut at = stage.moment(bot, stage.scale.from);
        let update = update(&mut stage.rng);
        for repository in projects.into_iter().take(some) {
            let at_most = stage.scale.until - TimeDelta::hours(1);
            let change =
                bump(&mut stage.rng, &update, &THEMES[stage.repositories[repository].theme]);
            stage.add((bot, repository, at.min(at_most)), PullScene::Bump, change, live);
            at += TimeDelta::seconds(stage.rng.between(3, 240));
        }
    }
}

/// Draws a dependency with its versions.
fn update(rng: &mut Rng) -> (String, String, String) {
    let name = crate::gaming::names::name(rng);
    let (major, minor, patch) = (rng.below(4), rng.below(30), rng.below(9));
    let from = format!("{major}.{minor}.{patch}");
    let to = match rng.below(3) {
        0 => format!("{major}.{}.0", minor + 1),
        _ => format!("{major}.{minor}.{}", patch + 1),
    };
    (name, from, to)
}

fn bump(
    rng: &mut Rng,
    (name, from, to): &(String, String, String),
    theme: &crate::gaming::themes::Theme,
) -> PullContent {
    let mut files = vec![file(theme.lock, rng.between(2, 9), rng.between(2, 9))];
    if rng.chance(60) {
        files.push(file(theme.manifest, 1, 1));
    }
    PullContent {
        title: format!("chore(deps): bump {name} from {from} to {to}"),
        body: Some(format!(
            "Bumps {name} from {from} to {to}.\r\n\r\nRelease notes and commits are listed below. This \
             pull request is updated as long as it is not changed by hand."
        )),
        branch: format!("deps/{name}-{to}"),
        files,
        label: "dependencies",
    }
}

fn live(life: &mut PullLife<'_>, change: &PullContent) {
    let bot = life.author;
    life.soon(1, 6, bot, Act::Labeled(Label::named(change.label)));
    let by = life.maintainer();
    match life.rng.below(100) {
        0..25 => {
            let act = crate::gaming::life::review(Verdict::Approved, None);
            life.soon(40, 500, by, act);
            life.soon(60, 900, by, Act::Merged);
        }
        25..72 => life.later(2500, by, Act::Merged),
        72..92 => life.later(9000, bot, Act::Closed),
        _ => {}
    }
}
