//! The workspace, as cargo describes it.

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
    /// The folder that cargo builds in.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
}

/// One member.
#[derive(Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its dependencies.
    pub dependencies: Vec<Dependency>,
}

/// One edge out of a member.
#[derive(Deserialize)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Kind of the edge: `None`, `dev` or `build`.
    pub kind: Option<String>,
    /// Set when it lies in this repository.
    pub path: Option<PathBuf>,
}

impl Workspace {
    /// Asks cargo.
    pub fn load() -> Result<Self> {
        let json = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&json).context("cannot read cargo's metadata")
    }
}
