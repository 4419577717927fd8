//! Fetches, starts, stops and counts other programs, for xtask and for the test rig. It has few dependencies, so that
//! `cargo xtask` runs seconds after a clone; parts that need more are in `rig`.
#![allow(clippy::print_stdout, reason = "a tool talks to the person who runs it")]

pub mod counted;
pub mod fetch;
pub mod postgres;
pub mod process;
pub mod redis;
pub mod tally;
pub mod workspace;

/// The names of the judges, as `cargo xtask test --only` accepts them.
pub const JUDGES: &[&str] = &[
    "octokit",
    "prism",
    "browser",
    "paths",
    "mail",
    "openapi",
    "clients",
    "openid",
    "credentials",
    "calendar",
    "attacks",
    "faults",
    "sync",
];
