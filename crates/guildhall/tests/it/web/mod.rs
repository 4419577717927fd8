//! What all addresses share: what is kept, how it is told apart, who is let in.

mod cors;
mod gate;
mod idempotency;
mod page_cache;
mod rates;
mod redis;
