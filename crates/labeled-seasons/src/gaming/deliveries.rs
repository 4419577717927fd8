use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use kernel::Timestamp;

use super::{Season, model::PullStep};
use testkit::{
    delivery::Delivery,
    payloads::{PullState, Repo},
    rng::Rng,
    story::{Act, Story, StoryEvent},
};

/// The deliveries of a season, oldest first.
pub struct Deliveries<'a> {
    season: &'a Season,
    /// Pull request and step of each event that is still to come, the next one last.
    next: Vec<(Timestamp, usize, usize)>,
    /// Pull requests that have further steps.
    live: HashMap<usize, Story>,
    repos: Vec<Arc<Repo>>,
    /// Deliveries that follow the one just returned.
    waiting: VecDeque<Delivery>,
}

impl<'a> Deliveries<'a> {
    pub(super) fn new(season: &'a Season) -> Self {
        let pulls = season.pull_requests.iter().enumerate();
        let mut next: Vec<_> = pulls
            .flat_map(|(pull, one)| {
                let steps = one.steps.iter().enumerate();
                steps.map(move |(place, step)| (step.at, pull, place))
            })
            .collect();
        next.sort_unstable();
        next.reverse();
        Self { season, next, live: HashMap::new(), repos: repos(season), waiting: VecDeque::new() }
    }

    fn step(&mut self, pull: usize, place: usize) -> Option<Delivery> {
        let season = self.season;
        let known = &season.pull_requests[pull];
        let repo = Arc::clone(&self.repos[known.repository]);
        let story = self.live.remove(&pull);
        let mut story = story.unwrap_or_else(|| Story::new(season.opened(pull, &repo)));
        story.pull.repo = repo;
        let PullStep { at, by, act } = &known.steps[place];
        let by = &season.people[*by].account;
        let event = story.act(act.clone(), by, *at)?;
        let mut rng = Rng::part(season.seed ^ 0xde11, (pull * 128 + place) as u64);
        let delivery = event.delivered(&mut rng, *at);
        if *act == Act::Merged {
            let repo = &mut self.repos[known.repository];
            let push = StoryEvent::push_of_merge(repo, &story.pull, by, *at);
            self.waiting.push_back(push.delivered(&mut rng, *at));
        }
        if place + 1 < known.steps.len() {
            self.live.insert(pull, story);
        }
        Some(delivery)
    }
}

impl Iterator for Deliveries<'_> {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        loop {
            if let Some(delivery) = self.waiting.pop_front() {
                return Some(delivery);
            }
            let (_, pull, place) = self.next.pop()?;
            let delivery = self.step(pull, place);
            if delivery.is_some() {
                return delivery;
            }
        }
    }
}

impl Season {
    /// Returns the whole history of the pull request at `index`, with its reviews and events, as the fake GitHub
    /// holds it.
    #[must_use]
    pub fn story(&self, index: usize) -> Story {
        let known = &self.pull_requests[index];
        let repo = Arc::new(self.repositories[known.repository].repo.clone());
        let mut story = Story::new(self.opened(index, &repo));
        for PullStep { at, by, act } in &known.steps {
            // The steps are legal, so that each yields an event.
            let _ = story.act(act.clone(), &self.people[*by].account, *at);
        }
        story
    }

    /// Returns the state of a pull request at its opening.
    fn opened(&self, index: usize, repo: &Arc<Repo>) -> PullState {
        let known = &self.pull_requests[index];
        let author = self.people[known.author].account.clone();
        let at = known.opened_at;
        let mut pull = PullState::opened(Arc::clone(repo), known.number, known.id, author, at);
        if !known.from_fork {
            pull.head_repo = Some(Arc::clone(repo));
        }
        pull.title.clone_from(&known.title);
        pull.body.clone_from(&known.body);
        pull.draft = known.opened_as_draft;
        pull.association = known.association;
        pull.base_ref.clone_from(&known.base);
        pull.head_ref.clone_from(&known.head);
        pull.head_sha.clone_from(&known.opening.head_sha);
        pull.additions = known.opening.additions;
        pull.deletions = known.opening.deletions;
        pull.changed_files = known.opening.changed_files;
        pull
    }
}

fn repos(season: &Season) -> Vec<Arc<Repo>> {
    let repositories = season.repositories.iter();
    repositories.map(|own| Arc::new(own.repo.clone())).collect()
}
