//! Decisions: which entries reconcile the ledger with what people are entitled to, and how the
//! histogram that ranks are read from is built.

mod difference;
mod histogram;

pub use difference::{Key, difference};
pub use histogram::{LEVELS, buckets};
