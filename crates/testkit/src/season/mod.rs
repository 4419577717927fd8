//! A realistic season for the demo and for benchmarks: projects, people, pull requests and months of deliveries, all
//! from one seed. Names are invented.

mod plan;
mod stream;
mod themes;
mod titles;

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::{
    payloads::{Account, AccountKind, Repo},
    rng::Rng,
};
pub use stream::Deliveries;
use themes::{FIRST_NAMES, LAST_NAMES, THEMES};

/// Maintainers of each project, taken from the start of the list of people.
const MAINTAINERS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeasonSpec {
    /// The seed for everything that the sizes do not determine.
    pub seed: u64,
    /// People who may contribute; the least active may not.
    pub people: usize,
    pub pull_requests: usize,
    /// Projects, each of two or three repositories.
    pub projects: usize,
    /// The start.
    pub from: Timestamp,
    /// The end, exclusive.
    pub until: Timestamp,
}

impl SeasonSpec {
    /// Returns the demo's season: the four months before `until`.
    #[must_use]
    pub fn demo(until: Timestamp) -> Self {
        Self {
            seed: 2026,
            people: 400,
            pull_requests: 3000,
            projects: 6,
            from: until - TimeDelta::days(122),
            until,
        }
    }
}

#[derive(Clone, Debug)]
pub struct SeasonProject {
    pub name: String,
    /// The name in URLs.
    pub slug: String,
    /// A one-line description.
    pub description: String,
    pub tags: Vec<String>,
    /// `beginner`, `intermediate` or `advanced`.
    pub difficulty: &'static str,
    pub repositories: Vec<Arc<Repo>>,
    /// People who review and merge.
    pub maintainers: Vec<Account>,
}

/// People and projects of a season. [`Season::deliveries`] returns its events.
#[derive(Clone, Debug)]
pub struct Season {
    pub spec: SeasonSpec,
    pub projects: Vec<SeasonProject>,
    /// Everyone including maintainers, most active first.
    pub people: Vec<Account>,
    /// Apps that open pull requests.
    pub bots: Vec<Account>,
}

impl Season {
    /// Creates the season of `spec`.
    #[must_use]
    pub fn new(spec: SeasonSpec) -> Self {
        let projects = spec.projects.max(1);
        let people: Vec<Account> =
            (0..spec.people.max(projects * MAINTAINERS)).map(person).collect();
        let bot = |id, login: &str| Account { id, login: login.to_owned(), kind: AccountKind::Bot };
        Self {
            projects: (0..projects).map(|index| project(&spec, index, &people)).collect(),
            bots: vec![bot(7_900_001, "keelbot[bot]"), bot(7_900_002, "lintwren[bot]")],
            people,
            spec,
        }
    }

    /// Returns the people who maintain no project, most active first.
    pub fn others(&self) -> impl Iterator<Item = &Account> {
        self.people.iter().skip(self.projects.len() * MAINTAINERS)
    }

    /// Returns the deliveries of the season, oldest first. They are generated while they are read: only the pull
    /// requests in progress are in memory.
    #[must_use]
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries::new(self)
    }

    /// Returns the main project of the person at `index`.
    fn home(&self, index: usize) -> usize {
        let projects = self.projects.len();
        if index < projects * MAINTAINERS { index / MAINTAINERS } else { index % projects }
    }
}

fn person(index: usize) -> Account {
    let first = FIRST_NAMES[index % FIRST_NAMES.len()];
    // Every pair of names is used once before a number distinguishes people.
    let last = LAST_NAMES[(index / FIRST_NAMES.len() + 7 * index) % LAST_NAMES.len()];
    let round = index / (FIRST_NAMES.len() * LAST_NAMES.len());
    let login =
        if round == 0 { format!("{first}-{last}") } else { format!("{first}-{last}-{round}") };
    Account::user(7_100_001 + index as i64, login)
}

fn project(spec: &SeasonSpec, index: usize, people: &[Account]) -> SeasonProject {
    let theme = &THEMES[index % THEMES.len()];
    let round = index / THEMES.len();
    let (name_tail, slug_tail) = match round {
        0 => (String::new(), String::new()),
        _ => (format!(" {}", round + 1), format!("-{}", round + 1)),
    };
    let slug = format!("{}{slug_tail}", theme.slug);
    let maintainers = people[index * MAINTAINERS..][..MAINTAINERS].to_vec();
    // The last theme's repositories belong to a person, so that some authors own the repository.
    let owner = if index % THEMES.len() + 1 == THEMES.len() {
        maintainers[0].clone()
    } else {
        Account::organization(9_100_001 + index as i64, format!("{slug}-guild"))
    };
    let repositories = theme.repositories.iter().enumerate().map(|(place, name)| {
        let id = 81_200_001 + (index * 10 + place) as i64;
        Arc::new(repository(spec, theme, id, Repo::new(id, owner.clone(), *name, spec.from)))
    });
    SeasonProject {
        name: format!("{}{name_tail}", theme.name),
        slug,
        description: theme.description.to_owned(),
        tags: theme.tags.iter().map(|&tag| tag.to_owned()).collect(),
        difficulty: theme.difficulty,
        repositories: repositories.collect(),
        maintainers,
    }
}

fn repository(spec: &SeasonSpec, theme: &themes::Theme, id: i64, plain: Repo) -> Repo {
    let mut rng = Rng::part(spec.seed, id.unsigned_abs());
    let created_at = spec.from - TimeDelta::days(rng.between(200, 2000));
    Repo {
        description: Some(theme.description.to_owned()),
        language: Some(theme.language.to_owned()),
        topics: theme.tags.iter().map(|&tag| tag.to_owned()).collect(),
        stars: rng.between(20, 4000),
        open_issues: rng.between(5, 200),
        created_at,
        updated_at: spec.from,
        ..plain
    }
}

#[cfg(test)]
mod tests;
