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

/// Judges that run one after the other, beside those of other groups.
pub struct Group {
    /// True if they mostly wait for timers and services, so that they can run beside the tests.
    pub waits: bool,
    pub judges: &'static [&'static str],
}

/// The judges by groups. Judges that use the demo's season on PostgreSQL share a group, so that it is loaded once.
#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    Group { waits: true, judges: &["sync", "faults", "mail", "prism", "attacks", "night"] },
    Group { waits: false, judges: &["openapi", "openid", "paths"] },
    Group { waits: false, judges: &["browser", "octokit", "clients", "calendar", "credentials", "backups", "metrics"] },
];

/// Returns the names of all judges, as `cargo xtask test --only` accepts them.
pub fn judges() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().flat_map(|group| group.judges).copied()
}
