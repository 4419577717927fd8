//! Decisions, as pure functions.

pub mod consent;
pub mod domains;
pub mod freshness;
#[cfg(test)]
mod fuzz;
pub mod links;
pub mod merge;
pub mod nice;
pub mod peers;
pub mod plan;
pub mod profile;
pub mod range;
pub mod roster_csv;
pub mod rosters;
pub mod runs;
pub mod status;
pub mod strengths;
pub mod support;
pub mod teams;
pub mod username;
pub mod weeks;
