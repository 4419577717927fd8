//! What every route shares: problem answers, request ids, logging, metrics, limits.

mod cookies;
mod extract;
mod headers;
mod layers;
mod list;
mod origin;
mod problem;
mod serve;

pub use cookies::Cookies;
pub use extract::{Body, Path, Query};
pub use headers::put_guards;
pub use layers::{RequestId, TIMEOUT, guard, not_found, observe};
pub use list::{List, ListQuery, bad_cursor, cursor_after, limit, read_instant, write_instant};
pub use origin::is_from_elsewhere;
pub use problem::{ProblemBody, WebError, status};
pub use serve::{Closing, Peer, serve};
