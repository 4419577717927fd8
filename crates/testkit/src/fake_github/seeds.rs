use std::sync::Arc;

use kernel::Clock;

use super::{
    Community, Options,
    world::{Role, Token, World},
};
use crate::{
    payloads::Account,
    season::{Season, SeasonSpec},
};

/// The people and repositories that a fake starts with.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Start {
    /// Seed for IDs and random behavior
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Start without the sample community
    #[arg(long)]
    empty: bool,
    #[command(flatten)]
    community: Community,
}

impl Start {
    pub fn options(self, clock: impl Clock) -> Options {
        Options {
            seed: self.seed,
            seeded: !self.empty,
            community: self.community,
            ..Options::new(clock)
        }
    }
}

/// Default scopes of a token.
const SCOPES: [&str; 4] = ["admin:repo_hook", "public_repo", "read:user", "user:email"];

/// The number of the season's people in a seeded fake.
const PEOPLE: usize = 40;

/// Returns the address of a fake at `at` for people, and what it is seeded with: its repositories with their GitHub IDs, and its people.
#[must_use]
pub fn introduction(at: &str, options: &Options) -> String {
    let mut lines = vec![format!("Fake GitHub listening at {at}")];
    if options.seeded {
        let season = Season::new(SeasonSpec::demo(options.clock.now()));
        lines.push("Repositories and their GitHub IDs:".to_owned());
        let projects = season.projects.iter();
        let repositories = projects.flat_map(|project| &project.repositories);
        lines.extend(repositories.map(|repo| format!("  {} {}", repo.full_name(), repo.id)));
        lines.push("People (their tokens are token-LOGIN):".to_owned());
        let people: Vec<&str> = people(&season).map(|person| &*person.login).collect();
        lines.extend(people.chunks(6).map(|some| format!("  {}", some.join(" "))));
    }
    lines.join("\n")
}

fn people(season: &Season) -> impl Iterator<Item = &Account> {
    season.people.iter().take(PEOPLE).chain(&season.bots)
}

impl World {
    pub(super) fn new_person(&mut self, login: &str) -> Account {
        let account = Account::user(self.id(), login);
        self.add_person(account.clone());
        account
    }

    /// Adds a person, with the token `token-LOGIN`.
    pub(super) fn add_person(&mut self, account: Account) {
        let scopes = SCOPES.iter().map(|&scope| scope.to_owned()).collect();
        let token = Token { user: account.id, scopes, revoked: false };
        self.tokens.insert(format!("token-{}", account.login), token);
        self.people.push(account);
    }

    /// Adds the demo season's projects, some of its people and a few open pull requests.
    pub(super) fn seed(&mut self) {
        let season = Season::new(SeasonSpec::demo(self.now()));
        for person in people(&season) {
            self.add_person(person.clone());
        }
        for project in &season.projects {
            for repo in &project.repositories {
                let owner = &repo.owner;
                if self.people.iter().all(|person| person.id != owner.id) {
                    self.people.push(owner.clone());
                }
                let place = self.add_repo((**repo).clone());
                let roles = [Role::Admin, Role::Maintain, Role::Write];
                place.roles.extend(project.maintainers.iter().map(|own| own.id).zip(roles));
                let place = self.places.len() - 1;
                self.open_some(place, &season.people[PEOPLE / 2..PEOPLE]);
            }
        }
    }

    fn open_some(&mut self, place: usize, authors: &[Account]) {
        let titles = ["feat: Say hello in color", "fix: Keep the last line", "docs: Fix typo"];
        for title in titles {
            let author = self.rng.pick(authors).clone();
            // A new pull request is never refused, and there are no hooks yet.
            let _ = self.open(place, &author, |pull| {
                title.clone_into(&mut pull.title);
                pull.head_repo = Some(Arc::new(pull.repo.forked_by(author.clone())));
            });
        }
    }
}
