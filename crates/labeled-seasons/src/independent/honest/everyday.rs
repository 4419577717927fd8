use super::super::{calendar::DAYS, world::World};
use crate::gaming::{Habit, PullScene, Purpose};

/// Regulars work in one to three projects, some of which belong to a ring or to one person.
pub(super) fn regulars(world: &mut World) {
    for person in world.who(Habit::Regular) {
        let count = world.rng.index(3) + 1;
        let mut homes = world.projects(count);
        if world.rng.chance(25) {
            homes.push(elsewhere(world));
        }
        for _ in 0..world.soon(1, 12) {
            let repository = *world.rng.pick(&homes);
            let draft = world.real(person, repository, PullScene::Everyday);
            if draft.at > world.people[person].created_at {
                world.usual(draft);
            }
        }
        if world.rng.chance(35) {
            vacation(world, person, homes[0]);
        }
    }
}

fn elsewhere(world: &mut World) -> usize {
    let ring = world.rng.index(3);
    let mut others = world.of(Purpose::Solo);
    others.extend(world.of(Purpose::Fast));
    others.extend(world.of(Purpose::RingHome(ring)));
    *world.rng.pick(&others)
}

/// A free week, in which a regular clears their list of small things in one or two evenings.
fn vacation(world: &mut World, person: usize, repository: usize) {
    let first = world.rng.between(world.arrival(person), DAYS - 8);
    for _ in 0..world.rng.between(4, 9) {
        let day = first + world.rng.between(0, 1);
        let at = world.on(person, day, 17, 23);
        let mut draft = world.real_at(person, repository, PullScene::Everyday, at);
        draft.files.truncate(1);
        draft.files[0].additions = world.soon(1, 12);
        draft.files[0].deletions = world.soon(0, 6);
        world.usual(draft);
    }
}

/// Maintainers change their own projects and review each other, with an approval or without.
pub(super) fn maintainers(world: &mut World) {
    for person in world.who(Habit::Maintainer) {
        let all = world.of(Purpose::Project);
        let own = world.repositories.iter().enumerate();
        let own =
            own.filter(|(place, repo)| all.contains(place) && repo.maintainers.contains(&person));
        let homes: Vec<usize> = own.map(|(place, _)| place).collect();
        for _ in 0..world.rng.between(3, 9) {
            let repository = *world.rng.pick(&homes);
            let draft = world.real(person, repository, PullScene::Everyday);
            if world.rng.chance(20) {
                let minutes = world.soon(1, 300);
                world.self_merged(draft, minutes);
            } else {
                world.usual(draft);
            }
        }
    }
}

/// People with a project of their own merge their changes within minutes, sometimes many on a Sunday.
pub(super) fn solos(world: &mut World) {
    for (repository, person) in world.of(Purpose::Solo).into_iter().zip(world.who(Habit::Solo)) {
        let sunday = world.rng.between(1, 11) * 7 + 1;
        for turn in 0..world.rng.between(4, 11) {
            let at = match turn % 3 {
                0 => world.on(person, sunday, 10, 22),
                _ => world.awake(person),
            };
            let draft = world.real_at(person, repository, PullScene::Solo, at);
            let minutes = world.soon(0, 240);
            world.self_merged(draft, minutes);
        }
    }
}
