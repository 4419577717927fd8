//! Behavior that all routes share: caching, cross-origin access, idempotency and rate limits.

mod account_limits;
mod cors;
mod idempotency;
mod limits;
mod maintenance;
mod page_cache;
mod redis;
