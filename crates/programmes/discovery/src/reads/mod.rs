//! Queries of discovery.

pub mod claims;
mod documents;
mod opportunities;
mod progress;
mod repositories;

pub(crate) use documents::{ChangeOf, change_of, changes, last_change, totals};
pub(crate) use opportunities::{HealthView, OpportunityView, bodies, opportunities, opportunity};
pub(crate) use progress::is_unused;
pub use progress::{Progress, Unfound, progress};
pub(crate) use repositories::{
    RepositoryFilter, RepositoryOrder, RepositoryView, opportunities_of, repositories, repository,
    repository_named,
};
