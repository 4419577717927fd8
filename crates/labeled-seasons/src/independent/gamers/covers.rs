use super::super::world::World;
use crate::gaming::{PersonKind, PullScene};

/// Most gamers also do real work, careful ones more: some because they like it, some to look honest.
pub(super) fn real_work(world: &mut World) {
    for person in 0..world.people.len() {
        let gamer = world.people[person].kind != PersonKind::Honest;
        if !gamer || (!world.careful(person) && world.rng.chance(45)) {
            continue;
        }
        let most = if world.careful(person) { 4 } else { 2 };
        let homes = world.projects(2);
        for _ in 0..world.rng.between(1, most) {
            let home = *world.rng.pick(&homes);
            let draft = world.real(person, home, PullScene::Cover);
            if draft.at > world.people[person].created_at {
                world.usual(draft);
            }
        }
    }
}
