use super::super::{
    draft::{Draft, file},
    world::World,
};
use crate::gaming::{PersonKind, PullScene};

/// Three accounts of one evening: they send the same kind of edit to the same two projects on the same days and approve
/// each other.
pub(super) fn siblings(world: &mut World) {
    let accounts = world.kin(PersonKind::Alternate(0));
    let homes = world.projects(2);
    for round in 0..6 {
        let day = 3 + 12 * round;
        for (seat, account) in accounts.iter().enumerate() {
            let home = homes[round as usize % 2];
            let part = world.part(home);
            let low = 17 + seat as i64;
            let at = world.on(*account, day, low, low + 1);
            let lines = world.rng.between(1, 4);
            let path = world.source(home, part);
            let draft = Draft::new(*account, home, PullScene::AlternateRun, at)
                .title(format!("Improved {part} code"))
                .body("Improved the code. Please merge")
                .files(vec![file(path, lines, world.rng.between(0, lines))])
                .head("main");
            let other = accounts[(seat + 1) % 3];
            let text =
                *world.rng.pick(&["Good work", "nice", "LGTM", "useful change, please merge"]);
            let wait = world.soon(3, 50);
            world.unwanted(draft.approved(wait, other, text), 45);
        }
    }
}

/// One person with an old account and two newer ones: the logins share nothing and the accounts never meet in a pull
/// request, but their texts, branches and habits are the same, and they share the work of one to stay below limits.
pub(super) fn strangers(world: &mut World) {
    let accounts = world.kin(PersonKind::Alternate(1));
    let homes = world.projects(3);
    // Offsets in profiles differ, the hours do not.
    let clock = accounts[0];
    for turn in 0..18 {
        let account = accounts[turn as usize % 3];
        let day = (4 + 9 * turn / 2).max(world.arrival(account));
        let at = world.on(clock, day, 21, 25);
        let home = *world.rng.pick(&homes);
        let part = world.part(home);
        let action =
            *world.rng.pick(&["minor cleanup of", "minor rework of", "minor comments for"]);
        let added = world.rng.between(3, 11);
        let path = world.source(home, part);
        let draft = Draft::new(account, home, PullScene::AlternateRun, at)
            .title(format!("{part} - {action} the module"))
            .body("Hello team, hope this finds you well. Have a nice day")
            .files(vec![file(path, added, added / 2)])
            .head(format!("{}-minor", part.to_lowercase()));
        world.unwanted(draft, 60);
    }
}
