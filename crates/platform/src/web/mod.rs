//! What every route shares: problem answers, request ids, logging, metrics, limits.

mod extract;
mod layers;
mod problem;

pub use extract::{Path, Query};
pub use layers::{RequestId, not_found, observe, protect};
pub use problem::{ProblemBody, WebError, status};
