use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::{Surroundings, folder};
use crate::installation::Installation;
use xtask::postgres::{self, Manner, Postgres};

/// The settings by which PostgreSQL may lose commits that it has confirmed. The clusters differ in the first two.
const SETTINGS: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];

/// Runs `doctor` on a cluster that syncs its writes and on one that does not.
pub(super) fn judge(around: &Surroundings<'_>) -> Result<()> {
    let programs = postgres::programs_or_install(around.install)?;
    for (durable, expected) in [(true, &SETTINGS[..0]), (false, &SETTINGS[..2])] {
        let manner = Manner { durable, keep: around.keep };
        let postgres = Postgres::start(around.workspace, &programs, manner)?;
        let data = folder(around).join("doctor");
        let url = postgres.new_database("doctor")?;
        let installation = Installation::fresh(around.program(), data, Some(url))?;
        installation.quietly(&["migrate", "up", "--create"])?;
        diagnose(&installation, expected)?;
        around.count("clusters of `doctor`", 1);
        if !around.keep {
            fs::remove_dir_all(&installation.data)?;
        }
    }
    Ok(())
}

/// Checks that `doctor` warns about exactly these settings, says how to change them, and fails if there are any.
fn diagnose(installation: &Installation, expected: &[&str]) -> Result<()> {
    let attempt = installation.attempt(&["doctor", "--json"], &[])?;
    let (code, said) = attempt.ended()?;
    let findings = findings(said).with_context(|| format!("`doctor --json` said {said:?}"))?;
    for setting in SETTINGS {
        let found = findings.iter().find(|finding| finding["check"] == setting);
        let found = found.with_context(|| format!("`doctor` does not check {setting}: {said}"))?;
        let is_bad = expected.contains(&setting);
        ensure!(found["is_ok"] == !is_bad, "`doctor` is wrong about {setting}: {found}");
        let detail = found["detail"].as_str().unwrap_or_default();
        let remedy = format!("set {setting} = on");
        ensure!(
            detail.contains(&remedy) == is_bad,
            "`doctor` should say {remedy:?} if it is off, and only then: {detail:?}"
        );
    }
    ensure!(
        (code == 0) == expected.is_empty(),
        "`doctor` should fail exactly when it finds something: {said}"
    );
    println!("`doctor` warns about {expected:?} of {SETTINGS:?}");
    Ok(())
}

fn findings(said: &str) -> Option<Vec<Value>> {
    let line = said.lines().find(|line| line.starts_with('{'))?;
    let report: Value = serde_json::from_str(line).ok()?;
    report["findings"].as_array().cloned()
}
