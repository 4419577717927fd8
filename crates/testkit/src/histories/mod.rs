//! Small random worlds for testing that order and repetition of deliveries do not matter. Every payload is a consistent
//! snapshot of one simulated GitHub, whose timestamps are whole seconds, so that ties occur.

mod acts;
mod words;
mod world;

use kernel::Timestamp;
use serde_json::value::RawValue;

pub(crate) use acts::draw;

use crate::{
    delivery::Delivery,
    payloads::{Account, Repo},
    rng::Rng,
    story::Story,
};

/// The size of a history. A test shrinks the sizes and keeps the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistorySpec {
    /// The seed for everything that the sizes do not determine.
    pub seed: u64,
    /// Number of the world, from 0. No ID, login or name of one world occurs in another, so that a server can receive
    /// several at once.
    pub world: u16,
    /// Repositories, at least one.
    pub repositories: usize,
    /// People, at least two.
    pub people: usize,
    pub pull_requests: usize,
    /// Approximate number of acts per pull request after its opening.
    pub acts: usize,
    /// True when several events may happen in the same second. Without ties the final state is unambiguous.
    pub ties: bool,
}

impl HistorySpec {
    /// A history of two repositories, five people and eight pull requests.
    #[must_use]
    pub fn small(seed: u64) -> Self {
        Self { seed, world: 0, repositories: 2, people: 5, pull_requests: 8, acts: 6, ties: true }
    }

    #[must_use]
    pub fn generate(&self) -> History {
        world::World::new(*self).run()
    }
}

/// Events, and the final state.
#[derive(Clone, Debug)]
pub struct History {
    /// Deliveries in the order of their events.
    pub deliveries: Vec<Delivery>,
    pub repositories: Vec<Repo>,
    /// The accounts that remain at the end.
    pub people: Vec<Account>,
    /// The pull requests at the end, with their reviews.
    pub stories: Vec<Story>,
    /// The time of the last event.
    pub ended_at: Timestamp,
}

impl History {
    /// Joins histories of different worlds into one, with all deliveries in the order of their events. Returns `None` for
    /// no histories.
    #[must_use]
    pub fn together(histories: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut joined = histories.into_iter().reduce(|mut all, one| {
            all.deliveries.extend(one.deliveries);
            all.repositories.extend(one.repositories);
            all.people.extend(one.people);
            all.stories.extend(one.stories);
            all.ended_at = all.ended_at.max(one.ended_at);
            all
        })?;
        joined.deliveries.sort_by_key(|delivery| delivery.at);
        Some(joined)
    }
}

/// Returns the same deliveries in a random order, with about a third of them repeated once or twice: redelivered with
/// the same ID, or delivered by a second hook with its own ID. A push never gets a second ID, because each of its
/// deliveries is an event and not a state.
#[must_use]
pub fn shuffle_and_double(seed: u64, deliveries: &[Delivery]) -> Vec<Delivery> {
    let mut rng = Rng::new(seed);
    let mut all = deliveries.to_vec();
    for delivery in deliveries {
        for _ in 0..*rng.pick(&[0, 0, 0, 0, 1, 2]) {
            let mut again = delivery.clone();
            if again.event != "push" && rng.chance(40) {
                again.delivery = rng.uuid();
            }
            all.push(again);
        }
    }
    rng.shuffle(&mut all);
    all
}

fn delivery(rng: &mut Rng, at: Timestamp, event: &str, body: Box<RawValue>) -> Delivery {
    Delivery { at: Some(at), event: event.to_owned(), delivery: rng.uuid(), body }
}

#[cfg(test)]
mod tests;
