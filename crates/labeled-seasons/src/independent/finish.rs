use std::{collections::HashMap, mem};

use kernel::Timestamp;

use super::{
    calendar::{DAYS, end, start},
    draft::Draft,
    life::SeasonLife,
    world::World,
};
use crate::gaming::{PullRequest, Scale, Season};
use testkit::{payloads::AccountKind, rng::Rng};

/// Numbers all pull requests as GitHub does and lets their lives happen until the end of the season.
pub(super) fn finish(mut world: World, seed: u64) -> Season {
    let mut drafts = mem::take(&mut world.drafts);
    drafts.retain(|draft| (start()..end()).contains(&draft.at));
    drafts.sort_by_key(|draft| draft.at);
    let mut press = Press::new(&world, seed);
    let pull_requests: Vec<PullRequest> = drafts.into_iter().map(|own| press.print(own)).collect();
    Season {
        seed,
        scale: Scale {
            people: world.people.len(),
            repositories: world.repositories.len(),
            pull_requests: pull_requests.len(),
            from: start(),
            until: start() + chrono::TimeDelta::days(DAYS),
        },
        people: world.people,
        repositories: world.repositories,
        pull_requests,
    }
}

/// Turns drafts into pull requests, in the order of their openings.
struct Press<'a> {
    world: &'a World,
    rng: Rng,
    id: i64,
    numbers: Vec<i64>,
    /// The first merge of a person in a repository.
    merges: HashMap<(usize, usize), Timestamp>,
}

impl<'a> Press<'a> {
    fn new(world: &'a World, seed: u64) -> Self {
        let mut rng = Rng::part(seed, 99);
        let numbers = world.repositories.iter();
        Self {
            world,
            id: 3_100_000_000,
            numbers: numbers.map(|own| own.repo.stars + rng.between(0, 40)).collect(),
            merges: HashMap::new(),
            rng,
        }
    }

    fn print(&mut self, draft: Draft) -> PullRequest {
        self.id += self.rng.between(900, 90_000);
        // Issues have numbers too.
        self.numbers[draft.repository] += self.rng.between(1, 3);
        let mut turns = draft.turns.clone();
        turns.retain(|turn| turn.at < end());
        turns.sort_by_key(|turn| turn.at);
        let pull = self.opened(draft);
        let repository = &self.world.repositories[pull.repository];
        let mut life = SeasonLife::new(pull, &mut self.rng, repository, &self.world.people);
        turns.iter().for_each(|turn| life.take(turn));
        let pull = life.end();
        if let Some(at) = pull.merged_at {
            let first = self.merges.entry((pull.author, pull.repository));
            first.and_modify(|own| *own = at.min(*own)).or_insert(at);
        }
        pull
    }

    fn opened(&mut self, draft: Draft) -> PullRequest {
        let association = self.association(&draft);
        let repository = &self.world.repositories[draft.repository];
        let base = draft.base.unwrap_or_else(|| repository.repo.default_branch.clone());
        let bot = self.world.people[draft.author].account.kind == AccountKind::Bot;
        PullRequest {
            id: self.id,
            number: self.numbers[draft.repository],
            author: draft.author,
            repository: draft.repository,
            scene: draft.scene,
            title: draft.title,
            body: draft.body,
            labels: Vec::new(),
            opening: SeasonLife::size(&draft.files, &mut self.rng),
            files: draft.files,
            draft: draft.unready,
            opened_as_draft: draft.unready,
            opened_at: draft.at,
            merged_at: None,
            closed_at: None,
            merged_by: None,
            from_fork: !bot && !matches!(association, "OWNER" | "MEMBER" | "COLLABORATOR"),
            association,
            base,
            head: draft.head,
            reviews: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Returns the author's association with the repository at the opening.
    fn association(&self, draft: &Draft) -> &'static str {
        let repository = &self.world.repositories[draft.repository];
        let may = repository.maintainers.contains(&draft.author)
            || repository.collaborators.contains(&draft.author);
        let person = &self.world.people[draft.author];
        let known = self.merges.get(&(draft.author, draft.repository));
        let owned = repository.repo.owner.kind == AccountKind::Organization;
        if repository.repo.owner.id == person.account.id {
            "OWNER"
        } else if may {
            if owned { "MEMBER" } else { "COLLABORATOR" }
        } else if known.is_some_and(|at| *at < draft.at) {
            "CONTRIBUTOR"
        } else {
            "NONE"
        }
    }
}
