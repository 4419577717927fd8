use super::super::{
    calendar::DAYS,
    draft::{Draft, file},
    phrases::APPROVALS,
    world::World,
};
use crate::gaming::{Habit, PullScene, Purpose};

/// Members of small teams review each other most of the time, quickly and with one word; each also helps elsewhere.
pub(super) fn pairs(world: &mut World) {
    for team in 0..4 {
        let home = world.of(Purpose::Team(team))[0];
        let members = world.who(Habit::Teammate(team));
        let elsewhere = world.project();
        for person in &members {
            for _ in 0..world.rng.between(8, 17) {
                if world.rng.chance(8) {
                    let draft = world.real(*person, elsewhere, PullScene::Everyday);
                    world.usual(draft);
                } else {
                    teamwork(world, *person, home);
                }
            }
        }
    }
}

fn teamwork(world: &mut World, person: usize, home: usize) {
    let mut draft = world.real(person, home, PullScene::Team);
    if draft.at < world.people[person].created_at {
        return;
    }
    if world.rng.chance(30) {
        draft.files.truncate(1);
        draft.files[0].additions = world.soon(1, 8);
        draft.files[0].deletions = world.soon(0, 4);
    }
    let Some(mate) = world.reviewer(&draft) else {
        return;
    };
    if world.rng.chance(75) {
        let text = *world.rng.pick(APPROVALS);
        let wait = world.soon(2, 180);
        draft.unready = false;
        let after = wait + world.soon(0, 30);
        world.add(draft.approved(wait, mate, text).merged(after, person));
    } else {
        world.usual(draft);
    }
}

/// A prolific maintainer changes a monorepo in tiny steps, one package at a time, and merges at once.
pub(super) fn monorepos(world: &mut World) {
    let homes = world.of(Purpose::Fast);
    for (home, person) in homes.into_iter().zip(world.who(Habit::FastMaintainer)) {
        for _ in 0..world.rng.between(26, 40) {
            let part = world.part(home);
            let at = world.awake(person);
            let tiny = world.rng.chance(60);
            let path = world.source(home, part);
            let (added, removed) = (world.soon(1, 9), world.soon(0, 9));
            let files = if tiny {
                vec![file(format!("packages/{part}/{path}"), added, removed)]
            } else {
                world.work(home, part)
            };
            let title = world.work_title(home, part);
            let branch = world.branch(part);
            let draft = Draft::new(person, home, PullScene::Fast, at);
            let minutes = world.soon(0, 14);
            world.self_merged(draft.title(title).files(files).head(branch), minutes);
        }
    }
}

/// Maintainers release every package in the same minutes of every second Thursday: equal titles, files and sizes.
pub(super) fn release_trains(world: &mut World) {
    let home = world.of(Purpose::Fast)[0];
    let conductor = world.who(Habit::FastMaintainer)[0];
    for (train, day) in (5..DAYS - 2).step_by(21).enumerate() {
        let first = world.on(conductor, day, 14, 15);
        let parts = world.stack(home).parts;
        for (place, part) in parts.iter().take(4).enumerate() {
            let at = first + chrono::TimeDelta::minutes(2 * place as i64);
            let version = format!("1.{}.{}", 10 + train, place % 2);
            let files = vec![
                file(format!("packages/{part}/CHANGELOG.md"), world.soon(2, 12), 0),
                file(format!("packages/{part}/version.txt"), 1, 1),
            ];
            let draft = Draft::new(conductor, home, PullScene::Fast, at)
                .title(format!("release({part}): {version}"))
                .files(files)
                .head(format!("release/{part}-{version}"));
            world.self_merged(draft, 4);
        }
    }
}
