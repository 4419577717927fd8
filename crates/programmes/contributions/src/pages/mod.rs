//! Parts of pages: the points of a pull request and its ledger, explained.

mod cause;
mod evidence;
mod reckoning;

pub use cause::cause;
pub use reckoning::{Group, Line, Note, Reckoning};
