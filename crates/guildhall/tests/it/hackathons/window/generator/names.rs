//! Names of people, teams and repositories, each of which is given once.

use std::collections::{BTreeMap, BTreeSet};

use testkit::rng::Rng;

const FIRST: &[&str] = &[
    "wren", "finch", "otter", "heron", "badger", "lynx", "maple", "juniper", "sorrel", "bracken",
    "amina", "joao", "mei", "tomas", "priya", "lars", "noor", "ines", "kofi", "yuki", "olga",
    "pablo", "sanne", "dmitri", "leila", "hugo", "freya", "arjun", "zoe", "emeka",
];
const LAST: &[&str] = &[
    "oak", "ash", "reed", "brook", "moss", "thorn", "vale", "marsh", "stone", "lark", "dev",
    "codes", "labs", "writes", "builds", "dot", "byte", "loop", "null", "stack",
];
const PROJECTS: &[&str] = &[
    "tide", "lamp", "queue", "garden", "ferry", "signal", "pantry", "atlas", "beacon", "ledger",
    "compost", "radar", "loom", "harvest", "meadow", "kiln", "parcel", "orbit", "canopy", "echo",
];
const KINDS: &[&str] = &[
    "clock", "map", "board", "bot", "finder", "kit", "guide", "watch", "share", "planner", "hub",
    "tracker",
];

/// The people of a submission and the name of its repository.
#[derive(Clone)]
pub(super) struct Team {
    pub(super) members: Vec<String>,
    /// `OWNER/NAME`.
    pub(super) repository: String,
    /// The project's name in words.
    pub(super) title: String,
    /// A person outside the team who helps once.
    pub(super) friend: String,
    /// By how many seconds the clocks of members are ahead.
    pub(super) clocks: BTreeMap<String, i64>,
}

pub(super) struct Names {
    rng: Rng,
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: Rng::part(seed, 0), taken: BTreeSet::new() }
    }

    /// Makes a team of one to four people.
    pub(super) fn team(&mut self, rng: &mut Rng) -> Team {
        let size = 1 + rng.index(4);
        let members: Vec<String> = (0..size).map(|_| self.login()).collect();
        let name = self.fresh(PROJECTS, KINDS);
        let owner = if rng.chance(20) { format!("team-{name}") } else { members[0].clone() };
        let clock = |login: &String| (login.clone(), rng.between(-240, 240));
        let clocks = members.iter().map(clock).collect();
        Team {
            repository: format!("{owner}/{name}"),
            title: name.replace('-', " "),
            friend: self.login(),
            members,
            clocks,
        }
    }

    /// Makes one to three people outside the team. Some have an account, others only an address.
    pub(super) fn strangers(&mut self, rng: &mut Rng) -> Vec<String> {
        let has_account = rng.chance(60);
        let count = 1 + rng.index(3);
        let logins = (0..count).map(|_| self.login());
        let stranger = |login: String| match has_account {
            true => login,
            false => format!("{} <{login}@mail.example.net>", login.replace('-', " ")),
        };
        logins.map(stranger).collect()
    }

    fn login(&mut self) -> String {
        self.fresh(FIRST, LAST)
    }

    fn fresh(&mut self, first: &[&str], last: &[&str]) -> String {
        loop {
            let mut name = format!("{}-{}", self.rng.pick(first), self.rng.pick(last));
            if self.rng.chance(40) {
                name.push_str(&self.rng.between(2, 999).to_string());
            }
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}
