//! Issues as deliveries and GitHub's GraphQL API state them, and descriptions of repositories.

mod event;
#[cfg(test)]
mod fuzz;
mod queried;
mod stated;

pub use event::{IssueEvent, IssueObject};
pub use queried::{IssuesData, NamedRepository, QueriedIssue, QueriedProfile, QueriedRepository};
pub use stated::{Rank, StatedIssue};
