//! Every change to the ledger and the boards.

mod bring;
mod post;

pub use bring::{Brought, bring};
