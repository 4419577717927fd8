//! Checks the dependencies between crates of the workspace.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Tree, none_of, sources::Source};
use xtask::workspace::Dependency;

/// The layers, lowest first. A crate may use crates of lower layers, but not of its own. Programmes are all crates
/// below `crates/programmes`.
const LAYERS: &[&[&str]] = &[
    &["kernel"],
    &["platform"],
    &["ui"],
    &["identity"],
    &["community", "notifications", "recognition"],
    &["github"],
    &[PROGRAMMES],
    &["operations"],
    &["guildhall"],
];

const PROGRAMMES: &str = "programmes/*";

/// Crates that may use the same crates as `ui`.
const BESIDE_UI: &[&str] = &["testkit", "noop-jobs", FOR_TESTS];

/// Data for tests, made with the test kit. No program contains it.
const FOR_TESTS: &str = "labeled-seasons";

/// Tools, which use no crate of the workspace, except that the test rig uses xtask.
const TOOLS: &[&str] = &["xtask", "rig", "floor"];

/// Checks every dependency between members of the workspace.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let layers = Layers::of(tree.files);
    let mut complaints = Vec::new();
    for package in &tree.workspace.packages {
        let name = package.name.as_str();
        if !layers.knows(name) {
            complaints.push(format!(
                "`{name}` has no layer: move a programme to crates/programmes/{name}, add any other \
                 crate to LAYERS in xtask/src/check/layers.rs"
            ));
            continue;
        }
        let here = package.dependencies.iter().filter(|edge| edge.path.is_some());
        complaints.extend(here.filter_map(|edge| layers.complaint(name, edge)));
    }
    none_of(&complaints)
}

struct Layers<'a> {
    programmes: BTreeSet<&'a str>,
}

impl<'a> Layers<'a> {
    fn of(files: &'a [Source]) -> Self {
        let manifests = files.iter().filter_map(|file| {
            let path = file.path.strip_prefix("crates/programmes/")?;
            path.strip_suffix("/Cargo.toml")
        });
        Self { programmes: manifests.collect() }
    }

    fn complaint(&self, from: &str, edge: &Dependency) -> Option<String> {
        let to = edge.name.as_str();
        let for_tests = edge.kind.as_deref() == Some("dev");
        let allowed = self.may_use(from, to, for_tests) || !self.knows(to);
        (!allowed).then(|| format!("`{from}` must not use `{to}`: remove it from its Cargo.toml"))
    }

    fn may_use(&self, from: &str, to: &str, for_tests: bool) -> bool {
        let tests = for_tests && self.layer(from).is_some();
        if to == FOR_TESTS {
            return tests;
        }
        if to == "testkit" {
            let ships_a_demo = from == "guildhall" || self.programmes.contains(from);
            return ships_a_demo || tests || from == FOR_TESTS;
        }
        if (from, to) == ("rig", "xtask") {
            return true;
        }
        match (self.layer_of_user(from), self.layer(to)) {
            (Some(from), Some(to)) => to < from,
            _ => false,
        }
    }

    fn layer_of_user(&self, name: &str) -> Option<usize> {
        let beside = BESIDE_UI.contains(&name);
        self.layer(if beside { "ui" } else { name })
    }

    fn layer(&self, name: &str) -> Option<usize> {
        let name = if self.programmes.contains(name) { PROGRAMMES } else { name };
        LAYERS.iter().position(|crates| crates.contains(&name))
    }

    fn knows(&self, name: &str) -> bool {
        self.layer_of_user(name).is_some() || TOOLS.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::Layers;

    fn layers() -> Layers<'static> {
        Layers { programmes: ["contributions", "hackathons"].into() }
    }

    #[test]
    fn crates_use_only_lower_layers() {
        let layers = layers();
        assert!(layers.may_use("platform", "kernel", false));
        assert!(layers.may_use("identity", "ui", false));
        assert!(layers.may_use("contributions", "recognition", false));
        assert!(layers.may_use("guildhall", "hackathons", false));
        assert!(!layers.may_use("kernel", "platform", false));
        assert!(!layers.may_use("ui", "identity", false));
        assert!(!layers.may_use("recognition", "notifications", false));
        assert!(!layers.may_use("github", "contributions", false));
        assert!(!layers.may_use("hackathons", "contributions", false));
    }

    #[test]
    fn the_test_kit_and_the_tools_use_only_what_they_may() {
        let layers = layers();
        assert!(layers.may_use("testkit", "platform", false));
        assert!(!layers.may_use("testkit", "ui", false));
        assert!(!layers.may_use("testkit", "identity", false));
        assert!(layers.may_use("guildhall", "testkit", false));
        assert!(layers.may_use("github", "testkit", true));
        assert!(!layers.may_use("github", "testkit", false));
        assert!(layers.may_use("labeled-seasons", "testkit", false));
        assert!(layers.may_use("contributions", "labeled-seasons", true));
        assert!(!layers.may_use("contributions", "labeled-seasons", false));
        assert!(!layers.may_use("testkit", "labeled-seasons", true));
        assert!(!layers.may_use("xtask", "kernel", false));
        assert!(!layers.may_use("rig", "platform", false));
        assert!(layers.may_use("rig", "xtask", false));
    }

    #[test]
    fn only_crates_below_the_programmes_folder_are_programmes() {
        let layers = layers();
        assert!(layers.knows("hackathons"));
        assert!(!layers.knows("ctf"));
    }
}
