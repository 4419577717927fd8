//! Decisions of contribution programmes: the points of a pull request, their explanation, and its state.
//!
//! These are pure functions, without database, clock, randomness or logging. Reading order: [`facts`] are
//! the input, [`document`] has the published rules, [`settle`] computes the points, and [`explanation`]
//! explains them. [`state`] has the life cycle of a pull request, and [`review`] what reviews make of it.

mod about;
pub mod analytics;
mod assemble;
mod award;
mod candidate;
pub mod comparison;
mod counted_merge;
pub mod deeds;
pub mod disputes;
pub mod document;
mod eligibility;
mod exact;
pub mod explanation;
pub mod facts;
pub mod fair_play;
pub(crate) mod flagged;
pub mod form;
#[cfg(test)]
mod fuzz;
pub mod labels;
mod overrides;
pub mod ownership;
mod parse;
mod part;
pub mod paths;
mod readd;
pub mod review;
pub(crate) mod rule_words;
mod score_override;
pub mod seasons;
mod sentence;
mod settle;
mod skill;
pub mod skills;
pub mod spellings;
pub mod state;
mod stored;
pub mod title;
mod trivial;
mod worth;

#[cfg(test)]
mod tests;

pub use about::ProjectTexts;
pub use assemble::{Reviews, assemble};
pub use candidate::{Candidate, refusal};
pub use counted_merge::CountedMerge;
pub use document::{RulesDocument, VersionedRules};
pub use eligibility::needs_patch;
pub use exact::{Exact, Multiplier};
pub use explanation::{
    Assumption, AwardKind, EntryReason, Exclusion, Explanation, Overridden, PullRequestFlag,
};
pub use facts::{ChangedFile, ConfirmedFlag, PullFacts, PullWithRules, RequestedMerge, Window};
pub use overrides::MOST_POINTS;
pub use parse::{FieldError, SCHEMA};
pub use part::AwardPart;
pub use score_override::ScoreOverride;
pub use sentence::ordinal;
pub use settle::{Entitlement, PartCalculation, closes_at, settle};
pub use skill::{Skill, skills_of};
pub use state::State;
pub use trivial::{PatchContent, patch_content};

/// The sentence that explains why a pull request without an author earns no points.
pub const DELETED_AUTHOR: &str =
    "This pull request earns no points because its author's GitHub account is deleted.";
