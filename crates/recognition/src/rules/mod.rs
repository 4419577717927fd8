//! Decisions: the entries that reconcile the ledger with entitlements, and the histogram that ranks are
//! computed from.

mod difference;
mod histogram;

pub use difference::{Key, difference};
pub use histogram::{LEVELS, buckets};
