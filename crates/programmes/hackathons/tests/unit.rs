//! The unit tests of hackathons. Only the layers that have some are compiled again for them, because all of the crate takes longer.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "what the other layers use is unused here"
)]

#[path = "../src/gateway/mod.rs"]
mod gateway;
#[path = "../src/model/mod.rs"]
mod model;
#[path = "../src/rules/mod.rs"]
mod rules;
