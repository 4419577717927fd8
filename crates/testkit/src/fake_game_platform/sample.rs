//! Sample results, which depend only on a seed number, an instant and the order of the accounts.

use super::{
    FakeGamePlatform,
    book::{CATEGORIES, Challenge},
    world::{HeldEvent, Solved, Team, World},
};
use crate::rng::Rng;

/// The number of sample solves in on-demand learning.
pub const ODL_SOLVES: usize = 201;

/// The number of sample participations in Flash CTFs.
pub const EVENTS: usize = 36;

/// The number of sample solves in Flash CTFs.
pub const FLASH_SOLVES: usize = 202;

/// The platform's ID of the first sample solve. Those of other rows stay below.
const FIRST_SOLVE: i64 = 700_000;

const DAY: i64 = 86_400;
const HOUR: i64 = 3_600;

/// The platform's ID of the first solve of a night.
const FIRST_OF_NIGHT: i64 = 710_000;

/// The places of the accounts that solve something at night, and the number of solves of each.
const AT_NIGHT: [usize; 5] = [1, 3, 7, 10, 14];
const OF_NIGHT: usize = 3;

/// The Flash CTFs, each with the days before the end of the sample.
const FLASH_CTFS: [(&str, i64); 3] =
    [("September Flash", 66), ("October Flash", 38), ("November Flash", 10)];

#[derive(Clone, Debug)]
pub struct SampleTeam {
    pub id: String,
    pub name: String,
    pub members: Vec<String>,
}

impl FakeGamePlatform {
    /// Gives accounts the sample results that end at an instant, in seconds since 1970. Missing accounts and teams are added.
    /// The last account never signed in, the one before is inactive, and the third last waits for approval. Repeating it
    /// changes nothing.
    pub fn add_sample(
        &self,
        seed: u64,
        coach: &str,
        accounts: &[String],
        teams: &[SampleTeam],
        until: i64,
    ) {
        let mut world = self.world();
        world.ensure_user(coach, true);
        for account in accounts {
            world.ensure_user(account, false);
        }
        for team in teams {
            world.ensure_team(coach, team);
        }
        SampleDraw { rng: Rng::new(seed), next: FIRST_SOLVE, until }.fill(&mut world, accounts);
    }

    /// Gives some of the accounts solves of the night before an instant, in seconds since 1970, beside the sample results.
    /// Repeating it changes nothing.
    pub fn add_night(&self, seed: u64, accounts: &[String], until: i64) {
        let mut world = self.world();
        SampleDraw { rng: Rng::new(seed), next: FIRST_OF_NIGHT, until }.night(&mut world, accounts);
    }
}

impl World {
    fn ensure_user(&mut self, id: &str, is_coach: bool) {
        if !self.users.contains_key(id) {
            let name = format!("player{}", self.users.len() + 1);
            let email = format!("{name}@school.example");
            self.add_user(id, name, email, is_coach);
        }
        if let Some(user) = self.users.get_mut(id) {
            "approved".clone_into(&mut user.status);
        }
    }

    fn ensure_team(&mut self, coach: &str, team: &SampleTeam) {
        if !self.teams.contains_key(&team.id) {
            let new =
                Team { metactf_id: self.id(), coach: coach.to_owned(), name: team.name.clone() };
            self.teams.insert(team.id.clone(), new);
        }
        for member in &team.members {
            if let Some(user) = self.users.get_mut(member) {
                user.team = Some(team.id.clone());
            }
        }
    }
}

struct SampleDraw {
    rng: Rng,
    next: i64,
    until: i64,
}

