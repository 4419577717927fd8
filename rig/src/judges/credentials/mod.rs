//! Judge `credentials`: the library `jose` verifies the Open Badges 3.0 credentials of the running demo with the key that the
//! server publishes, and refuses forged ones.

use std::{fs, path::PathBuf, process::Command};

use anyhow::Result;

use super::Surroundings;
use crate::installation::Installation;
use xtask::{fetch, process::succeed, tally::Tally};

const PACKAGE: &str = "jose@6.2.18";

/// The people of the demo, some of whom have earned badges.
const ROLES: [&str; 4] = ["contributor", "maintainer", "moderator", "admin"];

/// Fetches the library.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::npm_packages(&folder(around), &[PACKAGE], around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/credentials")
}

/// Judges a demo on SQLite: credentials do not depend on the database.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let verified = runtime.block_on(verify(around));
    tally.step("credentials of badges by jose", verified);
    Ok(())
}

async fn verify(around: &Surroundings<'_>) -> Result<()> {
    let folder = folder(around);
    let installation = Installation::fresh(around.program(), folder.join("sqlite"), None)?;
    let serving = around.demo(&installation).await?;
    fs::write(folder.join("verify.mjs"), include_str!("verify.mjs"))?;
    let mut command = Command::new("timeout");
    command.args(["180", "node", "verify.mjs"]);
    command.arg(format!("http://127.0.0.1:{}", serving.port));
    for role in ROLES {
        command.arg(serving.session_of(role).await?);
    }
    let verified = succeed(command.current_dir(&folder));
    drop(serving);
    verified?;
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
    }
    Ok(())
}
