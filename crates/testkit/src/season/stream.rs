use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Datelike, TimeDelta, Timelike};
use kernel::Timestamp;

use super::{
    Season,
    plan::{Plan, PlanKind, PlanStep},
    themes::THEMES,
    titles,
};
use crate::{
    delivery::Delivery,
    payloads::{Account, PullState, Repo},
    rng::Rng,
    story::{Act, Story, StoryEvent},
};

/// The interval of bursts, in pull requests: one person opens many within hours.
const BURST_EVERY: usize = 600;
const BURST: std::ops::Range<usize> = 300..313;

/// The deliveries of a season, oldest first.
pub struct Deliveries<'a> {
    season: &'a Season,
    /// The next event of each pull request: its opening, or a step of one in progress.
    next: BinaryHeap<Reverse<(Timestamp, usize)>>,
    scheduled: usize,
    live: HashMap<usize, Live>,
    repos: HashMap<i64, (Arc<Repo>, i64)>,
    /// Deliveries that follow the one just returned.
    waiting: VecDeque<Delivery>,
}

/// A pull request in progress.
struct Live {
    story: Story,
    steps: VecDeque<PlanStep>,
    rng: Rng,
}

/// The author, kind and repository of a new pull request.
struct StreamOpening {
    author: Account,
    project: usize,
    repo: i64,
    kind: PlanKind,
}

impl Iterator for Deliveries<'_> {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        loop {
            if let Some(delivery) = self.waiting.pop_front() {
                return Some(delivery);
            }
            self.schedule();
            let Reverse((at, index)) = self.next.pop()?;
            let delivery = match self.live.remove(&index) {
                Some(live) => self.step(index, live),
                None => self.open(index, at),
            };
            if delivery.is_some() {
                return delivery;
            }
        }
    }
}

