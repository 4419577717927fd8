use chrono::TimeDelta;

use super::super::{
    calendar::end,
    draft::{Draft, file},
    world::World,
};
use crate::gaming::{PersonKind, PullScene};

/// Two copycats put the same policy file into a dozen projects: one as it is, on two days, and one with other titles,
/// folders and lengths, over weeks.
pub(super) fn policies(world: &mut World) {
    let cats = world.kin(PersonKind::Copycat);
    same(world, cats[0]);
    varied(world, cats[2]);
}

fn same(world: &mut World, cat: usize) {
    let first = world.arrival(cat) + world.rng.between(0, 50);
    for (turn, home) in world.projects(13).into_iter().enumerate() {
        let at = world.on(cat, first + turn as i64 / 7, 13, 20);
        let draft = Draft::new(cat, home, PullScene::Copy, at)
            .title("Create CODE_OF_CONDUCT.md")
            .body("Every project should have one. Please add the label.")
            .files(vec![file("CODE_OF_CONDUCT.md", 128, 0)]);
        world.unwanted(draft, 40);
    }
}

fn varied(world: &mut World, cat: usize) {
    let mut day = world.rng.between(2, 8);
    for home in world.projects(12) {
        day += world.rng.between(2, 9);
        let at = world.on(cat, day, 8, 23);
        let path = *world.rng.pick(&["SECURITY.md", ".github/SECURITY.md", "docs/SECURITY.md"]);
        let name = world.repositories[home].repo.name.clone();
        let title = match world.rng.below(4) {
            0 => format!("Add a security policy for {name}"),
            1 => String::from("docs: how to report vulnerabilities"),
            2 => format!("{name}: publish a policy for disclosures"),
            _ => String::from("Create security policy"),
        };
        let lines = world.rng.between(34, 47);
        let draft = Draft::new(cat, home, PullScene::Copy, at)
            .title(title)
            .files(vec![file(path, lines, 0)]);
        world.unwanted(draft.head("security-policy"), 55);
    }
}

/// The other two take changes that others have opened and open them again: at once and under the same title, or days
/// later with other words and a line more.
pub(super) fn thieves(world: &mut World) {
    let cats = world.kin(PersonKind::Copycat);
    for (cat, careful) in [(cats[1], false), (cats[3], true)] {
        let arrived = world.people[cat].created_at;
        let honest = world.drafts.iter().filter(|own| {
            own.scene == PullScene::Everyday
                && own.at > arrived
                && own.turns.len() < 3
                && own.title.len() > 12
        });
        let honest: Vec<Draft> = honest.cloned().collect();
        for _ in 0..8 {
            let victim = world.rng.pick(&honest).clone();
            let stolen = stolen(world, &victim, cat, careful);
            if stolen.at < end() {
                world.unwanted(stolen, 20);
            }
        }
    }
}

fn stolen(world: &mut World, victim: &Draft, cat: usize, careful: bool) -> Draft {
    let (low, high) = if careful { (900, 5000) } else { (12, 400) };
    let minutes = world.soon(low, high);
    let part = world.part(victim.repository);
    let mut files = victim.files.clone();
    let mut title = victim.title.clone();
    if careful {
        files[0].additions += world.rng.between(0, 3);
        title = match world.rng.below(3) {
            0 => title.to_lowercase(),
            1 => format!("{title} (improved)"),
            _ => world.work_title(victim.repository, part),
        };
    }
    let at = victim.at + TimeDelta::minutes(minutes);
    let branch = world.branch(part);
    let draft = Draft::new(cat, victim.repository, PullScene::Stolen, at);
    draft.title(title).files(files).head(branch)
}
