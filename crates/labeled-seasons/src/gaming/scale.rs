use chrono::TimeDelta;
use kernel::Timestamp;

use testkit::rng::Rng;

/// The size of a season. Smaller numbers than [`Scale::small`] are raised to its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// People, bots included.
    pub people: usize,
    pub repositories: usize,
    /// Pull requests, at least ten per person.
    pub pull_requests: usize,
    /// The start.
    pub from: Timestamp,
    /// The end, exclusive, at least sixty days later.
    pub until: Timestamp,
}

/// July 1, 2026, 00:00 UTC.
const FROM: i64 = 1_782_864_000;

impl Default for Scale {
    /// Returns 600 people, 80 repositories and 6,000 pull requests in the four months from July 1, 2026.
    fn default() -> Self {
        let from = Timestamp::from_timestamp(FROM, 0).unwrap_or_default();
        Self {
            people: 600,
            repositories: 80,
            pull_requests: 6000,
            from,
            until: from + TimeDelta::days(123),
        }
    }
}

impl Scale {
    /// Returns a quarter of the default, for tests: 150 people, 40 repositories and 1,500 pull requests.
    #[must_use]
    pub fn small() -> Self {
        Self { people: 150, repositories: 40, pull_requests: 1500, ..Self::default() }
    }

    /// Returns the same season ending at `until`.
    #[must_use]
    pub fn ending(self, until: Timestamp) -> Self {
        Self { from: until - (self.until - self.from), until, ..self }
    }

    /// Returns the scale with numbers for which every label occurs.
    pub(super) fn raised(self) -> Self {
        let least = Self::small();
        let people = self.people.max(least.people);
        Self {
            people,
            repositories: self.repositories.max(least.repositories),
            pull_requests: self.pull_requests.max(people * 10),
            until: self.until.max(self.from + TimeDelta::days(60)),
            ..self
        }
    }

    /// Returns a number of people or groups, given the number at default scale: at least one.
    pub(super) fn count(&self, of_default: usize) -> usize {
        (of_default * self.people / Self::default().people).max(1)
    }

    /// Returns a number of pull requests of one person, given its range at default scale: at least one.
    pub(super) fn each(&self, rng: &mut Rng, low: i64, high: i64) -> usize {
        let usual = Self::default();
        let number = usize::try_from(rng.between(low, high)).unwrap_or_default();
        let scaled = number * self.pull_requests * usual.people;
        (scaled / (usual.pull_requests * self.people)).max(1)
    }

    /// Returns a number of pull requests of all people, given the number at default scale: at least one.
    pub(super) fn all(&self, of_default: usize) -> usize {
        (of_default * self.pull_requests / Self::default().pull_requests).max(1)
    }

    pub(super) fn days(&self) -> i64 {
        (self.until - self.from).num_days()
    }
}
