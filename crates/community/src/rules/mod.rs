//! Decisions about texts.

mod checks;
mod proposals;

pub use checks::{LONGEST, checked, is_current, outdated};
pub use proposals::proposed;
