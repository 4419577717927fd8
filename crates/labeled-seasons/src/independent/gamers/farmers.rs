use chrono::TimeDelta;
use kernel::Timestamp;

use super::super::{
    draft::{Draft, file},
    phrases::BEGGING,
    world::World,
};
use crate::gaming::{PersonKind, PullScene};

const EDITS: &[&str] = &[
    "Update README.md",
    "Update index",
    "small fix",
    "Removed extra space",
    "Update file",
    "Improve formatting",
    "Added comment",
    "minor changes",
    "Create notes.md",
    "rename variable",
    "Fix indentation",
];

/// Hasty farmers edit on the website: a dozen lines in one or two sittings, each its own pull request.
pub(super) fn bursts(world: &mut World) {
    for farmer in world.kin(PersonKind::Farmer) {
        if world.careful(farmer) {
            continue;
        }
        let arrival = world.arrival(farmer);
        let homes = world.projects(3);
        for _ in 0..world.rng.between(1, 2) {
            let day = arrival + world.soon(1, 80 - arrival.min(60));
            let mut at = world.on(farmer, day, 12, 23);
            for turn in 0..world.rng.between(5, 12) {
                at += TimeDelta::seconds(world.rng.between(70, 900));
                edit(world, farmer, &homes, at, turn);
            }
        }
    }
}

fn edit(world: &mut World, farmer: usize, homes: &[usize], at: Timestamp, turn: i64) {
    let home = *world.rng.pick(homes);
    let part = world.part(home);
    let path = match world.rng.below(3) {
        0 => String::from("README.md"),
        _ => world.source(home, part),
    };
    let files = vec![file(path, world.rng.between(1, 3), world.rng.between(0, 2))];
    let draft = Draft::new(farmer, home, PullScene::Farming, at)
        .title(*world.rng.pick(EDITS))
        .body(*world.rng.pick(BEGGING))
        .files(files);
    let draft = if world.rng.chance(20) {
        // The title becomes one that looks like work.
        world.retitled(draft)
    } else {
        draft
    };
    world.unwanted(draft.head(format!("patch-{}", turn + 1)), 45);
}

/// Patient farmers each have a method.
pub(super) fn crafts(world: &mut World) {
    let methods = [drip, slices, imports, essays];
    let farmers = world.kin(PersonKind::Farmer).into_iter();
    let farmers: Vec<usize> = farmers.filter(|own| world.careful(*own)).collect();
    for (farmer, method) in farmers.into_iter().zip(methods) {
        method(world, farmer);
    }
}

/// Two or three comments on functions in a day, for weeks, at human hours, with decent titles.
fn drip(world: &mut World, farmer: usize) {
    let homes = world.projects(3);
    let mut day = world.rng.between(3, 30);
    for turn in 0..19 {
        if turn % 2 == 0 {
            day += world.rng.between(1, 3);
        }
        let home = *world.rng.pick(&homes);
        let part = world.part(home);
        let at = world.on(farmer, day, 8, 22);
        let what = *world.rng.pick(&[
            "Document",
            "Describe the parameters of",
            "Comment the branches of",
            "Explain",
        ]);
        let path = world.source(home, part);
        let files = vec![file(path, world.rng.between(2, 5), 0)];
        let draft =
            Draft::new(farmer, home, PullScene::Farming, at).title(format!("{what} {part}"));
        let branch = world.branch(part);
        world.unwanted(draft.body("Improves readability.").files(files).head(branch), 70);
    }
}

/// One unrequested change of forty lines, cut into a dozen without numbers, over five days.
fn slices(world: &mut World, farmer: usize) {
    let home = world.project();
    let part = world.part(home);
    let path = world.source(home, part);
    let first = world.rng.between(5, 70);
    for turn in 0..13 {
        let at = world.on(farmer, first + turn / 3, 9, 24);
        let step = *world
            .rng
            .pick(&["extract", "rename", "move", "inline", "reorder", "simplify", "tidy"]);
        let noun = *world.rng.pick(&[
            "the loop",
            "a constant",
            "the guard",
            "an argument",
            "the result",
            "a branch",
        ]);
        let lines = world.rng.between(1, 6);
        let files = vec![file(path.clone(), lines, world.rng.between(0, lines))];
        let draft = Draft::new(farmer, home, PullScene::Farming, at)
            .title(format!("{part}: {step} {noun}"));
        world.unwanted(draft.files(files).head(format!("{step}-{turn}")), 60);
    }
}

/// One unused import or one semicolon per file and pull request, in the order of the folder.
fn imports(world: &mut World, farmer: usize) {
    let homes = world.projects(2);
    let first = world.rng.between(2, 40);
    for turn in 0..17 {
        let home = homes[usize::from(turn > 8)];
        let part = world.part(home);
        let at = world.on(farmer, first + turn * 5 / 2, 18, 24);
        let path = world.source(home, part);
        let stem = path.rsplit('/').next().unwrap_or(part).to_owned();
        let title = match world.rng.below(3) {
            0 => format!("refactor: remove unused import in {stem}"),
            1 => format!("chore({part}): drop unused import"),
            _ => format!("lint: clean imports of {stem}"),
        };
        let removed = world.rng.between(1, 2);
        let draft = Draft::new(farmer, home, PullScene::Farming, at).title(title);
        world.unwanted(draft.files(vec![file(path, 0, removed)]).head(format!("lint-{turn}")), 65);
    }
}

/// Long generated texts and tests without a request: large, polished and without use. Most are closed.
fn essays(world: &mut World, farmer: usize) {
    for _ in 0..14 {
        let home = world.project();
        let part = world.part(home);
        let at = world.awake(farmer);
        let what = *world.rng.pick(&[
            "comprehensive tests",
            "robust error handling",
            "detailed documentation",
        ]);
        let body = format!(
            "## Summary\nThis pull request introduces {what} for `{part}` ✨\n\n## Key changes\n- ✅ Improved \
             robustness\n- ✅ Enhanced maintainability\n- ✅ Follows best practices\n\n## Impact\nNo breaking changes 🚀"
        );
        let stack = world.stack(home);
        let path = format!("{}/{part}_comprehensive.{}", stack.tests, stack.extension);
        let files =
            vec![file(path, world.rng.between(150, 420), 0), file("docs/SUMMARY.md", 80, 0)];
        let draft = Draft::new(farmer, home, PullScene::Farming, at)
            .title(format!("feat: add {what} to {part}"))
            .body(body)
            .files(files);
        world.unwanted(draft.head(format!("ai/{}", part.to_lowercase())), 12);
    }
}
