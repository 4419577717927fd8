//! What cargo says of the workspace.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::{cargo, output};

/// The workspace, as far as `cargo metadata --no-deps` knows it.
#[derive(Deserialize)]
pub(crate) struct Workspace {
    /// Its members.
    pub(crate) packages: Vec<Package>,
    /// The folder of the root `Cargo.toml`.
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Where cargo builds.
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
}

/// One member.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

/// One edge out of a member.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None`, `dev` or `build`.
    pub(crate) kind: Option<String>,
    /// Set when it lies in this repository.
    pub(crate) path: Option<PathBuf>,
}

/// Something cargo builds of a member.
#[derive(Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load() -> Result<Self> {
        let json = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&json).context("cargo's metadata could not be read")
    }

    /// Whether some member has the integration tests called `name`.
    pub(crate) fn has_test(&self, name: &str) -> bool {
        let is_it =
            |target: &Target| target.name == name && target.kind.iter().any(|kind| kind == "test");
        self.packages
            .iter()
            .any(|package| package.targets.iter().any(is_it))
    }
}
