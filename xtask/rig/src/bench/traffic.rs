//! Deliveries of pull requests that are opened and then merged, by people with two repositories each.

use super::{
    load::scatter,
    payload::{self, Statement},
};
use crate::{deliveries, installation::SECRET};

/// GitHub IDs of the repositories.
pub(super) const REPOSITORIES: std::ops::RangeInclusive<u64> = 1..=50;

/// A stream of deliveries: even numbers open a pull request, odd ones merge it.
#[derive(Clone, Copy)]
pub(super) struct Traffic {
    /// The name of the run, so that delivery IDs are unique.
    pub(super) run: &'static str,
    /// Number of people.
    pub(super) people: u64,
    /// The first pull request's number.
    pub(super) first_pull: u64,
    /// True to leave out the URLs that make up most of a body.
    pub(super) is_slim: bool,
}

impl Traffic {
    /// Returns the complete signed request of delivery `number`.
    pub(super) fn request(&self, number: u64) -> Vec<u8> {
        self.signed(self.statement(self.first_pull + number / 2, number % 2 == 1))
    }

    /// Returns the complete signed request of the merge of pull request `number`, which also implies its opening.
    pub(super) fn merge(&self, number: u64) -> Vec<u8> {
        self.signed(self.statement(self.first_pull + number, true))
    }

    fn statement(&self, pull: u64, merged: bool) -> Statement {
        let author = scatter(pull) % self.people;
        let own = 2 * author + scatter(pull ^ author) % 2;
        Statement {
            repository: REPOSITORIES.start() + own % REPOSITORIES.end(),
            number: 1 + pull,
            author,
            month: 1 + scatter(!pull) % 10,
            merged,
        }
    }

    fn signed(&self, statement: Statement) -> Vec<u8> {
        let number = 2 * statement.number + u64::from(statement.merged);
        let body = if self.is_slim {
            payload::slim_body(statement)
        } else {
            payload::body(statement)
        };
        deliveries::Delivery {
            event: "pull_request",
            id: &deliveries::id(self.run, number),
            body: &body,
        }
        .request(SECRET)
    }
}
