use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use kernel::Timestamp;

use super::{History, HistorySpec, acts, delivery, words};
use crate::{
    delivery::Delivery,
    payloads::{self, Account, AccountKind, PullState, PushState, Repo},
    rng::Rng,
    story::{Act, Story, StoryEvent},
};

/// 2025-09-30T20:00:00Z: a few hours before the end of a month and of a quarter, and so far in the past that no clock of
/// a test is before the end of a history.
const BEGINNING: i64 = 1_759_262_400;

/// IDs of each kind that a world may use: its own begin this much after those of the world before.
const IDS: i64 = 1_000;

/// The simulated GitHub of a history.
pub(super) struct World {
    spec: HistorySpec,
    rng: Rng,
    now: Timestamp,
    people: Vec<Account>,
    repos: Vec<Arc<Repo>>,
    stories: Vec<Story>,
    deliveries: Vec<Delivery>,
    next_id: i64,
}

impl World {
    pub(super) fn new(spec: HistorySpec) -> Self {
        let now = DateTime::from_timestamp(BEGINNING, 0).unwrap_or_default();
        let first = i64::from(spec.world) * IDS;
        let people = (0..spec.people.max(2)).map(|index| person(spec.world, index));
        let people: Vec<Account> = people.collect();
        let repos = (0..spec.repositories.max(1)).map(|index| {
            // The first repository belongs to a person, so that some authors own the repository.
            let login = of_world(spec.world, "octo-tools");
            let organization = Account::organization(first + 9_000_001, login);
            let owner = if index == 0 { people[0].clone() } else { organization };
            let id = first + 81_000_001 + index as i64;
            let name = of_world(spec.world, &name(&words::NAMES, index));
            Arc::new(Repo::new(id, owner, name, now - TimeDelta::days(90)))
        });
        Self {
            repos: repos.collect(),
            // Worlds with the same seed differ too, and above all in the IDs of their deliveries.
            rng: Rng::new(spec.seed.wrapping_add(u64::from(spec.world) << 32)),
            stories: Vec::new(),
            deliveries: Vec::new(),
            next_id: first + 500_000_001,
            spec,
            now,
            people,
        }
    }

    pub(super) fn run(mut self) -> History {
        let acts = self.spec.pull_requests * (self.spec.acts + 1);
        for _ in 0..acts {
            self.pass_time();
            match self.rng.below(100) {
                0..3 => self.rename_person(),
                3..6 => self.rename_repository(),
                6 => self.delete_person(),
                7..10 => self.push(),
                _ => self.open_or_act(),
            }
        }
        while self.stories.len() < self.spec.pull_requests {
            self.pass_time();
            self.open();
        }
        History {
            deliveries: self.deliveries,
            repositories: self.repos.iter().map(|repo| (**repo).clone()).collect(),
            people: self.people,
            stories: self.stories,
            ended_at: self.now,
        }
    }

    fn pass_time(&mut self) {
        let rng = &mut self.rng;
        let seconds = match rng.below(100) {
            0..35 => i64::from(!self.spec.ties),
            35..60 => rng.between(1, 5),
            60..80 => rng.between(60, 3600),
            80..95 => rng.between(3600, 80_000),
            _ => rng.between(86_400, 9 * 86_400),
        };
        self.now += TimeDelta::seconds(seconds);
    }

    fn open_or_act(&mut self) {
        let spread = self.spec.acts as u64 + 1;
        let waiting = self.stories.len() < self.spec.pull_requests;
        if self.stories.is_empty() || waiting && self.rng.below(spread) < 2 {
            self.open();
        } else {
            let index = self.rng.index(self.stories.len());
            self.next_id += 1;
            let act = acts::draw(&mut self.rng, &self.stories[index], self.next_id);
            let by = self.rng.pick(&self.people).clone();
            let event = self.stories[index].act(act, &by, self.now);
            self.deliver(event);
        }
    }

