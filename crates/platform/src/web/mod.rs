//! What every route shares: problem answers, request ids, logging, metrics, limits.

mod extract;
mod layers;
mod problem;
mod serve;

pub use extract::{Path, Query};
pub use layers::{RequestId, not_found, observe, protect};
pub use problem::{ProblemBody, WebError, status};
pub use serve::serve;
