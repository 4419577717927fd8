use chrono::TimeDelta;

use super::super::{
    draft::{Draft, DraftDeed},
    world::World,
};
use crate::gaming::{Habit, PullScene};

/// Two people correct the same defect within hours, because neither saw the other's change.
pub(super) fn same_fix(world: &mut World) {
    let regulars = world.who(Habit::Regular);
    for _ in 0..7 {
        twins(world, &regulars);
    }
}

fn twins(world: &mut World, regulars: &[usize]) {
    let home = world.project();
    let (one, two) = (regulars[world.rng.index(24)], regulars[24 + world.rng.index(20)]);
    let mut first = world.real(one, home, PullScene::Everyday);
    first.files.truncate(2);
    first.files[0].additions = world.soon(1, 14);
    let part = world.part(home);
    let hours = world.rng.between(1, 40);
    let mut second = Draft {
        author: two,
        scene: PullScene::Duplicate,
        at: first.at + TimeDelta::hours(hours),
        body: None,
        head: world.branch(part),
        ..first.clone()
    };
    second.files[0].additions += world.rng.between(0, 2);
    second.title = format!("{}!", second.title.trim_end_matches('.'));
    if world.rng.chance(60) {
        second.title = world.work_title(home, part);
    }
    let second = match world.reviewer(&second) {
        Some(reviewer) => second.then(world.soon(60, 2000), reviewer, DraftDeed::Close),
        None => second,
    };
    world.usual(first);
    world.add(second);
}

/// People who close a change after a failed rebase and open the same change again within the hour.
pub(super) fn opened_again(world: &mut World) {
    let regulars = world.who(Habit::Regular);
    for _ in 0..8 {
        let author = regulars[world.rng.index(44)];
        let home = world.project();
        let mut draft = world.real(author, home, PullScene::Duplicate);
        draft.unready = false;
        let minutes = world.soon(10, 2000);
        let again = Draft {
            at: draft.at + TimeDelta::minutes(minutes + 5),
            scene: PullScene::Everyday,
            head: format!("{}-2", draft.head),
            ..draft.clone()
        };
        world.add(draft.then(minutes, author, DraftDeed::Close));
        world.usual(again);
    }
}
