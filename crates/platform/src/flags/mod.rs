//! Feature flags, which control features and calls to external services. A [`Flag`] is declared in code by its
//! module; its row says whether and for whom it is on; the environment can turn it off, or has to turn it on if the flag
//! starts as off. A flag is on only if both its row and the environment allow it. Each process caches the rows and reads them again every two seconds, so
//! that checking a flag costs no query.

mod change;
mod flag;
mod flag_view;
mod handle;
mod history;
mod hold;
mod rule;
mod store;
mod tables;

pub use change::{FlagChange, TARGET, change, unknown};
pub use flag::{Flag, FlagKind, Outgoing, Permit, Start};
pub use flag_view::{FlagView, hide};
pub use handle::{BadSwitch, Flags, KnownFlag};
pub use history::{RecordedFlagChange, changes};
pub use hold::Hold;
pub use rule::{FlagViewer, Setting};
pub(crate) use tables::migration;
