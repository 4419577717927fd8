//! Every change to the ledger and the boards.

mod post;
mod rebuild;
mod reconcile;
mod recount;
mod totals;
mod verify;

pub use rebuild::rebuild;
pub use reconcile::{Reconciled, reconcile};
pub use recount::recount;
pub use verify::{LEDGER, alert, verify};

/// The lock under which entries are posted and counted. Taken last: a programme's own locks come first.
const LOCK: &str = "recognition.ledger";
