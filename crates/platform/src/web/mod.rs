//! What every route shares: problem answers, request ids, logging, metrics, limits.

mod extract;
mod layers;
mod list;
mod problem;
mod serve;

pub use extract::{Path, Query};
pub use layers::{RequestId, TIMEOUT, guard, not_found, observe};
pub use list::{ListQuery, bad_cursor, cursor_after, limit, read_instant, write_instant};
pub use problem::{ProblemBody, WebError, status};
pub use serve::{Closing, serve};
