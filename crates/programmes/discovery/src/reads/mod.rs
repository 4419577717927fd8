//! Queries of discovery.

pub mod claims;
mod documents;
mod progress;

pub(crate) use documents::documents;
pub use progress::{Progress, Unfound, progress};
