//! Decisions about backups and costs.

pub(crate) mod backups;
mod costs;

pub use costs::{Advice, Elapsed, ServiceCost, advice, in_gigabytes, is_far_over};
