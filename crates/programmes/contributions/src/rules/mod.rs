//! Decisions of contribution programmes: what a pull request is worth, why, and what state it is in.
//!
//! Values in, values out: no database, no clock, no randomness, no logging. Reading order:
//! [`facts`] what is known, [`document`] the published rules, [`settle`] what follows from both,
//! [`explanation`] why; beside them [`state`] for the life of a pull request.

mod assemble;
mod award;
pub mod document;
mod eligibility;
mod exact;
pub mod explanation;
pub mod facts;
pub mod labels;
mod parse;
pub mod paths;
mod readd;
mod sentence;
mod settle;
pub mod slug;
pub mod state;
pub mod title;

#[cfg(test)]
mod tests;

pub use assemble::assemble;
pub use document::{RulesDocument, VersionedRules};
pub use exact::{Exact, Multiplier};
pub use explanation::{Assumption, Exclusion, Explanation, Kind, PullRequestFlag, Reason};
pub use facts::{ChangedPath, Part, Pull, PullFacts, Window};
pub use parse::{FieldError, SCHEMA};
pub use sentence::ordinal;
pub use settle::{Entitlement, Reckoning, closes_at, settle};
pub use state::State;

/// Explains why a pull request without an author earns nothing.
pub const DELETED_AUTHOR: &str =
    "This pull request earns no points because its author's GitHub account is deleted.";
