//! Switches over what the server offers and whom it calls. A [`Flag`] is declared in the code by the
//! module it belongs to; its row says whether it is on, and for whom; the environment may forbid it.
//! A flag is off where its row or the environment says so. Each process remembers the rows and looks again every two seconds, so
//! that asking costs no query.

mod change;
mod flag;
mod flag_view;
mod handle;
mod rule;
mod store;
mod tables;

pub use change::{Change, TARGET, change, unknown};
pub use flag::{Flag, FlagKind, Outgoing, Permit};
pub use flag_view::{FlagView, hide};
pub use handle::{BadSwitch, Flags, Known};
pub use rule::{Setting, Who, is_on};
pub(crate) use tables::migration;
