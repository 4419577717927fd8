//! Actions that change the ledger and the boards.

mod post;
mod rebuild;
mod reconcile;
mod recount;
mod refresh_listings;
mod totals;
mod verify;

pub use rebuild::rebuild;
pub use reconcile::{Reconciled, reconcile};
pub use recount::recount;
pub use refresh_listings::refresh_listings;
pub(crate) use refresh_listings::{hide_erased, refresh};
pub use verify::{LEDGER, alert, awaiting, verify};

/// The lock for posting and counting entries. It is taken last, after a programme's own locks.
const LOCK: &str = "recognition.ledger";
