//! Every change to the ledger and the boards.

mod bring;
mod post;
mod recount;

pub use bring::{Brought, bring};
pub use recount::recount;
