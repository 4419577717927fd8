//! What cargo says of the workspace.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::{cargo, output};

/// The workspace, as far as `cargo metadata --no-deps` knows it.
#[derive(Deserialize)]
pub struct Workspace {
    /// Its members.
    pub packages: Vec<Package>,
    /// The folder of the root `Cargo.toml`.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// Where cargo builds.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
}

/// One member.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// What it knows.
    pub dependencies: Vec<Dependency>,
    /// What cargo builds of it.
    pub targets: Vec<Target>,
}

/// One edge out of a member.
#[derive(Deserialize)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// `None`, `dev` or `build`.
    pub kind: Option<String>,
    /// Set when it lies in this repository.
    pub path: Option<PathBuf>,
}

/// Something cargo builds of a member.
#[derive(Deserialize)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// `lib`, `bin`, `test` and the like.
    pub kind: Vec<String>,
}

impl Workspace {
    /// Asks cargo.
    pub fn load() -> Result<Self> {
        let json = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&json).context("cargo's metadata could not be read")
    }

    /// Whether some member has the integration tests called `name`.
    pub fn has_test(&self, name: &str) -> bool {
        let is_it =
            |target: &Target| target.name == name && target.kind.iter().any(|kind| kind == "test");
        self.packages
            .iter()
            .any(|package| package.targets.iter().any(is_it))
    }
}
