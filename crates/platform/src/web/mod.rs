//! Parts shared by every route: problem documents, request ids, logging, metrics, caching and limits.

mod answer;
mod client;
mod coding;
mod cookies;
mod cors;
mod described;
mod extract;
pub(crate) mod from_cache;
#[cfg(test)]
mod fuzz;
mod gate;
mod headers;
pub(crate) mod layers;
mod list;
mod loading;
mod origin;
mod own_change;
mod packed;
mod page_cache;
mod parameters;
mod peers;
mod problem;
pub(crate) mod rate;
mod serve;
mod stack;
mod tally;
mod unread;

pub use answer::{Created, Page, Paged, link};
pub use client::Client;
pub use cookies::Cookies;
pub use cors::{Cors, cors};
pub(crate) use described::operations;
pub use extract::{Body, Path, Query, unknown_field};
pub use gate::{Gate, Limits, Refusals, is_among};
pub use headers::put_guards;
pub use layers::{
    Observation, Ordered, Patience, RequestId, TIMEOUT, guard, method_not_allowed, not_found,
    observe,
};
pub use list::{
    All, List, ListQuery, bad_cursor, cursor_after, limit, read_instant, write_instant,
};
pub use loading::Loading;
pub use origin::{came_from, is_from_elsewhere};
pub use own_change::remembers_change;
pub use packed::Packed;
pub use page_cache::{Asked, ForEverybody, KnownVersion, OwnPart, PageCache, PagePolicy, slot};
pub use parameters::{KnownParameters, known_parameters};
pub use problem::{
    PROBLEMS_PAGE, ProblemBody, SECOND_FACTOR_REQUIRED, SIGN_IN_REQUIRED, WebError,
    database_unavailable, disk_full, put_retry_after, status,
};
pub use rate::{Health, Rates, redis_answers};
pub use serve::{Closing, serve, serve_and_drain};
pub use stack::{Next, Stack};
pub use tally::{Caller, QuotaUsage};
pub use unread::read_unread;
