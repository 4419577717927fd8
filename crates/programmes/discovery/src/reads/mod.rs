//! Queries of discovery.

mod progress;

pub use progress::{Progress, Unfound, progress};
