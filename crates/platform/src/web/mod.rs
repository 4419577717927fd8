//! What every route shares: problem answers, request ids, logging, metrics, limits.

mod layers;
mod problem;

pub use layers::{RequestId, not_found, observe, protect};
pub use problem::{ProblemBody, WebError, status};
