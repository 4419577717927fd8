//! Draws what happens to a pull request after its opening.

use chrono::{TimeDelta, Timelike};
use kernel::Timestamp;

use super::{
    model::{PullStep, Repository},
    people::Person,
    phrases,
    themes::{THEMES, Theme},
};
use testkit::{
    payloads::{Label, Verdict},
    rng::Rng,
    story::{Act, Diff, NewReview},
};

/// The life of a pull request so far.
pub(super) struct PullLife<'a> {
    pub(super) rng: &'a mut Rng,
    people: &'a [Person],
    pub(super) theme: &'static Theme,
    pub(super) author: usize,
    /// Maintainers other than the author.
    pub(super) maintainers: Vec<usize>,
    now: Timestamp,
    pub(super) draft: bool,
    pub(super) steps: Vec<PullStep>,
}

impl<'a> PullLife<'a> {
    pub(super) fn new(
        rng: &'a mut Rng,
        people: &'a [Person],
        repository: &Repository,
        author: usize,
        now: Timestamp,
    ) -> Self {
        let maintainers = repository.maintainers.iter().copied();
        Self {
            rng,
            people,
            theme: &THEMES[repository.theme],
            author,
            maintainers: maintainers.filter(|own| *own != author).collect(),
            now,
            draft: false,
            steps: Vec::new(),
        }
    }

    /// Draws a maintainer other than the author, if there is one.
    pub(super) fn maintainer(&mut self) -> usize {
        if self.maintainers.is_empty() { self.author } else { *self.rng.pick(&self.maintainers) }
    }

    /// Adds an act after about `minutes`, sometimes much later. Long waits end in the actor's waking hours.
    pub(super) fn later(&mut self, minutes: i64, by: usize, act: Act) {
        let stretch = *self.rng.pick(&[1, 2, 2, 3, 4, 4, 6, 9, 25]);
        let seconds = minutes * 60 * stretch / 4;
        self.now += TimeDelta::seconds(self.rng.between(seconds / 2, seconds + 30) + 5);
        if minutes > 60 {
            self.wake(by);
        }
        self.push_step(by, act);
    }

    /// Adds an act after `low` to `high` seconds.
    pub(super) fn soon(&mut self, low: i64, high: i64, by: usize, act: Act) {
        self.now += TimeDelta::seconds(self.rng.between(low, high));
        self.push_step(by, act);
    }

    fn push_step(&mut self, by: usize, act: Act) {
        let at = self.now;
        self.steps.push(PullStep { at, by, act });
    }

    /// Moves a time of night to the next morning.
    fn wake(&mut self, person: usize) {
        let local = self.now + TimeDelta::hours(self.people[person].utc_offset);
        if local.hour() < 8 {
            let hours = 8 - i64::from(local.hour());
            self.now += TimeDelta::hours(hours) + TimeDelta::minutes(self.rng.between(0, 90));
        }
    }

    /// Creates a review; its ID is set when the season is assembled.
    pub(super) fn verdict(&mut self, verdict: Verdict) -> Act {
        let body = phrases::review(self.rng, self.theme, verdict);
        review(verdict, body)
    }

    /// Adds a label by a maintainer.
    pub(super) fn label(&mut self, minutes: i64, name: &str) {
        let by = self.maintainer();
        self.later(minutes, by, Act::Labeled(Label::named(name)));
    }

    /// Pushes further commits; the size is set when the season is assembled.
    pub(super) fn push(&mut self, minutes: i64) {
        let author = self.author;
        let diff = Diff { additions: 0, deletions: 0, changed_files: 0, head_sha: self.rng.sha() };
        self.later(minutes, author, Act::Synchronized(diff));
    }

    /// Begins as a draft that becomes ready.
    pub(super) fn as_draft(&mut self) {
        self.draft = true;
        self.push(300);
        let author = self.author;
        self.later(900, author, Act::ReadyForReview);
    }
}

/// Creates a review without an ID.
pub(super) fn review(verdict: Verdict, body: Option<String>) -> Act {
    Act::Reviewed(NewReview { id: 0, verdict, body, association: "NONE", bare: false })
}
