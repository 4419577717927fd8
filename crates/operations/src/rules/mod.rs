//! Decisions about backups, costs and numbers of use.

pub(crate) mod backups;
mod costs;
mod periods;

pub use costs::{Advice, Elapsed, ServiceCost, advice, in_gigabytes, is_far_over};
pub use periods::{Cohort, Length, cohorts, summed};
