use chrono::{DateTime, TimeDelta};
use kernel::Timestamp;

use super::world::World;

/// The season's length in days.
pub(super) const DAYS: i64 = 90;

/// The first instant of the season in Unix seconds: August 1, 2026, a Saturday.
const FROM: i64 = 1_785_542_400;

/// Unix days and GitHub account IDs of that day, from public profiles; between two days IDs grow evenly.
const ACCOUNTS: &[(i64, i64)] = &[
    (13_900, 1),
    (14_970, 580_000),
    (16_400, 10_000_000),
    (18_020, 50_000_000),
    (19_360, 122_000_000),
    (20_060, 192_000_000),
    (20_300, 230_000_000),
    (20_800, 330_000_000),
];

/// Returns the first instant of the season.
pub(super) fn start() -> Timestamp {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(FROM)
}

/// Returns the first instant after the season.
pub(super) fn end() -> Timestamp {
    start() + TimeDelta::days(DAYS)
}

/// Returns the ID that GitHub gives to an account that is created at `at`.
pub(super) fn account_id(at: Timestamp) -> i64 {
    let seconds = at.timestamp();
    let after = ACCOUNTS.partition_point(|(day, _)| day * 86_400 <= seconds);
    let after = after.clamp(1, ACCOUNTS.len() - 1);
    let (low, high) = (ACCOUNTS[after - 1], ACCOUNTS[after]);
    let span = (high.0 - low.0) * 86_400;
    low.1 + (high.1 - low.1) * (seconds - low.0 * 86_400) / span
}

/// Returns true on a Saturday or Sunday of the season.
fn weekend(day: i64) -> bool {
    day.rem_euclid(7) < 2
}

impl World {
    /// Returns an instant between two local hours of a person's day of the season, counted from 0.
    pub(super) fn on(&mut self, person: usize, day: i64, low: i64, high: i64) -> Timestamp {
        let second = self.rng.between(low * 3600, high * 3600 - 1);
        let offset = self.people[person].utc_offset * 3600;
        start() + TimeDelta::seconds(day * 86_400 + second - offset)
    }

    /// Returns a random day of the season that leaves time for reviews, mostly a working day.
    pub(super) fn any_day(&mut self) -> i64 {
        let day = self.rng.between(1, DAYS - 5);
        if weekend(day) && self.rng.chance(70) {
            return day + 2;
        }
        day
    }

    /// Returns an instant at which people work or contribute: by day, and sometimes in the evening.
    pub(super) fn awake(&mut self, person: usize) -> Timestamp {
        let day = self.any_day();
        let (low, high) = if self.rng.chance(70) { (9, 18) } else { (19, 24) };
        self.on(person, day, low, high)
    }

    /// Returns minutes between two numbers; small ones are more frequent.
    pub(super) fn soon(&mut self, low: i64, high: i64) -> i64 {
        let one = self.rng.between(low, high);
        let two = self.rng.between(low, high);
        one.min(two).min(self.rng.between(low, high))
    }

    /// Returns the instant of an account's creation, the given numbers of days before the season.
    pub(super) fn days_before(&mut self, low: i64, high: i64) -> Timestamp {
        let second = self.rng.between(low * 86_400, high * 86_400);
        start() - TimeDelta::seconds(second)
    }
}
