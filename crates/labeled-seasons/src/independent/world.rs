use std::collections::HashSet;

use kernel::Timestamp;

use super::{
    calendar::{account_id, end, start},
    draft::Draft,
    stacks::{STACKS, Stack},
};
use crate::gaming::{Care, Habit, Person, PersonKind, Purpose, Repository};
use testkit::{
    payloads::{Account, AccountKind, Repo},
    rng::Rng,
};

/// The season while it is invented.
pub(super) struct World {
    /// Random numbers; each scene gets its own.
    pub(super) rng: Rng,
    /// Everyone so far.
    pub(super) people: Vec<Person>,
    /// All repositories so far.
    pub(super) repositories: Vec<Repository>,
    /// Places in [`STACKS`], for each repository.
    stacks: Vec<usize>,
    /// All pull requests so far.
    pub(super) drafts: Vec<Draft>,
    names: HashSet<String>,
    ids: HashSet<i64>,
}

impl World {
    /// Creates an empty world.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::part(seed, 0),
            people: Vec::new(),
            repositories: Vec::new(),
            stacks: Vec::new(),
            drafts: Vec::new(),
            names: HashSet::new(),
            ids: HashSet::new(),
        }
    }

    /// Adds an honest person with an invented login.
    pub(super) fn honest(&mut self, habit: Habit, born: Timestamp) -> usize {
        let login = self.login();
        self.settle(&login, born, PersonKind::Honest, Some(habit), None)
    }

    /// Adds a gamer with an invented login.
    pub(super) fn gamer(&mut self, kind: PersonKind, care: Care, born: Timestamp) -> usize {
        let login = self.login();
        self.settle(&login, born, kind, None, Some(care))
    }

    /// Adds a person; a login that is taken gets a number.
    pub(super) fn settle(
        &mut self,
        login: &str,
        born: Timestamp,
        kind: PersonKind,
        habit: Option<Habit>,
        care: Option<Care>,
    ) -> usize {
        let mut account = self.account(login, born);
        if habit == Some(Habit::Bot) {
            account.kind = AccountKind::Bot;
        }
        let utc_offset = *self.rng.pick(&[-8, -5, -3, 0, 1, 1, 2, 3, 5, 5, 5, 7, 8, 9]);
        self.people.push(Person { account, created_at: born, utc_offset, kind, habit, care });
        self.people.len() - 1
    }

    /// Returns a new account of that age.
    pub(super) fn account(&mut self, login: &str, born: Timestamp) -> Account {
        let login = self.unique(login);
        let mut id = account_id(born);
        while !self.ids.insert(id) {
            id += 1;
        }
        Account::user(id, login)
    }

    /// Returns an unused name, by adding a number if necessary.
    pub(super) fn unique(&mut self, name: &str) -> String {
        let mut unique = name.to_owned();
        while !self.names.insert(unique.to_lowercase()) {
            unique = format!("{name}{}", self.rng.between(2, 999));
        }
        unique
    }

    /// Adds a repository of a random stack. Its maintainers review and merge; its collaborators may merge.
    pub(super) fn repository(
        &mut self,
        owner: &Account,
        name: &str,
        purpose: Purpose,
        maintainers: &[usize],
        collaborators: &[usize],
    ) -> usize {
        let stack = self.rng.index(STACKS.len());
        let age = match purpose {
            Purpose::Junk(_) => self.days_before(2, 60),
            _ => self.days_before(90, 2500),
        };
        let repo = self.founded(owner, name, stack, age);
        self.stacks.push(stack);
        self.repositories.push(Repository {
            repo,
            purpose,
            maintainers: maintainers.to_vec(),
            collaborators: collaborators.to_vec(),
            theme: 0,
        });
        self.repositories.len() - 1
    }

    fn founded(&mut self, owner: &Account, name: &str, stack: usize, age: Timestamp) -> Repo {
        let id = 100_000_000 + (age - start()).num_seconds() / 3 + 950_000_000;
        let id = id + self.repositories.len() as i64;
        let mut repo = Repo::new(id, owner.clone(), name, age);
        repo.language = Some(STACKS[stack].language.to_owned());
        repo.stars = self.soon(0, 1500);
        repo.updated_at = end();
        repo.pushed_at = end();
        repo
    }

    pub(super) fn stack(&self, repository: usize) -> &'static Stack {
        &STACKS[self.stacks[repository]]
    }

    pub(super) fn of(&self, purpose: Purpose) -> Vec<usize> {
        let all = self.repositories.iter().enumerate();
        all.filter(|(_, own)| own.purpose == purpose).map(|(place, _)| place).collect()
    }

    pub(super) fn who(&self, habit: Habit) -> Vec<usize> {
        let all = self.people.iter().enumerate();
        all.filter(|(_, person)| person.habit == Some(habit)).map(|(place, _)| place).collect()
    }

    /// Returns a random project of an organization.
    pub(super) fn project(&mut self) -> usize {
        let projects = self.of(Purpose::Project);
        *self.rng.pick(&projects)
    }

    /// Returns `count` different projects in random order.
    pub(super) fn projects(&mut self, count: usize) -> Vec<usize> {
        let mut projects = self.of(Purpose::Project);
        self.rng.shuffle(&mut projects);
        projects.truncate(count);
        projects
    }

    /// Adds a pull request.
    pub(super) fn add(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }
}
