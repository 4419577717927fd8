//! Decisions about badges: who has earned one, since when, and who loses one.

mod champion;
mod credential;
mod criteria;
mod decide;
#[cfg(test)]
mod fuzz;
mod parse;
mod progress;
mod reached;
mod texts;

pub use champion::champions;
pub use credential::{
    CredentialFacts, REVOCATIONS, credential, revocation_list, signed, signing_input, web_key,
};
pub use criteria::Criteria;
pub use decide::{Decision, LatestAward, decide, decide_reached};
pub use parse::{CRITERIA_SCHEMA, CriteriaError, refusal};
pub use progress::{Progress, current_streak};
pub use reached::{Achieved, reached};
pub use texts::BadgeTexts;
