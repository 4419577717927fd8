use chrono::TimeDelta;

use super::super::{
    draft::{Draft, file},
    phrases::{BEGGING, STAMPS},
    world::World,
};
use crate::gaming::{PersonKind, PullScene, Purpose};

const PROGRAMS: &[&str] = &[
    "factorial",
    "fibonacci",
    "palindrome",
    "bubble_sort",
    "calculator",
    "prime_check",
    "hello_world",
    "star_pattern",
    "binary_search",
    "swap_numbers",
    "leap_year",
    "tic_tac_toe",
    "armstrong",
    "reverse_string",
];

const TONGUES: &[(&str, &str)] =
    &[("Python", "py"), ("C++", "cpp"), ("Java", "java"), ("JS", "js"), ("C", "c")];

/// Beginners' programs in every language, merged within minutes by the owner.
pub(super) fn programs(world: &mut World) {
    let homes = world.of(Purpose::Junk(0));
    let owner = world.kin(PersonKind::JunkOwner(0))[0];
    for person in world.kin(PersonKind::JunkContributor(0)) {
        let arrival = world.arrival(person);
        for turn in 0..world.rng.between(4, 9) {
            program(world, person, &homes, arrival + turn * 2, owner);
        }
    }
}

fn program(world: &mut World, person: usize, homes: &[usize], day: i64, owner: usize) {
    let home = *world.rng.pick(homes);
    let name = *world.rng.pick(PROGRAMS);
    let (tongue, extension) = *world.rng.pick(TONGUES);
    let day = day + world.soon(0, 9);
    let at = world.on(person, day, 10, 25);
    let title = match world.rng.below(4) {
        0 => format!("Added {name} program in {tongue}"),
        1 => format!("Create {name}.{extension}"),
        2 => format!("{name} {tongue}"),
        _ => String::from("Hacktober contribution"),
    };
    let files = vec![file(format!("{tongue}/{name}.{extension}"), world.soon(4, 60), 0)];
    let draft = Draft::new(person, home, PullScene::Junk, at).title(title).files(files);
    let draft = draft.body(*world.rng.pick(BEGGING)).head("main");
    let wait = world.soon(0, 25);
    world.add(draft.merged(wait, owner));
}

/// A handbook that looks serious: the owner reviews, waits and has a template for descriptions. Chapters are copies.
pub(super) fn handbook(world: &mut World) {
    let homes = world.of(Purpose::Junk(1));
    let owner = world.kin(PersonKind::JunkOwner(1))[0];
    for person in world.kin(PersonKind::JunkContributor(1)) {
        for _ in 0..world.rng.between(4, 7) {
            chapter(world, person, &homes, owner);
        }
    }
}

fn chapter(world: &mut World, person: usize, homes: &[usize], owner: usize) {
    let home = *world.rng.pick(homes);
    let name = *world.rng.pick(PROGRAMS);
    let (tongue, extension) = *world.rng.pick(TONGUES);
    let at = world.awake(person);
    let (code, notes) = (world.rng.between(20, 90), world.rng.between(8, 30));
    let files = vec![
        file(format!("chapters/{}/{name}.{extension}", tongue.to_lowercase()), code, 0),
        file(format!("chapters/{}/{name}.md", tongue.to_lowercase()), notes, 0),
    ];
    let draft = Draft::new(person, home, PullScene::Junk, at)
        .title(format!("feat(chapters): {} in {tongue}", name.replace('_', " ")))
        .body("### Description\nAdds a chapter.\n\n### Checklist\n- [x] I have read the guidelines")
        .files(files)
        .head(format!("chapter-{name}"));
    let wait = world.soon(30, 1800);
    let text = *world.rng.pick(STAMPS);
    world.add(draft.approved(wait, owner, text).merged(wait + 4, owner));
}

/// Walls of names and profile cards: one person adds several entries, for themselves and invented people. The owner
/// also adds some and merges them.
pub(super) fn walls(world: &mut World) {
    let homes = world.of(Purpose::Junk(2));
    let owner = world.kin(PersonKind::JunkOwner(2))[0];
    let mut crowd = world.kin(PersonKind::JunkContributor(2));
    crowd.push(owner);
    for person in crowd {
        let day = world.arrival(person) + world.soon(0, 20);
        let mut at = world.on(person, day, 9, 20);
        for turn in 0..world.rng.between(5, 8) {
            at += TimeDelta::minutes(world.soon(8, 2600));
            let home = homes[turn as usize % 2];
            let name = world.given();
            let files = match turn % 2 {
                0 => vec![file("README.md", world.rng.between(1, 5), 0)],
                _ => vec![file(format!("cards/{}.json", name.to_lowercase()), 7, 0)],
            };
            let title = match world.rng.below(3) {
                0 => format!("Add {name} to the wall"),
                1 => format!("profile card: {name}"),
                _ => String::from("Added my name"),
            };
            let draft = Draft::new(person, home, PullScene::Junk, at).title(title).files(files);
            let wait = world.soon(0, 60);
            world.add(draft.head(format!("patch-{turn}")).merged(wait, owner));
        }
    }
}
