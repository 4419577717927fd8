//! The workspace as described by cargo.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::{cargo, output};

/// The workspace as described by `cargo metadata --no-deps`.
#[derive(Deserialize)]
pub struct Workspace {
    /// Its members.
    pub packages: Vec<Package>,
    /// The folder of the root `Cargo.toml`.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// Cargo's target folder.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
}

/// A member of the workspace.
#[derive(Deserialize)]
pub struct Package {
    pub name: String,
    /// The path of its `Cargo.toml`.
    #[serde(rename = "manifest_path")]
    pub manifest: PathBuf,
    pub dependencies: Vec<Dependency>,
    pub targets: Vec<Target>,
}

/// A library or a program of a member.
#[derive(Deserialize)]
pub struct Target {
    pub name: String,
}

/// A dependency of a member.
#[derive(Deserialize)]
pub struct Dependency {
    pub name: String,
    /// The kind of dependency: `None`, `dev` or `build`.
    pub kind: Option<String>,
    /// The path, if it is in this repository.
    pub path: Option<PathBuf>,
}

impl Workspace {
    /// Runs `cargo metadata`.
    pub fn load() -> Result<Self> {
        let json = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&json).context("cannot read cargo's metadata")
    }
}