impl<'a> Deliveries<'a> {
    pub(super) fn new(season: &'a Season) -> Self {
        let repos = season.projects.iter().flat_map(|project| &project.repositories);
        Self {
            repos: repos.map(|repo| (repo.id, (Arc::clone(repo), 0))).collect(),
            season,
            next: BinaryHeap::new(),
            scheduled: 0,
            live: HashMap::new(),
            waiting: VecDeque::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn in_progress(&self) -> usize {
        self.live.len().max(self.next.len())
    }

    /// Schedules openings until none can come before the next scheduled event.
    fn schedule(&mut self) {
        while self.scheduled < self.season.spec.pull_requests {
            let due = self.due(self.scheduled);
            if self.next.peek().is_some_and(|Reverse((at, _))| *at < due) {
                return;
            }
            self.next.push(Reverse((self.opens_at(self.scheduled), self.scheduled)));
            self.scheduled += 1;
        }
    }

    /// Returns the earliest time of an opening: openings are spread evenly.
    fn due(&self, index: usize) -> Timestamp {
        let spec = &self.season.spec;
        let span = i128::from((spec.until - spec.from).num_seconds());
        let share = span * index as i128 / spec.pull_requests.max(1) as i128;
        let start = spec.from.timestamp() + i64::try_from(share).unwrap_or_default();
        DateTime::from_timestamp(start, 0).unwrap_or(spec.from)
    }

    /// Returns the time of an opening: never before it is due, rarely at night or on a Sunday.
    fn opens_at(&self, index: usize) -> Timestamp {
        let mut rng = self.rng(index, 1);
        let due = self.due(index);
        let mut at = due + TimeDelta::seconds(rng.between(0, 3600));
        if let Some(first) = burst(index) {
            at = self.due(first + BURST.len()) + TimeDelta::minutes(25 * (index - first) as i64);
        } else {
            if at.hour() < 7 && rng.chance(70) {
                at += TimeDelta::hours(rng.between(7, 14));
            }
            if at.weekday().num_days_from_monday() > 4 && rng.chance(60) {
                at += TimeDelta::days(2);
            }
        }
        if at < self.season.spec.until { at } else { due }
    }

    fn rng(&self, index: usize, part: u64) -> Rng {
        Rng::part(self.season.spec.seed, index as u64 * 4 + part)
    }

    fn opening(&self, index: usize, rng: &mut Rng) -> StreamOpening {
        let season = self.season;
        let first = burst(index);
        let mut kind = PlanKind::draw(rng);
        // All pull requests of a burst use the first one's generator, so that author and project agree.
        let mut who = first.map_or_else(|| rng.clone(), |first| self.rng(first, 2));
        let person = long_tail(&mut who, season.people.len());
        let stays = who.chance(75);
        let anywhere = who.index(season.projects.len());
        let project = if stays { season.home(person) } else { anywhere };
        let repo = who.pick(&season.projects[project].repositories).id;
        if first.is_some() && kind == PlanKind::Bump {
            kind = PlanKind::Fix;
        }
        let bot = who.index(season.bots.len());
        let author =
            if kind == PlanKind::Bump { &season.bots[bot] } else { &season.people[person] };
        StreamOpening { author: author.clone(), project, repo, kind }
    }

    fn open(&mut self, index: usize, at: Timestamp) -> Option<Delivery> {
        let mut rng = self.rng(index, 3);
        let opening = self.opening(index, &mut rng);
        let theme = &THEMES[opening.project % THEMES.len()];
        let title = titles::title(&mut rng, opening.kind, theme);
        let pull = self.pull(index, &opening, title, at, &mut rng);
        let maintainers = self.season.projects[opening.project].maintainers.iter();
        let steps = Plan {
            kind: opening.kind,
            author: &opening.author,
            maintainers: maintainers.filter(|own| own.id != opening.author.id).cloned().collect(),
            first_review: 1_500_000_001 + index as i64 * 16,
            now: at,
            steps: Vec::new(),
            rng: &mut rng,
        }
        .steps(&pull.title, pull.draft);
        let mut story = Story::new(pull);
        let event = story.act(Act::Opened, &opening.author, at)?;
        let delivery = event.delivered(&mut rng, at);
        self.wait(index, Live { story, steps: steps.into(), rng });
        Some(delivery)
    }

    fn pull(
        &mut self,
        index: usize,
        of: &StreamOpening,
        title: String,
        at: Timestamp,
        rng: &mut Rng,
    ) -> PullState {
        let (repo, number) = self.repos.get_mut(&of.repo).expect("a repository of the season");
        // Issues share the numbers of pull requests.
        *number += rng.between(1, 3);
        let id = 2_000_000_001 + index as i64;
        let mut pull = PullState::opened(Arc::clone(repo), *number, id, of.author.clone(), at);
        let diff = of.kind.diff(rng);
        pull.title = title;
        pull.draft = !matches!(of.kind, PlanKind::Spam | PlanKind::Bump) && rng.chance(14);
        (pull.additions, pull.deletions) = (diff.additions, diff.deletions);
        pull.changed_files = diff.changed_files;
        pull
    }

    fn step(&mut self, index: usize, mut live: Live) -> Option<Delivery> {
        let PlanStep { at, act, by } = live.steps.pop_front()?;
        let merged = act == Act::Merged;
        live.story.pull.repo = Arc::clone(&self.repos.get(&live.story.pull.repo.id)?.0);
        let event = live.story.act(act, &by, at);
        let made = event.map(|event| event.delivered(&mut live.rng, at));
        if merged && made.is_some() {
            self.push(&mut live, &by, at);
        }
        self.wait(index, live);
        made
    }

    /// Queues the push to the default branch that GitHub sends right after a merge.
    fn push(&mut self, live: &mut Live, by: &Account, at: Timestamp) {
        let pull = &live.story.pull;
        let Some((repo, _)) = self.repos.get_mut(&pull.repo.id) else {
            return;
        };
        let push = StoryEvent::push_of_merge(repo, pull, by, at);
        self.waiting.push_back(push.delivered(&mut live.rng, at));
    }

    /// Keeps a pull request in memory while it has further steps.
    fn wait(&mut self, index: usize, live: Live) {
        let next = live.steps.front().map(|step| step.at);
        if let Some(at) = next.filter(|at| *at < self.season.spec.until) {
            self.next.push(Reverse((at, index)));
            self.live.insert(index, live);
        }
    }
}

/// Returns the first opening of the burst that this one belongs to.
fn burst(index: usize) -> Option<usize> {
    let place = index % BURST_EVERY;
    BURST.contains(&place).then(|| index - place + BURST.start)
}

/// Draws from a long tail: few people do much, many do little. Uses only multiplication, so that the result is the same
/// on every machine.
fn long_tail(rng: &mut Rng, people: usize) -> usize {
    let mut share = rng.fraction() * rng.fraction();
    if rng.chance(50) {
        share *= rng.fraction();
    }
    ((people as f64 * share) as usize).min(people - 1)
}
