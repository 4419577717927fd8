use super::super::{
    draft::{Draft, DraftDeed, file},
    world::World,
};
use crate::gaming::{Habit, PullScene};

const PACKAGES: &[&str] =
    &["zlib-ng", "left-trim", "httpkit", "yamlet", "chronos", "argot", "snappy-rs", "treewalk"];

/// Bots update the same dependency in many projects on the same night; people approve and merge in the morning.
pub(super) fn bots(world: &mut World) {
    for bot in world.who(Habit::Bot) {
        let homes = world.projects(7);
        for night in 0..4 {
            let package = *world.rng.pick(PACKAGES);
            let version = format!("{}.{}.0", world.rng.between(1, 9), night + 3);
            let day = 4 + 21 * night + world.rng.between(0, 6);
            for home in homes.iter().skip(night as usize % 2).copied() {
                let at = world.on(bot, day, 3, 4);
                let files = vec![
                    file("manifest.lock", world.rng.between(3, 5), 3),
                    file("manifest.toml", 1, 1),
                ];
                let draft = Draft::new(bot, home, PullScene::Bump, at)
                    .title(format!("Bump {package} to {version}"))
                    .body(format!("Bumps {package}. Release notes are linked below."))
                    .files(files)
                    .head(format!("bump/{package}-{version}"))
                    .then(0, bot, DraftDeed::Label("dependencies"));
                updated(world, draft, bot);
            }
        }
    }
}

fn updated(world: &mut World, draft: Draft, bot: usize) {
    let Some(person) = world.reviewer(&draft) else {
        return;
    };
    let wait = world.soon(120, 3000);
    let draft = match world.rng.below(6) {
        0 => draft.then(9000, bot, DraftDeed::Close),
        1 => draft.merged(wait, person),
        _ => draft.approved(wait, person, "").merged(wait + 2, person),
    };
    world.add(draft);
}
