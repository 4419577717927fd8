use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Switches, book::Challenge};
use crate::rng::Rng;

/// The state of the fake.
pub(super) struct World {
    pub(super) switches: Switches,
    pub(super) rng: Rng,
    seed: u64,
    /// Accounts by the ID of the server that uses the fake.
    pub(super) users: BTreeMap<String, User>,
    pub(super) teams: BTreeMap<String, Team>,
    /// Calls by method and path.
    pub(super) calls: BTreeMap<String, u64>,
    next_id: i64,
}

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) metactf_id: i64,
    pub(super) username: String,
    pub(super) email: String,
    pub(super) is_coach: bool,
    pub(super) status: String,
    pub(super) last_login: Option<i64>,
    pub(super) last_accessed: Option<i64>,
    pub(super) team: Option<String>,
    pub(super) solves: Vec<Solved>,
    pub(super) events: Vec<HeldEvent>,
    pub(super) resets: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Team {
    pub(super) metactf_id: i64,
    pub(super) coach: String,
    pub(super) name: String,
}

#[derive(Clone, Debug)]
pub(super) struct Solved {
    pub(super) id: i64,
    pub(super) challenge: Challenge,
    pub(super) at: i64,
}

#[derive(Clone, Debug)]
pub(super) struct HeldEvent {
    pub(super) name: String,
    pub(super) start: i64,
    pub(super) max_points: i64,
    pub(super) rank: Option<i64>,
    pub(super) solves: Vec<Solved>,
}

impl World {
    pub(super) fn new(seed: u64, switches: Switches) -> Self {
        Self {
            switches,
            rng: Rng::new(seed),
            seed,
            users: BTreeMap::new(),
            teams: BTreeMap::new(),
            calls: BTreeMap::new(),
            next_id: 5_000,
        }
    }

    /// Returns a number that no other row has.
    pub(super) fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    pub(super) fn add_user(&mut self, id: &str, username: String, email: String, is_coach: bool) {
        let status = if self.switches.approves { "approved" } else { "pending_approval" };
        let user = User {
            metactf_id: self.id(),
            username,
            email,
            is_coach,
            status: status.to_owned(),
            last_login: None,
            last_accessed: None,
            team: None,
            solves: Vec::new(),
            events: Vec::new(),
            resets: 0,
        };
        self.users.insert(id.to_owned(), user);
    }

    /// Returns an account, which may be made up for a load run.
    pub(super) fn user(&mut self, id: &str, now: i64) -> Option<&mut User> {
        if self.switches.knows_everyone && !self.users.contains_key(id) {
            self.make_up(id, now);
        }
        self.users.get_mut(id)
    }

    /// Makes up an account that depends on the seed and the ID only, apart from the platform's own IDs.
    fn make_up(&mut self, id: &str, now: i64) {
        let part = id
            .bytes()
            .fold(0_u64, |part, byte| part.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut rng = Rng::part(self.seed, part);
        self.add_user(id, format!("player{part:x}"), String::new(), false);
        let count = self.switches.solves_each;
        let solves: Vec<Solved> = (0..count)
            .map(|_| Solved {
                id: self.id(),
                challenge: Challenge::random(&mut rng),
                at: now - rng.between(0, 90 * 86_400),
            })
            .collect();
        if let Some(user) = self.users.get_mut(id) {
            "approved".clone_into(&mut user.status);
            user.last_login = Some(now - 3_600);
            user.last_accessed = solves.iter().map(|solve| solve.at).max();
            user.solves = solves;
        }
    }

    /// Returns a solve by the platform's ID.
    pub(super) fn solve(&mut self, id: i64) -> Option<&mut Solved> {
        self.users.values_mut().find_map(|user| {
            let of_events = user.events.iter_mut().flat_map(|event| &mut event.solves);
            user.solves.iter_mut().chain(of_events).find(|solve| solve.id == id)
        })
    }

    /// Removes a solve, and returns whether it was there.
    pub(super) fn remove(&mut self, id: i64) -> bool {
        let mut is_found = false;
        for user in self.users.values_mut() {
            let lists = user.events.iter_mut().map(|event| &mut event.solves);
            for list in lists.chain([&mut user.solves]) {
                let before = list.len();
                list.retain(|solve| solve.id != id);
                is_found |= list.len() < before;
            }
        }
        is_found
    }
}

impl User {
    /// Returns the answer about the account.
    pub(super) fn json(&self, id: &str) -> Value {
        let mut json = json!({
            "metactf_user_id": self.metactf_id,
            "metactf_username": self.username,
            "syned_user_id": id,
            "metactf_user_status": self.status,
        });
        if let Some(at) = self.last_login {
            json["last_login_unix_timestamp"] = at.into();
        }
        json
    }
}

impl Solved {
    pub(super) fn json(&self) -> Value {
        let challenge = &self.challenge;
        json!({
            "challenge_solve_id": self.id,
            "challenge_id": challenge.id,
            "challenge_title": challenge.title,
            "challenge_points": challenge.points,
            "challenge_category": challenge.category,
            "timestamp_unix": self.at,
            "challenge_retired": challenge.is_retired,
            "nist_nice_work_roles": challenge.roles,
        })
    }
}

impl HeldEvent {
    pub(super) fn json(&self) -> Value {
        let solves: Vec<Value> = self.solves.iter().map(Solved::json).collect();
        json!({
            "flash_ctf_name": self.name,
            "flash_ctf_time_start_unix": self.start,
            "challenges_solved": self.solves.len(),
            "challenge_solves": solves,
            "points_earned": points(&self.solves),
            "max_points_possible": self.max_points,
            "rank": self.rank,
        })
    }
}

pub(super) fn points(solves: &[Solved]) -> i64 {
    solves.iter().map(|solve| solve.challenge.points).sum()
}
