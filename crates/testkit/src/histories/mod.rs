//! Small random worlds for the test that order and repetition do not matter. Every payload is a
//! true snapshot of one simulated GitHub, whose instants are whole seconds, so that ties occur.

mod acts;
mod words;
mod world;

use kernel::Timestamp;
use serde_json::value::RawValue;

use crate::{
    delivery::Delivery,
    payloads::{Account, Repo},
    rng::Rng,
    story::Story,
};

/// How large a history is; a test shrinks the sizes and keeps the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistorySpec {
    /// Decides everything that the sizes leave open.
    pub seed: u64,
    /// Repositories, at least one.
    pub repositories: usize,
    /// People, at least two.
    pub people: usize,
    /// Pull requests.
    pub pull_requests: usize,
    /// Acts of each pull request after its opening, about.
    pub acts: usize,
    /// Several things may happen within one second. Without ties the last state is certain.
    pub ties: bool,
}

impl HistorySpec {
    /// A history of two repositories, five people and eight pull requests.
    #[must_use]
    pub fn small(seed: u64) -> Self {
        Self {
            seed,
            repositories: 2,
            people: 5,
            pull_requests: 8,
            acts: 6,
            ties: true,
        }
    }

    /// Lets the history happen.
    #[must_use]
    pub fn generate(&self) -> History {
        world::World::new(*self).run()
    }
}

/// Events, and the state in the end.
#[derive(Clone, Debug)]
pub struct History {
    /// Deliveries in the order of what they tell.
    pub deliveries: Vec<Delivery>,
    /// The repositories at the end.
    pub repositories: Vec<Repo>,
    /// The accounts that are left at the end.
    pub people: Vec<Account>,
    /// The pull requests at the end, with their reviews.
    pub stories: Vec<Story>,
    /// The instant of the last event.
    pub ended_at: Timestamp,
}

/// The same deliveries in a random order, about a third of them twice or three times: redelivered
/// with the same id, or delivered by a second hook with an id of its own (a push never is, because
/// each of its deliveries is an event and not a state).
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

/// A delivery of something that just happened.
fn delivery(rng: &mut Rng, at: Timestamp, event: &str, body: Box<RawValue>) -> Delivery {
    Delivery {
        at: Some(at),
        event: event.to_owned(),
        delivery: rng.uuid(),
        body,
    }
}

#[cfg(test)]
mod tests;
