//! The unit tests of identity. Only what has some is compiled again for them, because all of the crate takes longer.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "what the other layers use is unused here"
)]
#![allow(
    clippy::wrong_self_convention,
    reason = "it is not asked of what a library exports, which these modules are part of"
)]

#[path = "../src/demo/cast.rs"]
mod cast;
#[path = "../src/demo/faces.rs"]
mod faces;
#[path = "../src/gateway/mod.rs"]
mod gateway;
#[path = "../src/model/mod.rs"]
mod model;
#[path = "../src/rules/mod.rs"]
mod rules;

#[path = "../src/pages"]
mod pages {
    mod link_rows;
}
