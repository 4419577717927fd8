//! Who may know whom.

use anyhow::Result;

use super::none_of;
use crate::workspace::{Dependency, Workspace};

/// A room knows rooms of the rows above its own; equals never know each other.
const FLOORS: &[&[&str]] = &[
    &["kernel"],
    &["platform"],
    &["identity"],
    &["notifications", "recognition"],
    &["github"],
    &["contributions", "hackathons", "ctf", "discovery"],
    &["guildhall"],
];

/// Tools know no room.
const TOOLS: &[&str] = &["xtask", "floor"];

/// Looks at every edge between members of the workspace.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let mut complaints = Vec::new();
    for package in &workspace.packages {
        let here = package
            .dependencies
            .iter()
            .filter(|edge| edge.path.is_some());
        complaints.extend(here.filter_map(|edge| complaint(&package.name, edge)));
        if !is_placed(&package.name) {
            let name = &package.name;
            complaints.push(format!(
                "`{name}` has no place yet: say in xtask/src/check/rooms.rs whom it may know"
            ));
        }
    }
    none_of(&complaints)
}

fn complaint(from: &str, edge: &Dependency) -> Option<String> {
    let to = edge.name.as_str();
    let for_tests = edge.kind.as_deref() == Some("dev");
    (!may_know(from, to, for_tests))
        .then(|| format!("`{from}` must not know `{to}`: remove it from its Cargo.toml"))
}

fn may_know(from: &str, to: &str, for_tests: bool) -> bool {
    if to == "testkit" {
        return from == "guildhall" || (for_tests && floor(from).is_some());
    }
    match (floor_of_knower(from), floor(to)) {
        (Some(from), Some(to)) => to < from,
        _ => false,
    }
}

/// The test kit and the bench of jobs stand beside identity: they know kernel and platform only.
fn floor_of_knower(name: &str) -> Option<usize> {
    floor(match name {
        "testkit" | "noop-jobs" => "identity",
        name => name,
    })
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&name))
}

fn is_placed(name: &str) -> bool {
    floor_of_knower(name).is_some() || TOOLS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::may_know;

    #[test]
    fn doors_open_downwards_only() {
        assert!(may_know("platform", "kernel", false));
        assert!(may_know("contributions", "recognition", false));
        assert!(!may_know("kernel", "platform", false));
        assert!(!may_know("github", "contributions", false));
        assert!(!may_know("hackathons", "contributions", false));
    }

    #[test]
    fn the_test_kit_and_the_tools_keep_to_themselves() {
        assert!(may_know("testkit", "platform", false));
        assert!(!may_know("testkit", "identity", false));
        assert!(may_know("guildhall", "testkit", false));
        assert!(may_know("github", "testkit", true));
        assert!(!may_know("github", "testkit", false));
        assert!(!may_know("xtask", "kernel", false));
    }
}
