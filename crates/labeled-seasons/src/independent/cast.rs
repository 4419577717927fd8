use super::{calendar::start, world::World};
use crate::gaming::{Care, Habit, PersonKind};

/// How many honest people have a habit, and how many days before the season their accounts were created.
const HONEST: &[(Habit, usize, i64, i64)] = &[
    (Habit::Maintainer, 14, 700, 4200),
    (Habit::Regular, 48, 120, 4500),
    // People who open an account for the season and stay.
    (Habit::Regular, 9, -8, 30),
    (Habit::Teammate(0), 2, 400, 3000),
    (Habit::Teammate(1), 2, 30, 1500),
    (Habit::Teammate(2), 3, 200, 2500),
    (Habit::Teammate(3), 4, 100, 3500),
    (Habit::FastMaintainer, 2, 1500, 4000),
    (Habit::DocsWriter, 4, 50, 3000),
    (Habit::Translator, 7, 5, 2500),
    (Habit::Sprinter(0), 11, 3, 2200),
    (Habit::Sprinter(1), 5, 10, 1400),
    (Habit::Student(0), 14, -4, 5),
    (Habit::Student(1), 8, 1, 700),
    (Habit::Migrator, 3, 600, 3800),
    (Habit::FirstTimer, 24, -60, 40),
    (Habit::Solo, 8, 300, 4000),
];

/// How many gamers of a kind there are, how well they hide, and the ages of their accounts in days.
const GAMERS: &[(PersonKind, Care, usize, i64, i64)] = &[
    (PersonKind::Farmer, Care::Sloppy, 3, -20, 400),
    (PersonKind::Farmer, Care::Careful, 4, 60, 2200),
    (PersonKind::RingMember(0), Care::Sloppy, 3, 10, 200),
    (PersonKind::RingMember(1), Care::Careful, 2, 200, 1800),
    (PersonKind::RingMember(2), Care::Careful, 5, 40, 1500),
    (PersonKind::JunkOwner(0), Care::Sloppy, 1, 100, 800),
    (PersonKind::JunkOwner(1), Care::Careful, 1, 300, 1500),
    (PersonKind::JunkOwner(2), Care::Sloppy, 1, 20, 400),
    (PersonKind::JunkContributor(0), Care::Sloppy, 4, -10, 500),
    (PersonKind::JunkContributor(1), Care::Careful, 3, 60, 1200),
    (PersonKind::JunkContributor(2), Care::Sloppy, 2, -10, 300),
    (PersonKind::TypoSpammer, Care::Sloppy, 2, -15, 300),
    (PersonKind::TypoSpammer, Care::Careful, 3, 30, 1700),
    (PersonKind::Copycat, Care::Sloppy, 2, -5, 700),
    (PersonKind::Copycat, Care::Careful, 2, 90, 1900),
];

pub(super) fn settle(world: &mut World) {
    for (habit, count, low, high) in HONEST {
        for _ in 0..*count {
            let born = world.days_before(*low, *high);
            world.honest(*habit, born);
        }
    }
    for (kind, care, count, low, high) in GAMERS {
        for _ in 0..*count {
            let born = world.days_before(*low, *high);
            world.gamer(*kind, *care, born);
        }
    }
    bots(world);
    resembling(world);
    unlike(world);
}

fn bots(world: &mut World) {
    for login in ["bumper[bot]", "pin-keeper[bot]", "allcontributions[bot]"] {
        let born = world.days_before(900, 2600);
        let kind = PersonKind::Honest;
        world.settle(login, born, kind, Some(Habit::Bot), None);
    }
}

/// Settles three accounts of one person, which were created on the same evening with logins that resemble each other.
fn resembling(world: &mut World) {
    let stem = world.login();
    let evening = world.days_before(2, 12);
    for (minutes, end) in [(0, ""), (9, "-2"), (31, "_alt")] {
        let login = format!("{stem}{end}").replace('_', "-");
        let born = evening + chrono::TimeDelta::minutes(minutes);
        let kind = PersonKind::Alternate(0);
        world.settle(&login, born, kind, None, Some(Care::Sloppy));
    }
}

/// Settles three accounts of one person that share nothing: the main one is old, the others appear weeks apart.
fn unlike(world: &mut World) {
    for (low, high) in [(700, 900), (45, 60), (-12, -6)] {
        let born = world.days_before(low, high);
        world.gamer(PersonKind::Alternate(1), Care::Careful, born);
    }
}

impl World {
    pub(super) fn kin(&self, kind: PersonKind) -> Vec<usize> {
        let all = self.people.iter().enumerate();
        all.filter(|(_, person)| person.kind == kind).map(|(place, _)| place).collect()
    }

    /// Returns true if the gamer hides well.
    pub(super) fn careful(&self, person: usize) -> bool {
        self.people[person].care == Some(Care::Careful)
    }

    /// Returns the first whole day of the season on which the person's account exists.
    pub(super) fn arrival(&self, person: usize) -> i64 {
        let days = (self.people[person].created_at - start()).num_days();
        // One day more, because the local day can begin before the day in UTC.
        (days + 2).max(1)
    }
}
