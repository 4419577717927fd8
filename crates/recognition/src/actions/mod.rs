//! Every change to the ledger and the boards.

mod post;
mod reconcile;
mod recount;

pub use reconcile::{Reconciled, reconcile};
pub use recount::recount;
