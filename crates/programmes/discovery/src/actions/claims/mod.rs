//! Claims of people to issues. Each action takes the lock of opportunities, under which claims and the status of opportunities
//! change together.

mod claim;
mod expire;
mod notify;
mod rate;
mod release;
mod settle;

pub use claim::claim;
pub use expire::{expire_claims, remind_of_claims};
pub use notify::{notify_claim, notify_ending};
pub use rate::rate_claim;
pub use release::release;
pub(crate) use settle::follow_pulls;
pub(super) use settle::{WATCHED_AFTER, settle_claims};

use kernel::Problem;

/// Returns the error for an opportunity that does not exist.
pub(super) fn unknown_opportunity() -> Problem {
    Problem::not_found("No issue with this ID is known here. Choose one at /discover.")
}
