//! The unit tests of community. Only what has some is compiled again for them, because all of the crate takes longer.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "what the other layers use is unused here"
)]

#[path = "../src/model.rs"]
mod model;
#[path = "../src/rules/mod.rs"]
mod rules;

#[path = "../src/pages"]
mod pages {
    mod docs {
        mod operation;
        mod requests;
        mod samples;
        mod schema;
        mod text;
    }
    mod events;
}
