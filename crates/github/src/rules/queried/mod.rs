//! Pull requests as GitHub's GraphQL API returns them, and the statements that they make. The API returns the current
//! state and the events before it, from which each earlier state follows, as deliveries would have stated it.

mod statements;
#[cfg(test)]
mod tests;
mod types;

pub(crate) use types::big_int;

pub use statements::{PastState, past_states};
pub use types::{
    Account, Connection, Event, File, Lists, PullsData, QueriedPull, RestData, RestDescription,
    Review,
};
