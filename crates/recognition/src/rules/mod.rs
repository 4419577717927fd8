//! Decisions: the entries that reconcile the ledger with entitlements, and the histogram that ranks are
//! computed from, and badges.

pub mod badges;
mod counted;
mod difference;
mod histogram;

pub use counted::counted_on;
pub use difference::{EntitlementKey, difference};
pub use histogram::{LEVELS, buckets};
