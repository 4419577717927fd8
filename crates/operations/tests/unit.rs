//! The unit tests of operations. Only what has some is compiled again for them, because all of the crate takes longer.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "what the other layers use is unused here"
)]

#[path = "../src/gateway/mod.rs"]
mod gateway;
#[path = "../src/model.rs"]
mod model;
#[path = "../src/bundle/plain.rs"]
mod plain;
#[path = "../src/rules/mod.rs"]
mod rules;
#[path = "../src/bundle/scrub.rs"]
mod scrub;
#[path = "../src/backup/wanted.rs"]
mod wanted;

#[path = "../src/production.rs"]
mod production;
