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

/// Judges that run one after the other, beside those of other groups.
pub struct Group {
    /// True if they mostly wait for timers and services, so that they can run beside the tests.
    pub waits: bool,
    pub judges: &'static [&'static str],
}

/// The judges by groups. Judges that use the demo's season on PostgreSQL share a group, so that it is loaded once.
#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    Group { waits: true, judges: &["sync", "faults", "mail", "prism", "attacks"] },
    Group { waits: false, judges: &["openapi", "openid", "octokit", "clients", "calendar", "credentials"] },
    Group { waits: false, judges: &["browser", "paths"] },
];

#[cfg(test)]
mod tests {
    use super::{GROUPS, JUDGES};

    #[test]
    fn each_judge_is_in_one_group() {
        let mut names: Vec<&str> = GROUPS.iter().flat_map(|group| group.judges).copied().collect();
        names.sort_by_key(|name| JUDGES.iter().position(|judge| judge == name));
        assert_eq!(names, JUDGES);
    }
}
