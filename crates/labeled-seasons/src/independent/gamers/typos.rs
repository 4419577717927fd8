use chrono::TimeDelta;

use super::super::{
    draft::{Draft, file},
    phrases::BEGGING,
    world::World,
};
use crate::gaming::{PersonKind, PullScene};

const HASTY: &[&str] =
    &["Update README.md", "Update README.md", "fix typo", "Fixed typos", "README update", "typo"];

const PAGES: &[&str] =
    &["README.md", "CONTRIBUTING.md", "docs/index.md", "docs/README.md", "CODE_OF_CONDUCT.md"];

const SYNONYMS: &[(&str, &str)] = &[
    ("utilize", "use"),
    ("in order to", "to"),
    ("e.g.", "for example"),
    ("can not", "cannot"),
    ("setup", "set up"),
    ("simply", "easily"),
    ("developers", "engineers"),
    ("Github", "GitHub"),
];

/// Hasty spammers change one line of the README of a dozen projects in one or two evenings.
pub(super) fn hasty(world: &mut World) {
    for spammer in world.kin(PersonKind::TypoSpammer) {
        if world.careful(spammer) {
            continue;
        }
        let day = world.arrival(spammer) + world.rng.between(1, 40);
        let mut at = world.on(spammer, day, 16, 22);
        for home in world.projects(12) {
            at += TimeDelta::seconds(world.rng.between(90, 2400));
            let lines = world.rng.between(1, 2);
            let files = vec![file("README.md", lines, lines)];
            let draft = Draft::new(spammer, home, PullScene::TypoSpam, at)
                .title(*world.rng.pick(HASTY))
                .body(*world.rng.pick(BEGGING))
                .files(files);
            world.unwanted(draft, 35);
        }
    }
}

/// Patient spammers send one or two a week or day, with a title of its own each time.
pub(super) fn patient(world: &mut World) {
    let methods = [exchange, spaces, advertise];
    let spammers = world.kin(PersonKind::TypoSpammer).into_iter();
    let spammers: Vec<usize> = spammers.filter(|own| world.careful(*own)).collect();
    for (spammer, method) in spammers.into_iter().zip(methods) {
        let first = world.rng.between(2, 20);
        for (turn, home) in world.projects(11).into_iter().enumerate() {
            let day = first + turn as i64 * 11 / 2 + world.rng.between(0, 3);
            let at = world.on(spammer, day, 8, 23);
            let draft = Draft::new(spammer, home, PullScene::TypoSpam, at);
            let draft = method(world, draft);
            world.unwanted(draft, 50);
        }
    }
}

/// Exchanges a correct word for another.
fn exchange(world: &mut World, draft: Draft) -> Draft {
    let (old, new) = *world.rng.pick(SYNONYMS);
    let page = *world.rng.pick(PAGES);
    let title = match world.rng.below(4) {
        0 => format!("docs: prefer \"{new}\" over \"{old}\""),
        1 => format!("Improve wording of {page}"),
        2 => format!("Clarify the introduction ({new})"),
        _ => format!("style: consistent use of {new}"),
    };
    let lines = world.rng.between(1, 4);
    let draft = draft.title(title).files(vec![file(page, lines, lines)]);
    draft.body("Small improvement of the language for better readability.").head("wording")
}

/// Removes spaces at the ends of lines, or adds empty lines.
fn spaces(world: &mut World, draft: Draft) -> Draft {
    let page = *world.rng.pick(PAGES);
    let title = *world.rng.pick(&[
        "Remove trailing whitespace",
        "Fix Markdown lint MD009",
        "docs: newline at the end of the file",
        "Normalize list markers",
        "Format the table of contents",
        "chore: tidy Markdown",
    ]);
    let lines = world.rng.between(1, 19);
    draft.title(title).files(vec![file(page, lines, lines)]).head("tidy")
}

/// Adds a link to the spammer's own site to a list of resources or badges.
fn advertise(world: &mut World, draft: Draft) -> Draft {
    let title = *world.rng.pick(&[
        "Add community resource",
        "docs: add tutorial link",
        "Add a badge",
        "README: further reading",
        "Add translation service to the docs",
    ]);
    let added = world.rng.between(1, 3);
    draft
        .title(title)
        .body("I wrote a guide that your users will love: https://guides.example/top-10")
        .files(vec![file("README.md", added, 0)])
        .head("resources")
}
