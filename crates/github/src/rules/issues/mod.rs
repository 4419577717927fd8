//! Issues as deliveries and GitHub's GraphQL API state them, and descriptions of repositories.

mod event;
#[cfg(test)]
mod fuzz;
mod linked;
mod queried;
mod stated;

pub use event::{IssueEvent, IssueObject};
pub use linked::{LinkedData, LinkedIssue, LinkedRepository};
pub use queried::{IssuesData, NamedRepository, QueriedIssue, QueriedProfile, QueriedRepository};
pub use stated::{Rank, StatedIssue};
