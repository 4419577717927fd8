//! Dates of creation of accounts. A cohort is a group of accounts that were created together.

use chrono::TimeDelta;
use kernel::Timestamp;

use super::{
    people::{Care, Habit, PersonKind, Role},
    scale::Scale,
};
use testkit::rng::Rng;

/// Draws dates and time zones, with those of a group close together if the group has a common origin.
pub(super) struct Cohorts {
    seed: u64,
    scale: Scale,
    /// The number of alternates so far.
    alternates: i64,
}

impl Cohorts {
    pub(super) fn new(seed: u64, scale: Scale) -> Self {
        Self { seed, scale, alternates: 0 }
    }

    /// Draws the date of creation of an account.
    pub(super) fn created_at(&mut self, rng: &mut Rng, role: Role) -> Timestamp {
        let days = match role.kind {
            PersonKind::Honest => self.honest(rng, role.habit),
            PersonKind::Alternate(group) => self.alternate(rng, group, role.care),
            PersonKind::RingMember(group) => self.ring(rng, group, role.care),
            _ => single_gamer(rng, role.care),
        };
        // The last weeks are left for contributions.
        let days = days.min(self.scale.days() - 30);
        self.scale.from + TimeDelta::days(days) + TimeDelta::seconds(rng.between(0, 86_399))
    }

    /// Draws a time zone: one per group of people who know each other.
    pub(super) fn utc_offset(&self, rng: &mut Rng, role: Role, offsets: &[i64]) -> i64 {
        let group = match (role.kind, role.habit) {
            (PersonKind::Alternate(group), _) => group,
            (PersonKind::RingMember(group), _) => 100 + group,
            (PersonKind::JunkOwner(group) | PersonKind::JunkContributor(group), _) => 200 + group,
            (_, Some(Habit::Student(group))) => 300 + group,
            _ => return *rng.pick(offsets),
        };
        *self.shared(group).pick(offsets)
    }

    /// Returns the generator that all of a group share.
    fn shared(&self, group: usize) -> Rng {
        Rng::part(self.seed, group as u64)
    }

    /// Returns days after the start of the season, negative before it.
    fn honest(&self, rng: &mut Rng, habit: Option<Habit>) -> i64 {
        let newcomers = match habit {
            Some(Habit::Student(course)) => return student(rng, course),
            Some(Habit::FirstTimer) => 40,
            Some(Habit::Regular) => 9,
            Some(Habit::Sprinter(_) | Habit::DocsWriter | Habit::Translator) => 5,
            _ => return -rng.between(900, 5000),
        };
        if rng.chance(newcomers) {
            rng.between(-60, self.scale.days() - 35)
        } else {
            -squared(rng, 61, 4700)
        }
    }

    /// Careless people create their accounts within days, careful ones one after the other over weeks.
    fn alternate(&mut self, rng: &mut Rng, group: usize, care: Option<Care>) -> i64 {
        let base = self.shared(group).between(-12, 40);
        self.alternates += 1;
        match care {
            Some(Care::Sloppy) => base + rng.between(0, 3),
            _ => base + self.alternates % 4 * 11 + rng.between(0, 9),
        }
    }

    fn ring(&self, rng: &mut Rng, group: usize, care: Option<Care>) -> i64 {
        let mut shared = self.shared(100 + group);
        match care {
            Some(Care::Sloppy) => -shared.between(60, 300) + rng.between(0, 30),
            _ => -squared(rng, 400, 2500),
        }
    }
}

/// Most students of a course create their account in the same week.
fn student(rng: &mut Rng, course: usize) -> i64 {
    if rng.chance(75) {
        let course = i64::try_from(course).unwrap_or_default();
        12 + course * 40 + rng.between(0, 5)
    } else {
        -rng.between(60, 1200)
    }
}

fn single_gamer(rng: &mut Rng, care: Option<Care>) -> i64 {
    let new = match care {
        Some(Care::Sloppy) => 50,
        _ => 15,
    };
    if rng.chance(new) { rng.between(-50, 60) } else { -squared(rng, 100, 2600) }
}

/// Draws a number in `low..=high`, more often a low one.
fn squared(rng: &mut Rng, low: i64, high: i64) -> i64 {
    let share = rng.fraction() * rng.fraction().max(0.1);
    low + ((high - low) as f64 * share) as i64
}