    fn open(&mut self) {
        let index = self.rng.index(self.repos.len());
        let author = self.rng.pick(&self.people).clone();
        let number = 1 + self.stories.len() as i64;
        self.next_id += 1;
        let repo = Arc::clone(&self.repos[index]);
        let mut pull = PullState::opened(repo, number, self.next_id, author.clone(), self.now);
        pull.title = acts::title(&mut self.rng);
        pull.draft = self.rng.chance(25);
        let diff = acts::diff(&mut self.rng);
        (pull.additions, pull.deletions) = (diff.additions, diff.deletions);
        pull.changed_files = diff.changed_files;
        if self.rng.chance(4) {
            (pull.author, pull.head_repo) = (None, None);
        }
        let mut story = Story::new(pull);
        let event = story.act(Act::Opened, &author, self.now);
        self.stories.push(story);
        self.deliver(event);
    }

    /// Renames a person. GitHub sends no event; later payloads have the new login.
    fn rename_person(&mut self) {
        let login = of_world(self.spec.world, self.rng.pick::<&str>(&words::LOGINS));
        let index = self.rng.index(self.people.len());
        if self.people.iter().any(|person| person.login == login) {
            return;
        }
        self.people[index].login = login;
        let person = self.people[index].clone();
        self.account_became(person.id, Some(&person));
    }

    fn delete_person(&mut self) {
        // The first person owns a repository and is kept; at least one other remains to act.
        if self.people.len() > 2 {
            let index = 1 + self.rng.index(self.people.len() - 1);
            let person = self.people.remove(index);
            self.account_became(person.id, None);
        }
    }

    fn account_became(&mut self, id: i64, account: Option<&Account>) {
        for index in 0..self.repos.len() {
            if let Some(owner) = account.filter(|_| self.repos[index].owner.id == id) {
                let owner = owner.clone();
                self.repo_became(index, |repo| repo.owner = owner);
            }
        }
        for story in &mut self.stories {
            story.account_became(id, account);
        }
    }

    fn rename_repository(&mut self) {
        let name = of_world(self.spec.world, self.rng.pick::<&str>(&words::NAMES));
        let index = self.rng.index(self.repos.len());
        if self.repos.iter().any(|repo| repo.name == name) {
            return;
        }
        let before =
            serde_json::json!({ "repository": { "name": { "from": self.repos[index].name } } });
        let now = self.now;
        self.repo_became(index, |repo| {
            repo.name = name;
            repo.updated_at = now;
        });
        let changes = [("changes", before.to_string())];
        let extra = [(changes[0].0, changes[0].1.as_str())];
        let body = payloads::repository("renamed", &self.repos[index], &self.people[0], &extra);
        self.deliver(Some(StoryEvent { name: "repository", body }));
    }

    fn push(&mut self) {
        let index = self.rng.index(self.repos.len());
        let by = self.rng.pick(&self.people).clone();
        let (before, after) = (self.rng.sha(), self.rng.sha());
        let push = PushState {
            reference: String::from("refs/heads/main"),
            before,
            after,
            forced: self.rng.chance(20),
            message: acts::title(&mut self.rng),
            at: self.now,
        };
        self.repo_became(index, |repo| repo.pushed_at = push.at);
        let body = payloads::push(&self.repos[index], &push, &by);
        self.deliver(Some(StoryEvent { name: "push", body }));
    }

    fn repo_became(&mut self, index: usize, change: impl FnOnce(&mut Repo)) {
        let repo = &mut self.repos[index];
        change(Arc::make_mut(repo));
        for story in &mut self.stories {
            story.repo_became(repo);
        }
    }

    fn deliver(&mut self, event: Option<StoryEvent>) {
        if let Some(event) = event {
            let made = delivery(&mut self.rng, self.now, event.name, event.body);
            self.deliveries.push(made);
        }
    }
}

fn person(world: u16, index: usize) -> Account {
    let id = i64::from(world) * IDS + 7_000_001 + index as i64;
    let mut person = Account::user(id, of_world(world, &name(&words::LOGINS, index)));
    if index % 5 == 3 {
        person.kind = AccountKind::Bot;
        person.login.push_str("[bot]");
    }
    person
}

/// Returns an entry of the list, or a numbered one past its end.
fn name(list: &[&str], index: usize) -> String {
    match list.get(index) {
        Some(name) => (*name).to_owned(),
        None => format!("{}-{index}", list[index % list.len()]),
    }
}

/// Returns the login or name as it is in this world: unchanged in the first.
fn of_world(world: u16, name: &str) -> String {
    match world {
        0 => name.to_owned(),
        _ => format!("{name}-{world}"),
    }
}
