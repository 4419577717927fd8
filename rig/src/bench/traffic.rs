//! Deliveries of pull requests that are opened and then merged, by people with two repositories each.

use chrono::{Days, Utc};

use super::{
    load::scatter,
    payload::{self, Statement},
};
use crate::{deliveries, installation::SECRET};

/// GitHub IDs of the repositories of most installations.
pub(super) const REPOSITORIES: std::ops::RangeInclusive<u64> = 1..=50;

/// One of this number of pull requests of a large installation was opened in the last days, and is open.
const OPEN: u64 = 50;
/// The days in which these were opened.
const LATELY: u64 = 20;

/// A stream of deliveries: even numbers open a pull request, odd ones merge it.
#[derive(Clone, Copy)]
pub(super) struct Traffic {
    /// The name of the run, so that delivery IDs are unique.
    pub(super) run: &'static str,
    /// Number of people.
    pub(super) people: u64,
    /// Number of repositories, whose GitHub IDs begin with 1.
    pub(super) repositories: u64,
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

    /// Returns the complete signed request of the latest event of pull request `number`, which also implies its opening:
    /// most were merged in 2025, and some are open.
    #[expect(
        clippy::disallowed_methods,
        reason = "the server that is measured reads the same clock"
    )]
    pub(super) fn past(&self, number: u64) -> Vec<u8> {
        let pull = self.first_pull + number;
        let statement = self.statement(pull, !pull.is_multiple_of(OPEN));
        if statement.merged {
            return self.signed(statement);
        }
        let ago = Days::new(1 + pull / OPEN % LATELY);
        let day = Utc::now().date_naive() - ago;
        self.signed(Statement { day, ..statement })
    }

    fn statement(&self, pull: u64, merged: bool) -> Statement {
        let author = scatter(pull) % self.people;
        let own = 2 * author + scatter(pull ^ author) % 2;
        Statement {
            repository: REPOSITORIES.start() + own % self.repositories,
            number: 1 + pull,
            author,
            day: payload::day_of(1 + scatter(!pull) % 10, 1 + pull),
            merged,
        }
    }

    fn signed(&self, statement: Statement) -> Vec<u8> {
        let number = 2 * statement.number + u64::from(statement.merged);
        let body =
            if self.is_slim { payload::slim_body(statement) } else { payload::body(statement) };
        deliveries::Delivery {
            event: "pull_request",
            id: &deliveries::id(self.run, number),
            body: &body,
        }
        .request(SECRET)
    }
}
