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

/// The judges by lanes, which run side by side. A lane runs its judges one after the other. The first two keep a processor busy
/// each; the others mostly wait for timers and services, and check when something happens. Judges that use the demo's season
/// on PostgreSQL share a lane, so that it is loaded once.
pub const LANES: &[&[&str]] = &[
    &["openapi", "openid", "octokit"],
    &["browser", "clients", "calendar", "credentials"],
    &["sync", "faults", "mail", "prism", "attacks"],
    &["paths"],
];

#[cfg(test)]
mod tests {
    use super::{JUDGES, LANES};

    #[test]
    fn each_judge_is_in_one_lane() {
        let mut names = LANES.concat();
        names.sort_by_key(|name| JUDGES.iter().position(|judge| judge == name));
        assert_eq!(names, JUDGES);
    }
}
