//! Shared state of the scenes that draw pull requests.

use chrono::{DateTime, Datelike, TimeDelta, Timelike};
use kernel::Timestamp;

use super::{
    changes::PullContent,
    life::PullLife,
    model::{PullScene, PullStep, Purpose, Repository},
    people::{Habit, Person, PersonKind},
    scale::Scale,
};
use testkit::rng::Rng;

/// A pull request without a number.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    pub(super) author: usize,
    pub(super) repository: usize,
    pub(super) scene: PullScene,
    pub(super) at: Timestamp,
    pub(super) change: PullContent,
    pub(super) draft: bool,
    /// The target branch, if it is not the default one.
    pub(super) base: Option<String>,
    /// The steps after the opening.
    pub(super) steps: Vec<PullStep>,
}

/// The author, the repository and the time of a new pull request.
pub(super) type SketchOpening = (usize, usize, Timestamp);

/// People, repositories and what was drawn so far.
pub(super) struct SketchStage<'a> {
    pub(super) seed: u64,
    pub(super) scale: &'a Scale,
    pub(super) people: &'a [Person],
    pub(super) repositories: &'a [Repository],
    pub(super) rng: Rng,
    pub(super) sketches: Vec<Sketch>,
}

impl<'a> SketchStage<'a> {
    pub(super) fn with_habit(&self, habit: Habit) -> Vec<usize> {
        self.having(|person| person.habit == Some(habit))
    }

    /// Returns everyone with a label.
    pub(super) fn of_kind(&self, kind: PersonKind) -> Vec<usize> {
        self.having(|person| person.kind == kind)
    }

    fn having(&self, wanted: impl Fn(&Person) -> bool) -> Vec<usize> {
        let people = 0..self.people.len();
        people.filter(|at| wanted(&self.people[*at])).collect()
    }

    /// Returns the members of groups, beginning with group 0.
    pub(super) fn groups(&self, members: impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
        let groups = (0..).map(members);
        groups.take_while(|group| !group.is_empty()).collect()
    }

    pub(super) fn places(&self, wanted: impl Fn(Purpose) -> bool) -> Vec<usize> {
        let all = 0..self.repositories.len();
        all.filter(|at| wanted(self.repositories[*at].purpose)).collect()
    }

    /// Returns the projects of organizations, in random order.
    pub(super) fn projects(&mut self) -> Vec<usize> {
        let mut projects = self.places(|purpose| purpose == Purpose::Project);
        self.rng.shuffle(&mut projects);
        projects
    }

    /// Returns the repositories that a person usually contributes to, the favorite first.
    pub(super) fn homes(&self, person: usize) -> [usize; 3] {
        let mut rng = Rng::part(self.seed ^ 0x40e5, person as u64);
        std::array::from_fn(|_| {
            let share = rng.below(100);
            let places = self.places(|purpose| match purpose {
                Purpose::RingHome(_) => share < 9,
                Purpose::Team(_) => (9..17).contains(&share),
                Purpose::Fast => (17..25).contains(&share),
                Purpose::Project => share >= 25,
                _ => false,
            });
            *rng.pick(&places)
        })
    }

    /// Draws one of the repositories that a person usually contributes to.
    pub(super) fn home(&mut self, person: usize) -> usize {
        let homes = self.homes(person);
        homes[match self.rng.below(100) {
            0..60 => 0,
            60..85 => 1,
            _ => 2,
        }]
    }

    /// Returns when a person can first contribute to a repository.
    pub(super) fn earliest(&self, person: usize, repository: usize) -> Timestamp {
        let joined = self.people[person].created_at + TimeDelta::hours(2);
        let founded = self.repositories[repository].repo.created_at + TimeDelta::hours(1);
        self.scale.from.max(joined).max(founded)
    }

    /// Draws when a person opens a pull request in a repository.
    pub(super) fn opening(&mut self, author: usize, repository: usize) -> SketchOpening {
        let earliest = self.earliest(author, repository);
        (author, repository, self.moment(author, earliest))
    }

    /// Draws a moment between `from` and the season's end in a person's waking hours, rarely on weekends.
    pub(super) fn moment(&mut self, person: usize, from: Timestamp) -> Timestamp {
        let end = self.scale.until - TimeDelta::hours(1);
        let span = (end - from).num_seconds().max(1);
        let mut day = from + TimeDelta::seconds(self.rng.between(0, span));
        if day.weekday().num_days_from_monday() > 4 && self.rng.chance(50) {
            day += TimeDelta::days(2);
        }
        self.awake(person, day).clamp(from, end)
    }

    /// Draws a moment on the day of `at` in a person's waking hours.
    pub(super) fn awake(&mut self, person: usize, at: Timestamp) -> Timestamp {
        let hour =
            if self.rng.chance(60) { self.rng.between(9, 18) } else { self.rng.between(18, 24) };
        let seconds = hour * 3600 + self.rng.between(0, 3599);
        let local = seconds - self.people[person].utc_offset * 3600;
        let midnight = at - TimeDelta::seconds(i64::from(at.num_seconds_from_midnight()));
        let seconds = midnight.timestamp() + local.rem_euclid(86_400);
        DateTime::from_timestamp(seconds, 0).unwrap_or(at)
    }

    /// Begins the life of a pull request.
    pub(super) fn life(&mut self, author: usize, repository: usize, at: Timestamp) -> PullLife<'_> {
        PullLife::new(&mut self.rng, self.people, &self.repositories[repository], author, at)
    }

    /// Adds a pull request whose life `live` draws.
    pub(super) fn add(
        &mut self,
        (author, repository, at): SketchOpening,
        scene: PullScene,
        change: PullContent,
        live: impl FnOnce(&mut PullLife<'_>, &PullContent),
    ) -> &mut Sketch {
        // A session of several pull requests may begin shortly before the end.
        let at = at.min(self.scale.until - TimeDelta::minutes(1));
        let mut life = self.life(author, repository, at);
        live(&mut life, &change);
        let (draft, steps) = (life.draft, life.steps);
        self.sketches.push(Sketch {
            author,
            repository,
            scene,
            at,
            change,
            draft,
            base: None,
            steps,
        });
        let last = self.sketches.len() - 1;
        &mut self.sketches[last]
    }
}
