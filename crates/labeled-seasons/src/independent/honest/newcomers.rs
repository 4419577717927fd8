use super::super::{
    draft::{Draft, file},
    world::World,
};
use crate::gaming::{Habit, PullScene, Purpose};

const WORDS: &[&str] =
    &["recieve", "seperate", "occured", "teh", "dependancy", "begining", "accross", "wich"];

/// Half of the newcomers correct a word that they stumbled over, with the titles that GitHub's editor proposes.
pub(super) fn typos(world: &mut World) {
    for (place, person) in world.who(Habit::FirstTimer).into_iter().enumerate() {
        if place % 2 == 1 {
            continue;
        }
        for _ in 0..world.rng.between(1, 2) {
            let home = world.project();
            let at = arrived(world, person);
            let word = *world.rng.pick(WORDS);
            let page = *world.rng.pick(&[
                "README.md",
                "README.md",
                "docs/quickstart.md",
                "CONTRIBUTING.md",
            ]);
            let title = match world.rng.below(4) {
                0 => format!("Update {page}"),
                1 => String::from("Fix typo"),
                2 => format!("fixed typo: {word}"),
                _ => format!("Fix a typo in {page}"),
            };
            let lines = world.rng.between(1, 2);
            let draft = Draft::new(person, home, PullScene::FirstTypo, at).title(title);
            world.usual(draft.files(vec![file(page, lines, lines)]).head("patch-1"));
        }
        if world.rng.chance(30) {
            let home = world.project();
            let at = arrived(world, person);
            let draft = world.real_at(person, home, PullScene::Everyday, at);
            world.usual(draft);
        }
    }
}

fn arrived(world: &mut World, person: usize) -> kernel::Timestamp {
    let arrival = world.arrival(person);
    let day = arrival + world.soon(0, 80 - arrival.min(60));
    world.on(person, day, 11, 24)
}

/// The others write their names in a place to practice, where a community merges everything within minutes; later they
/// do something real.
pub(super) fn practice(world: &mut World) {
    let homes = world.of(Purpose::Practice);
    for (place, person) in world.who(Habit::FirstTimer).into_iter().enumerate() {
        if place % 2 == 0 {
            continue;
        }
        let home = homes[place / 2 % 2];
        let name = world.given();
        let at = arrived(world, person);
        let title = match world.rng.below(3) {
            0 => format!("Add {name}"),
            1 => String::from("Added my name"),
            _ => String::from("Update Contributors.md"),
        };
        let draft = Draft::new(person, home, PullScene::Practice, at).title(title);
        let draft = draft.files(vec![file("Contributors.md", 1, 0)]).head("add-my-name");
        let (wait, host) = (world.soon(1, 200), world.repositories[home].maintainers[place % 3]);
        world.add(draft.approved(wait, host, "Welcome! 🎉").merged(wait + 1, host));
        if world.rng.chance(60) {
            let home = world.project();
            let later = at + chrono::TimeDelta::hours(world.rng.between(20, 400));
            let draft = world.real_at(person, home, PullScene::Everyday, later);
            world.usual(draft);
        }
    }
}

/// Entries of curated lists: one line, from people of all kinds.
pub(super) fn lists(world: &mut World) {
    let regulars = world.who(Habit::Regular);
    let homes = world.of(Purpose::List);
    for _ in 0..18 {
        let person = *world.rng.pick(&regulars);
        let at = world.awake(person);
        if at < world.people[person].created_at {
            continue;
        }
        let home = *world.rng.pick(&homes);
        let project = world.project_name();
        let draft = Draft::new(person, home, PullScene::ListEntry, at)
            .title(format!("Add {project}"))
            .body(format!("{project} is a small tool that I have used for a year."))
            .files(vec![file("README.md", 1, 0)]);
        world.usual(draft.head(format!("add-{project}")));
    }
}

/// Newcomers who take junk repositories for real ones.
pub(super) fn strays(world: &mut World) {
    for (place, person) in world.who(Habit::FirstTimer).into_iter().take(6).enumerate() {
        let home = world.of(Purpose::Junk(place % 3))[0];
        let at = arrived(world, person);
        let owner = world.repositories[home].maintainers[0];
        let files = vec![file("linked_list.c", world.rng.between(40, 110), 0)];
        let draft =
            Draft::new(person, home, PullScene::Stray, at).title("Add a linked list").files(files);
        let wait = world.soon(1, 600);
        world.add(draft.head("linked-list").merged(wait, owner));
    }
}
