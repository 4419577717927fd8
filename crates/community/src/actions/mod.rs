//! Actions that change texts.

mod restore;
mod save;

pub use restore::restore_text;
pub use save::{NewText, save_text};
