//! Turns sketches into pull requests with numbers, sizes and facts.

use std::collections::HashMap;

use kernel::Timestamp;

use super::{
    model::{PullRequest, PullStep, Repository},
    people::Person,
    stage::{Sketch, SketchOpening},
};
use testkit::{payloads::AccountKind, rng::Rng, story::Act};

/// GitHub's ID of the first pull request and of the first review.
const FIRST_PULL: i64 = 3_600_000_001;
const FIRST_REVIEW: i64 = 4_200_000_001;

/// The most steps of a pull request.
const MOST_STEPS: usize = 60;

/// Numbers pull requests in the order of their openings.
pub(super) struct Assembly<'a> {
    pub(super) seed: u64,
    pub(super) until: Timestamp,
    pub(super) people: &'a [Person],
    pub(super) repositories: &'a [Repository],
    /// The latest number in each repository.
    numbers: HashMap<usize, i64>,
    /// The first merge of each author in each repository.
    merges: HashMap<(usize, usize), Timestamp>,
}

impl<'a> Assembly<'a> {
    pub(super) fn new(
        seed: u64,
        until: Timestamp,
        people: &'a [Person],
        repositories: &'a [Repository],
    ) -> Self {
        Self { seed, until, people, repositories, numbers: HashMap::new(), merges: HashMap::new() }
    }

    pub(super) fn pull_requests(mut self, mut sketches: Vec<Sketch>) -> Vec<PullRequest> {
        sketches.sort_by_key(|sketch| sketch.at);
        let sketches = sketches.into_iter().enumerate();
        sketches.map(|(index, sketch)| self.pull_request(index, sketch)).collect()
    }

    fn pull_request(&mut self, index: usize, mut sketch: Sketch) -> PullRequest {
        let mut rng = Rng::part(self.seed ^ 0xa55e, index as u64);
        let opening = (sketch.author, sketch.repository, sketch.at);
        let writer = self.writes(sketch.author, sketch.repository);
        let bot = self.people[sketch.author].account.kind == AccountKind::Bot;
        let steps = std::mem::take(&mut sketch.steps);
        let mut pull = PullRequest {
            id: FIRST_PULL + index as i64,
            number: self.number(&mut rng, sketch.repository),
            association: self.association(sketch.author, sketch.repository, sketch.at),
            from_fork: !writer && !bot,
            steps: self.steps(index, opening, steps),
            ..PullRequest::unnumbered(sketch)
        };
        pull.size(&mut rng);
        pull.settle();
        if let Some(at) = pull.merged_at {
            let merges = self.merges.entry((pull.author, pull.repository));
            let first = merges.or_insert(at);
            *first = at.min(*first);
        }
        pull
    }

    /// Issues share the numbers of pull requests.
    fn number(&mut self, rng: &mut Rng, repository: usize) -> i64 {
        let stars = self.repositories[repository].repo.stars;
        let number = self.numbers.entry(repository).or_insert(stars / 3);
        *number += rng.between(1, 3);
        *number
    }

    fn writes(&self, person: usize, repository: usize) -> bool {
        let place = &self.repositories[repository];
        place.maintainers.contains(&person) || place.collaborators.contains(&person)
    }

    /// Returns GitHub's association of a person with a repository.
    fn association(&self, person: usize, repository: usize, at: Timestamp) -> &'static str {
        let place = &self.repositories[repository];
        let merged = self.merges.get(&(person, repository));
        if self.people[person].account.id == place.repo.owner.id {
            "OWNER"
        } else if place.maintainers.contains(&person) {
            "MEMBER"
        } else if place.collaborators.contains(&person) {
            "COLLABORATOR"
        } else if merged.is_some_and(|merged| *merged <= at) {
            "CONTRIBUTOR"
        } else {
            "NONE"
        }
    }

    /// Adds the opening, leaves out steps after the season and numbers reviews.
    fn steps(
        &self,
        index: usize,
        (author, repository, at): SketchOpening,
        steps: Vec<PullStep>,
    ) -> Vec<PullStep> {
        let opening = PullStep { at, by: author, act: Act::Opened };
        let steps = steps.into_iter().take_while(|step| step.at < self.until);
        let mut all: Vec<PullStep> =
            std::iter::once(opening).chain(steps).take(MOST_STEPS).collect();
        for (place, step) in all.iter_mut().enumerate() {
            if let Act::Reviewed(review) = &mut step.act {
                review.id = FIRST_REVIEW + (index * MOST_STEPS + place) as i64;
                review.association = self.association(step.by, repository, step.at);
            }
        }
        all
    }
}
