//! Decisions of contribution programmes: the points of a pull request, their explanation, and its state.
//!
//! These are pure functions, without database, clock, randomness or logging. Reading order: [`facts`] are
//! the input, [`document`] has the published rules, [`settle`] computes the points, and [`explanation`]
//! explains them. [`state`] has the life cycle of a pull request.

mod about;
mod assemble;
mod award;
mod candidate;
pub mod comparison;
pub mod document;
mod eligibility;
mod exact;
pub mod explanation;
pub mod facts;
pub mod form;
#[cfg(test)]
mod fuzz;
pub mod labels;
mod parse;
pub mod paths;
mod readd;
mod sentence;
mod settle;
pub mod slug;
pub mod state;
mod stored;
pub mod title;
mod worth;

#[cfg(test)]
mod tests;

pub use about::ProjectTexts;
pub use assemble::assemble;
pub use candidate::{Candidate, refusal};
pub use document::{RulesDocument, VersionedRules};
pub use exact::{Exact, Multiplier};
pub use explanation::{Assumption, Exclusion, Explanation, Kind, PullRequestFlag, Reason};
pub use facts::{ChangedFile, Part, Pull, PullFacts, Window};
pub use parse::{FieldError, SCHEMA};
pub use sentence::ordinal;
pub use settle::{Calculation, Entitlement, closes_at, settle};
pub use state::State;

/// The sentence that explains why a pull request without an author earns no points.
pub const DELETED_AUTHOR: &str =
    "This pull request earns no points because its author's GitHub account is deleted.";
