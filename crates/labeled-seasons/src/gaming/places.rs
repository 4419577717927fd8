//! Draws the repositories and who maintains them.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::{
    founding::{RepositoryBuilder, RepositoryPlan},
    ids,
    model::{Purpose, Repository},
    people::{Care, Habit, Person, PersonKind},
    scale::Scale,
    vocabulary::{PARTS, ROOTS},
};
use testkit::payloads::Account;

/// Junk repositories at default scale.
const JUNK: usize = 9;

/// Curated lists and places for practice at default scale.
const LISTS: usize = 2;

/// Names of junk repositories; the second half belongs to careful owners.
const JUNK_NAMES: [&str; 12] = [
    "hello-world-collection",
    "add-your-program",
    "first-pr-here",
    "beginner-programs",
    "everyone-contribute",
    "all-hello-worlds",
    "algorithm-notebook",
    "snippet-garden",
    "daily-exercises",
    "patterns-in-practice",
    "interview-notes",
    "data-structures-lab",
];

impl RepositoryBuilder<'_> {
    pub(super) fn build(mut self) -> Vec<Repository> {
        self.groups();
        self.of_one_person();
        self.lists();
        self.junk();
        self.projects();
        self.made
    }

    fn having(&self, wanted: impl Fn(&Person) -> bool) -> Vec<usize> {
        let people = 0..self.people.len();
        people.filter(|at| wanted(&self.people[*at])).collect()
    }

    fn with_habit(&self, habit: Habit) -> Vec<usize> {
        self.having(|person| person.habit == Some(habit))
    }

    /// Draws two maintainers of organizations.
    fn two_maintainers(&mut self) -> Vec<usize> {
        let mut all = self.with_habit(Habit::Maintainer);
        self.rng.shuffle(&mut all);
        all.truncate(2);
        all
    }

    /// Adds the projects of teams and of rings.
    fn groups(&mut self) {
        for group in 0.. {
            let team = self.with_habit(Habit::Teammate(group));
            if team.is_empty() {
                break;
            }
            self.project(Purpose::Team(group), team, Vec::new());
        }
        for ring in 0.. {
            let members = self.having(|person| person.kind == PersonKind::RingMember(ring));
            let Some(first) = members.first() else { break };
            let mut maintainers = self.two_maintainers();
            // Careful rings also review outsiders, like maintainers do.
            if self.people[*first].care == Some(Care::Careful) {
                maintainers.extend(&members);
            }
            self.project(Purpose::RingHome(ring), maintainers, members);
        }
    }

    fn of_one_person(&mut self) {
        for maintainer in self.with_habit(Habit::FastMaintainer) {
            self.project(Purpose::Fast, vec![maintainer], Vec::new());
        }
        for person in self.with_habit(Habit::Solo) {
            let owner = self.people[person].account.clone();
            let name = format!("{}-{}", super::names::name(self.rng), self.rng.pick(&PARTS));
            self.add(RepositoryPlan {
                purpose: Purpose::Solo,
                owner,
                name,
                maintainers: vec![person],
                collaborators: Vec::new(),
            });
        }
    }

    fn lists(&mut self) {
        let names = ["list-of-field-tools", "list-of-open-datasets"];
        for name in &names[..self.scale.count(LISTS).min(names.len())] {
            let maintainers = self.two_maintainers();
            self.organized(Purpose::List, name, name, maintainers, Vec::new());
        }
        let maintainers = self.two_maintainers();
        self.organized(
            Purpose::Practice,
            "practice-pulls",
            "your-first-change",
            maintainers,
            Vec::new(),
        );
    }

    fn junk(&mut self) {
        let count = (JUNK * self.scale.repositories / Scale::default().repositories).max(3);
        for place in 0..count {
            let clusters = (0..).take_while(|cluster| !self.owners(*cluster).is_empty());
            let cluster = place % clusters.count();
            let owners = self.owners(cluster);
            let owner = owners[place / 2 % owners.len()];
            let half = JUNK_NAMES.len() / 2;
            let careful = self.people[owner].care == Some(Care::Careful);
            let first = if careful { half } else { 0 };
            let members = self.having(|person| {
                person.kind == PersonKind::JunkOwner(cluster)
                    || person.kind == PersonKind::JunkContributor(cluster)
            });
            self.add(RepositoryPlan {
                purpose: Purpose::Junk(cluster),
                owner: self.people[owner].account.clone(),
                name: JUNK_NAMES[first + place % half].to_owned(),
                maintainers: vec![owner],
                collaborators: members,
            });
        }
    }

    fn owners(&self, cluster: usize) -> Vec<usize> {
        self.having(|person| person.kind == PersonKind::JunkOwner(cluster))
    }

    /// Fills up with organizations of one to four repositories and their maintainers.
    fn projects(&mut self) {
        let mut all = self.with_habit(Habit::Maintainer);
        self.rng.shuffle(&mut all);
        let mut next = 0;
        while self.made.len() < self.scale.repositories {
            let size = 2 + self.rng.index(2);
            let maintainers: Vec<usize> =
                (0..size).map(|at| all[(next + at) % all.len()]).collect();
            next += size;
            self.project(Purpose::Project, maintainers, Vec::new());
            let left = self.scale.repositories - self.made.len();
            for part in &PARTS[..self.rng.index(4).min(left)] {
                self.sibling(part);
            }
        }
    }

    /// Adds a repository of a new organization.
    fn project(&mut self, purpose: Purpose, maintainers: Vec<usize>, collaborators: Vec<usize>) {
        let organizations: HashSet<i64> = self.made.iter().map(|made| made.repo.owner.id).collect();
        let root = ROOTS[organizations.len() % ROOTS.len()];
        let owner = self.rng.pick(&["org", "project", "dev", "collective"]);
        let owner = format!("{root}-{owner}");
        self.organized(purpose, &owner, root, maintainers, collaborators);
    }

    /// Adds a further repository of the organization of the last one.
    fn sibling(&mut self, part: &str) {
        let Some(last) = self.made.last().cloned() else {
            return;
        };
        let root = last.repo.owner.login.rsplit_once('-');
        let root = root.map_or("site", |(root, _)| root);
        self.add(RepositoryPlan {
            purpose: Purpose::Project,
            name: format!("{root}-{part}"),
            owner: last.repo.owner,
            maintainers: last.maintainers,
            collaborators: Vec::new(),
        });
    }

    fn organized(
        &mut self,
        purpose: Purpose,
        owner: &str,
        name: &str,
        maintainers: Vec<usize>,
        collaborators: Vec<usize>,
    ) {
        let created_at = self.scale.from - TimeDelta::days(self.rng.between(400, 4000));
        let id = ids::account(self.rng, created_at);
        let login = self.namer.reserve(self.rng, owner);
        self.add(RepositoryPlan {
            purpose,
            owner: Account::organization(id, login),
            name: name.to_owned(),
            maintainers,
            collaborators,
        });
    }
}
