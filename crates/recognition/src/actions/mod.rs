//! Every change to the ledger and the boards.

mod post;
mod reconcile;
mod recount;

pub use reconcile::{Reconciled, reconcile};
pub use recount::recount;

/// The lock under which entries are posted and counted. Taken last: a programme's own locks come first.
const LOCK: &str = "recognition.ledger";
