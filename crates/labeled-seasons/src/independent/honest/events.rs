use chrono::TimeDelta;

use super::super::{
    draft::{Draft, file},
    phrases::STAMPS,
    world::World,
};
use crate::gaming::{Habit, PullScene, Purpose};

const PAGES: &[&str] = &[
    "installation",
    "quickstart",
    "configuration",
    "faq",
    "upgrading",
    "plugins",
    "security",
    "glossary",
    "tutorial-1",
    "tutorial-2",
    "deployment",
    "troubleshooting",
    "api/errors",
    "api/limits",
    "contributing",
];

const FIXES: &[&str] = &[
    "Clarify the first step of",
    "Fix typos in",
    "Add an example to",
    "Correct the commands in",
    "Shorten",
    "Explain the defaults in",
    "Fix broken links in",
    "Use consistent headings in",
    "Mention Windows in",
    "Add alt texts to",
];

/// A day of documentation: a dozen people at one table send many small changes to two projects, and a maintainer beside
/// them merges at once.
pub(super) fn docs_day(world: &mut World) {
    let homes = world.projects(2);
    let day = world.rng.between(30, 60);
    for person in world.who(Habit::Sprinter(0)) {
        for turn in 0..world.rng.between(3, 7) {
            let page = *world.rng.pick(PAGES);
            let title = format!("{} {page}", world.rng.pick(FIXES));
            // Everyone sits at the same place, whatever the offset in their profile.
            let second = world.rng.between(0, 2400);
            let at = super::super::calendar::start()
                + TimeDelta::days(day)
                + TimeDelta::hours(8 + turn)
                + TimeDelta::seconds(second);
            let files = vec![file(format!("docs/{page}.md"), world.soon(1, 25), world.soon(0, 12))];
            let home = *world.rng.pick(&homes);
            let draft = Draft::new(person, home, PullScene::Sprint, at).title(title).files(files);
            let draft = draft.head(format!("docs-day-{turn}"));
            praised(world, draft);
        }
    }
}

fn praised(world: &mut World, draft: Draft) {
    let wait = world.soon(3, 90);
    let Some(reviewer) = world.reviewer(&draft) else {
        return;
    };
    let text = *world.rng.pick(STAMPS);
    let draft = draft.then(1, reviewer, super::super::draft::DraftDeed::Label("docs-day"));
    match world.rng.below(8) {
        0 => world.usual(draft),
        _ => world.add(draft.approved(wait, reviewer, text).merged(wait + 1, reviewer)),
    }
}

/// A hackathon: five people build something in two days and nights and approve each other without a word.
pub(super) fn hackathon(world: &mut World) {
    let home = world.of(Purpose::Team(4))[0];
    let friday = 7 * world.rng.between(4, 10) + 6;
    for person in world.who(Habit::Sprinter(1)) {
        let first = friday.max(world.arrival(person));
        for _ in 0..world.rng.between(7, 12) {
            hacked(world, person, home, first);
        }
    }
}

fn hacked(world: &mut World, person: usize, home: usize, first: i64) {
    let day = first + world.rng.between(0, 1);
    let at = world.on(person, day, 8, 27);
    let mut draft = world.real_at(person, home, PullScene::Sprint, at);
    if world.rng.chance(50) {
        draft.title =
            (*world.rng.pick(&["wip", "fix", "fix build", "demo", "slides", "ui", "works now"]))
                .into();
        draft.body = None;
    }
    draft.unready = false;
    let Some(mate) = world.reviewer(&draft) else {
        return;
    };
    let wait = world.soon(0, 12);
    let draft = if world.rng.chance(70) { draft.approved(wait, mate, "") } else { draft };
    world.add(draft.merged(wait + 1, person));
}
