use super::super::{
    draft::{Draft, DraftDeed, file},
    world::World,
};
use crate::gaming::{PersonKind, PullScene, Purpose};
use testkit::payloads::Verdict;

const PLAUSIBLE: &[&str] = &[
    "The condition reads better now. One question: is the old branch still reachable?",
    "Checked locally.",
    "Makes sense, thanks for keeping it small.",
    "I like the naming.",
    "Fine with me after the rebase.",
    "LGTM",
];

/// Returns a small change of a ring's member in their project.
fn trade(world: &mut World, author: usize, home: usize, largest: i64) -> Draft {
    let part = world.part(home);
    let at = world.awake(author);
    let at = at.max(world.people[author].created_at + chrono::TimeDelta::hours(3));
    let path = match world.rng.below(4) {
        0 => String::from("README.md"),
        1 => format!("docs/{part}.md"),
        _ => world.source(home, part),
    };
    let files = vec![file(path, world.soon(1, largest), world.soon(0, largest / 2))];
    let branch = world.branch(part);
    let title = world.work_title(home, part);
    Draft::new(author, home, PullScene::RingTrade, at).title(title).files(files).head(branch)
}

/// Three friends with write access approve and merge anything of each other within minutes.
pub(super) fn stamps(world: &mut World) {
    let home = world.of(Purpose::RingHome(0))[0];
    let ring = world.kin(PersonKind::RingMember(0));
    for (seat, author) in ring.iter().enumerate() {
        for _ in 0..world.rng.between(5, 8) {
            let friend = ring[(seat + world.rng.index(2) + 1) % 3];
            let draft = trade(world, *author, home, 6);
            world.stamped(draft, friend, 0, 9);
        }
    }
}

/// Adds a ring of two who wait for hours before they approve, with plausible reviews, and sometimes request changes.
pub(super) fn duo(world: &mut World) {
    let home = world.of(Purpose::RingHome(1))[0];
    let ring = world.kin(PersonKind::RingMember(1));
    for seat in 0..2 {
        let (author, friend) = (ring[seat], ring[1 - seat]);
        for _ in 0..world.rng.between(7, 9) {
            let draft = trade(world, author, home, 22);
            let wait = world.soon(80, 1500);
            if world.rng.chance(25) {
                let text = String::from("Could this be one line shorter?");
                let draft = draft
                    .then(wait, friend, DraftDeed::Review(Verdict::ChangesRequested, Some(text)))
                    .then(wait + 40, author, DraftDeed::Push)
                    .approved(wait + 55, friend, "Thanks!");
                world.add(draft.merged(wait + 60, friend));
            } else {
                let text = *world.rng.pick(PLAUSIBLE);
                let after = wait + world.soon(1, 300);
                world.add(draft.approved(wait, friend, text).merged(after, friend));
            }
        }
    }
}

/// Five people approve in a circle, so that no two approve each other, and review outsiders for the look of it.
pub(super) fn circle(world: &mut World) {
    let home = world.of(Purpose::RingHome(2))[0];
    let ring = world.kin(PersonKind::RingMember(2));
    for (seat, author) in ring.iter().enumerate() {
        let (next, after_next) = (ring[(seat + 1) % 5], ring[(seat + 2) % 5]);
        for _ in 0..world.rng.between(4, 5) {
            let draft = trade(world, *author, home, 14);
            let wait = world.soon(15, 700);
            let text = *world.rng.pick(PLAUSIBLE);
            let after = wait + world.soon(1, 60);
            world.add(draft.approved(wait, next, text).merged(after, after_next));
        }
    }
    outsiders(world, home, &ring);
}

/// Outsiders of a ring's project are reviewed too, slowly and with more requests.
fn outsiders(world: &mut World, home: usize, ring: &[usize]) {
    let regulars = world.who(crate::gaming::Habit::Regular);
    for _ in 0..8 {
        let author = regulars[world.rng.index(44)];
        let mut draft = world.real(author, home, PullScene::Everyday);
        draft.unready = false;
        let member = *world.rng.pick(ring);
        let wait = world.soon(600, 6000);
        if world.rng.chance(50) {
            world.add(draft.approved(wait, member, "Thank you.").merged(wait + 9, member));
        } else {
            let text = Some(String::from("Please describe how you tested this."));
            world.add(draft.then(wait, member, DraftDeed::Review(Verdict::ChangesRequested, text)));
        }
    }
}