impl SampleDraw {
    fn fill(&mut self, world: &mut World, accounts: &[String]) {
        let mut solves = vec![Vec::new(); accounts.len()];
        let mut events = vec![Vec::new(); accounts.len()];
        let active = accounts.len().saturating_sub(2).max(1);
        for number in 0..ODL_SOLVES {
            // The first ones solve more; the one before the last only long ago.
            let place = match number % 20 {
                19 => active.min(accounts.len().saturating_sub(1)),
                _ => self.rng.index(active).min(self.rng.index(active)),
            };
            let days =
                if place < active { self.rng.between(0, 80) } else { self.rng.between(30, 85) };
            let solve = self.solve(number, self.until - days * DAY - 3_600);
            if let Some(own) = solves.get_mut(place) {
                own.push(solve);
            }
        }
        for number in 0..EVENTS {
            let takers = accounts.len().saturating_sub(1).max(1);
            let (place, round) = (number % takers, number / takers);
            let (name, days) = FLASH_CTFS[FLASH_CTFS.len() - 1 - round % FLASH_CTFS.len()];
            let start = self.until - days * DAY;
            let count = FLASH_SOLVES / EVENTS + usize::from(number < FLASH_SOLVES % EVENTS);
            let mut solved = Vec::with_capacity(count);
            for it in 0..count {
                solved.push(self.solve(number + it, start + 900 * (it as i64 + 1)));
            }
            let event = HeldEvent {
                name: name.to_owned(),
                start,
                max_points: 3_000,
                rank: Some(self.rng.between(1, 400)),
                solves: solved,
            };
            if let Some(own) = events.get_mut(place) {
                own.push(event);
            }
        }
        for (place, (solves, events)) in solves.into_iter().zip(events).enumerate() {
            let Some(user) = world.users.get_mut(&accounts[place]) else {
                continue;
            };
            let of_events = events.iter().flat_map(|event| &event.solves);
            let last = solves.iter().chain(of_events).map(|solve| solve.at).max();
            user.last_login = last.map(|at| at + 60);
            user.last_accessed = user.last_login;
            if place + 3 == accounts.len() {
                "pending_approval".clone_into(&mut user.status);
            }
            (user.solves, user.events) = (solves, events);
        }
    }

    fn night(&mut self, world: &mut World, accounts: &[String]) {
        for place in AT_NIGHT {
            for number in 0..OF_NIGHT {
                let solve = self.solve(place + number, self.until - (9 + number as i64) * HOUR);
                let account = accounts.get(place).and_then(|account| world.users.get_mut(account));
                let Some(user) = account else { continue };
                if user.solves.iter().all(|known| known.id != solve.id) {
                    user.last_login = user.last_login.max(Some(solve.at + 60));
                    user.last_accessed = user.last_login;
                    user.solves.push(solve);
                }
            }
        }
    }

    fn solve(&mut self, number: usize, at: i64) -> Solved {
        let mut challenge = Challenge::random(&mut self.rng);
        // Each domain has solves.
        while challenge.category != CATEGORIES[number % CATEGORIES.len()].0 {
            challenge = Challenge::random(&mut self.rng);
        }
        self.next += 1;
        Solved { id: self.next, challenge, at: at + self.rng.between(0, 3_000) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fake_game_platform::Switches;

    fn accounts() -> Vec<String> {
        (1..=18).map(|number| format!("mock-{number}")).collect()
    }

    fn filled(seed: u64) -> World {
        let mut world = World::new(1, Switches::default());
        for account in accounts() {
            world.ensure_user(&account, false);
        }
        let mut sample =
            SampleDraw { rng: Rng::new(seed), next: FIRST_SOLVE, until: 1_790_000_000 };
        sample.fill(&mut world, &accounts());
        world
    }

    #[test]
    fn the_sample_has_the_stated_numbers_in_nine_domains() {
        let world = filled(7);
        let users = || world.users.values();
        let solves = || users().flat_map(|user| &user.solves);
        assert_eq!(solves().count(), ODL_SOLVES);
        assert_eq!(users().map(|user| user.events.len()).sum::<usize>(), EVENTS);
        let of_events = || users().flat_map(|user| &user.events).flat_map(|event| &event.solves);
        assert_eq!(of_events().count(), FLASH_SOLVES);
        let categories: BTreeSet<_> = solves().map(|it| &it.challenge.category).collect();
        assert_eq!(categories.len(), 9);
        let ids: BTreeSet<_> = solves().chain(of_events()).map(|solve| solve.id).collect();
        assert_eq!(ids.len(), ODL_SOLVES + FLASH_SOLVES);
        let idle = users().filter(|user| user.last_login.is_none()).count();
        assert_eq!(idle, 1);
    }

    #[test]
    fn a_night_is_added_once() {
        let mut world = filled(7);
        let solves = |world: &World| world.users.values().map(|user| user.solves.len()).sum();
        let before: usize = solves(&world);
        for _ in 0..2 {
            let rng = Rng::new(7);
            let mut night = SampleDraw { rng, next: FIRST_OF_NIGHT, until: 1_790_000_000 };
            night.night(&mut world, &accounts());
            assert_eq!(solves(&world), before + AT_NIGHT.len() * OF_NIGHT);
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_sample() {
        let text = |seed| format!("{:?}", filled(seed).users);
        assert_eq!(text(7), text(7));
        assert_ne!(text(7), text(8));
    }
}
