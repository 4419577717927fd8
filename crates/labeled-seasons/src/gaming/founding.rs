//! Creates a repository with GitHub's fields.

use std::collections::HashSet;

use chrono::TimeDelta;
use kernel::Timestamp;

use super::{
    ids,
    model::{Purpose, Repository},
    names::Namer,
    people::Person,
    scale::Scale,
    themes::THEMES,
};
use testkit::{
    payloads::{Account, Repo},
    rng::Rng,
};

pub(super) struct RepositoryBuilder<'a> {
    pub(super) rng: &'a mut Rng,
    pub(super) scale: &'a Scale,
    pub(super) namer: &'a mut Namer,
    pub(super) people: &'a [Person],
    pub(super) ids: HashSet<i64>,
    pub(super) made: Vec<Repository>,
}

pub(super) struct RepositoryPlan {
    pub(super) purpose: Purpose,
    pub(super) owner: Account,
    pub(super) name: String,
    pub(super) maintainers: Vec<usize>,
    pub(super) collaborators: Vec<usize>,
}

impl RepositoryBuilder<'_> {
    pub(super) fn add(&mut self, wanted: RepositoryPlan) {
        let created_at = self.created_at(&wanted);
        let mut id = ids::repository(self.rng, created_at);
        while !self.ids.insert(id) {
            id += 1;
        }
        let theme = self.rng.index(THEMES.len());
        let mut repo = Repo::new(id, wanted.owner, wanted.name, created_at);
        while self.made.iter().any(|made| made.repo.full_name() == repo.full_name()) {
            repo.name.push_str("-more");
        }
        self.describe(&mut repo, wanted.purpose, theme);
        self.made.push(Repository {
            repo,
            purpose: wanted.purpose,
            maintainers: wanted.maintainers,
            collaborators: wanted.collaborators,
            theme,
        });
    }

    /// Junk is new; everything else has a history.
    fn created_at(&mut self, wanted: &RepositoryPlan) -> Timestamp {
        let days = match wanted.purpose {
            Purpose::Junk(_) => 20,
            Purpose::Solo => 700,
            _ => 2500,
        };
        let from = self.scale.from - TimeDelta::days(days);
        let owners = self.people.iter();
        let owner = owners.filter(|person| person.account.id == wanted.owner.id);
        let known = owner.map(|person| person.created_at).max();
        let at = from + TimeDelta::hours(self.rng.between(0, days * 16));
        known.map_or(at, |known| at.max(known + TimeDelta::hours(5)))
    }

    fn describe(&mut self, repo: &mut Repo, purpose: Purpose, theme: usize) {
        let theme = &THEMES[theme];
        let rng = &mut *self.rng;
        repo.language = Some(theme.language.to_owned());
        repo.topics = theme.topics.iter().map(|&topic| topic.to_owned()).collect();
        repo.description = Some(theme.description.to_owned());
        repo.stars = match purpose {
            Purpose::Junk(_) => rng.between(0, 9),
            Purpose::Solo => rng.between(0, 60),
            Purpose::RingHome(_) | Purpose::Practice => rng.between(15, 300),
            _ => rng.between(30, 6000),
        };
        repo.open_issues = rng.between(0, 4 + repo.stars / 20);
        if matches!(purpose, Purpose::Junk(_) | Purpose::Practice) {
            repo.topics = vec![String::from("beginner-friendly")];
            repo.description =
                rng.chance(60).then(|| String::from("Contribute here, everyone is welcome"));
        }
        repo.updated_at = self.scale.from.max(repo.created_at);
        repo.pushed_at = repo.updated_at;
    }
}
