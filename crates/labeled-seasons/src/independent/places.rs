use super::world::World;
use crate::gaming::{Habit, PersonKind, Purpose};
use testkit::payloads::Account;

/// Names of junk repositories, by cluster.
const JUNK: [&[&str]; 3] = [
    &["Hacktober-Programs", "learn-git-2026", "All-Algorithms-Here"],
    &["algorithms-handbook", "frontend-snippets"],
    &["contributors-wall", "profile-cards"],
];

pub(super) fn found(world: &mut World) {
    organizations(world);
    template(world);
    teams(world);
    busy(world);
    solos(world);
    lists(world);
    courses(world);
    rings(world);
    junk(world);
}

fn organization(world: &mut World, suffix: &str) -> Account {
    let name = format!("{}{suffix}", world.project_name());
    let born = world.days_before(500, 3000);
    let account = world.account(&name, born);
    Account::organization(account.id, account.login)
}

/// Founds ten organizations with two or three projects each. Maintainers and some regulars maintain them.
fn organizations(world: &mut World) {
    let maintainers = world.who(Habit::Maintainer);
    let regulars = world.who(Habit::Regular);
    for own in 0..10 {
        let owner = organization(world, "-org");
        let team = [maintainers[own], maintainers[(own + 5) % 14], maintainers[(own + 9) % 14]];
        let deputies = [*world.rng.pick(&regulars), *world.rng.pick(&regulars)];
        for _ in 0..2 + own % 2 {
            let name = world.project_name();
            world.repository(&owner, &name, Purpose::Project, &team, &deputies);
        }
    }
}

/// Founds five services of one organization that were made from the same template.
fn template(world: &mut World) {
    let maintainers = world.who(Habit::Maintainer);
    let owner = organization(world, "-cloud");
    for name in ["billing", "identity", "mailer", "reports", "uploads"] {
        let name = format!("service-{name}");
        world.repository(&owner, &name, Purpose::Project, &maintainers[10..14], &[]);
    }
}

fn teams(world: &mut World) {
    for team in 0..4 {
        let members = world.who(Habit::Teammate(team));
        let owner = organization(world, "-team");
        let name = world.project_name();
        world.repository(&owner, &name, Purpose::Team(team), &members, &[]);
    }
    let hackers = world.who(Habit::Sprinter(1));
    let owner = organization(world, "-hack");
    world.repository(&owner, "48-hours", Purpose::Team(4), &hackers, &[]);
}

/// Founds the monorepos of prolific maintainers.
fn busy(world: &mut World) {
    for maintainer in world.who(Habit::FastMaintainer) {
        let owner = organization(world, "-labs");
        let name = world.project_name();
        world.repository(&owner, &name, Purpose::Fast, &[maintainer], &[]);
    }
}

fn solos(world: &mut World) {
    for owner in world.who(Habit::Solo) {
        let account = world.people[owner].account.clone();
        let name = world.project_name();
        world.repository(&account, &name, Purpose::Solo, &[owner], &[]);
    }
}

/// Founds curated lists and places to practice, with maintainers.
fn lists(world: &mut World) {
    let maintainers = world.who(Habit::Maintainer);
    for (name, purpose, from) in [
        ("awesome-observability", Purpose::List, 0),
        ("awesome-self-made", Purpose::List, 3),
        ("first-steps", Purpose::Practice, 6),
        ("say-hello", Purpose::Practice, 9),
    ] {
        let owner = organization(world, "-community");
        let team = maintainers[from..from + 3].to_vec();
        world.repository(&owner, name, purpose, &team, &[]);
    }
}

/// Founds the repositories in which the students of a course hand in exercises.
fn courses(world: &mut World) {
    let maintainers = world.who(Habit::Maintainer);
    for (place, name) in ["compilers-2026", "web-engineering"].into_iter().enumerate() {
        let owner = organization(world, "-university");
        let teacher = [maintainers[place * 7]];
        world.repository(&owner, name, Purpose::Team(5 + place), &teacher, &[]);
    }
}

/// Founds a real project for each ring. A maintainer exists, who is seldom there.
fn rings(world: &mut World) {
    let maintainers = world.who(Habit::Maintainer);
    for ring in 0..3 {
        let members = world.kin(PersonKind::RingMember(ring));
        let owner = organization(world, "-foundation");
        let name = world.project_name();
        let absent = [maintainers[ring * 4 + 1]];
        world.repository(&owner, &name, Purpose::RingHome(ring), &absent, &members);
    }
}

fn junk(world: &mut World) {
    for (cluster, names) in JUNK.iter().enumerate() {
        let owners = world.kin(PersonKind::JunkOwner(cluster));
        let account = world.people[owners[0]].account.clone();
        for name in *names {
            world.repository(&account, name, Purpose::Junk(cluster), &owners, &[]);
        }
    }
}
