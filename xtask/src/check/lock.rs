//! Checks the crates and registries in `Cargo.lock`.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};

use super::none_of;
use xtask::workspace::Workspace;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Banned crates and the reasons.
const BANNED: &[(&str, &str)] = &[
    ("openssl", "TLS is rustls on ring"),
    ("openssl-sys", "TLS is rustls on ring"),
    ("native-tls", "TLS is rustls on ring"),
    ("aws-lc-rs", "TLS is rustls on ring"),
    ("aws-lc-sys", "TLS is rustls on ring"),
    ("octocrab", "its strict models refuse real payloads; the typed client is ours"),
];

/// Crates allowed in only one version: a second one would link a second database into the program.
const SINGLE: &[&str] = &["sqlx", "sqlx-core", "libsqlite3-sys", "sea-orm"];

/// Checks the lock file.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    let lock =
        fs::read_to_string(workspace.root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    none_of(&complaints(&lock))
}

fn complaints(lock: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lock.lines() {
        if let Some(name) = value(line, "name") {
            *versions.entry(name).or_default() += 1;
        }
        if let Some(source) = value(line, "source").filter(|source| *source != REGISTRY) {
            complaints.push(format!("Cargo.lock contains {source}: use the crate from crates.io"));
        }
    }
    for (name, why) in BANNED.iter().filter(|(name, _)| versions.contains_key(name)) {
        complaints.push(format!(
            "`{name}` is banned: {why}; `cargo tree --invert {name}` shows which crate depends on it"
        ));
    }
    for name in SINGLE.iter().filter(|name| versions.get(*name).is_some_and(|count| *count > 1)) {
        complaints.push(format!(
            "two versions of `{name}`: `cargo tree --duplicates` shows which crates depend on them"
        ));
    }
    complaints
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::complaints;

    #[test]
    fn a_clean_lock_passes() {
        let lock = "[[package]]\nname = \"sqlx\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        assert!(complaints(lock).is_empty());
    }

    #[test]
    fn each_violation_is_reported() {
        let lock = "name = \"openssl\"\nsource = \"registry+https://mirror.example/index\"\nname = \"sqlx\"\nname = \"sqlx\"\n";
        assert_eq!(complaints(lock).len(), 3);
    }
}
