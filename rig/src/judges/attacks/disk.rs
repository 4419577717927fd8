use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};

use super::target::{GENUINE, Target};
use crate::installation::Installation;

/// A person who exists only to be erased.
const ERASED: (u64, &str) = (7_300, "octo-to-be-erased");

fn mode(path: &Path) -> Result<u32> {
    let metadata = fs::metadata(path).with_context(|| path.display().to_string())?;
    Ok(metadata.permissions().mode() & 0o777)
}

fn is_private(path: &Path, wanted: u32) -> Result<()> {
    let mode = mode(path)?;
    ensure!(mode == wanted, "{} has mode {mode:o} instead of {wanted:o}", path.display());
    Ok(())
}

/// Looks at the database, its log and the secret key while the server runs.
pub(super) async fn live_modes(target: &Target) -> Result<()> {
    let data = &target.installation.data;
    for file in ["guildhall.db", "guildhall.db-wal", "guildhall.db-shm", "secret.key"] {
        is_private(&data.join(file), 0o600)?;
    }
    Ok(())
}

/// Looks at an installation whose folder the program creates, and at its backup.
pub(super) async fn fresh_modes(target: &Target) -> Result<()> {
    let folder = target.folder.join("fresh");
    let mut fresh = Installation::fresh(target.installation.binary.clone(), folder, None)?;
    fresh.data.push("data");
    fresh.quietly(&["migrate", "up", "--create"])?;
    let backup = fresh.data.with_file_name("guildhall.backup");
    let to = backup.display().to_string();
    fresh.quietly(&["backup", "--to", &to])?;
    is_private(&fresh.data, 0o700)?;
    is_private(&backup, 0o600)?;
    for file in fs::read_dir(&fresh.data)? {
        is_private(&file?.path(), 0o600)?;
    }
    Ok(())
}

/// Returns the files of the database that contain a text.
fn holding(data: &Path, text: &str) -> Result<Vec<PathBuf>> {
    let mut holding = Vec::new();
    for name in ["guildhall.db", "guildhall.db-wal"] {
        let path = data.join(name);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes.to_ascii_lowercase(),
            Err(_) => continue,
        };
        if bytes.windows(text.len()).any(|part| part == text.as_bytes()) {
            holding.push(path);
        }
    }
    Ok(holding)
}

/// Erases a person while the server runs, and looks for the login in the files.
pub(super) async fn erased_bytes(target: &Target) -> Result<()> {
    let data = &target.installation.data;
    target.deliver(GENUINE, &target.opened(GENUINE, 60, ERASED)).await?;
    ensure!(!holding(data, ERASED.1)?.is_empty(), "the person is not in the files before");
    target.installation.quietly(&["user", "erase", ERASED.1, "--yes"])?;
    // While the server reads the log, the next checkpoint empties it.
    for _ in 0..100 {
        if holding(data, ERASED.1)?.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let left = holding(data, ERASED.1)?;
    ensure!(left.is_empty(), "the login is still in {left:?}");
    Ok(())
}

/// Erases the same person in two copies of an installation: if the pseudonym were derived, both would be equal.
pub(super) async fn pseudonyms(target: &Target) -> Result<()> {
    target.deliver(GENUINE, &target.opened(GENUINE, 61, (7_301, "octo-twice"))).await?;
    let copy = target.folder.join("copy.backup").display().to_string();
    target.installation.quietly(&["backup", "--to", &copy])?;
    let mut names = Vec::new();
    for number in 0..2 {
        let folder = target.folder.join(format!("copy-{number}"));
        let twin = Installation::fresh(target.installation.binary.clone(), folder, None)?;
        target.installation.copy_key(&twin)?;
        twin.quietly(&["restore", &copy])?;
        let erased = twin.quietly(&["user", "erase", "octo-twice", "--yes"])?;
        let name = erased.split("now show ").nth(1);
        names.push(name.context("no pseudonym is printed")?.to_owned());
    }
    ensure!(names[0] != names[1], "both are {}", names[0]);
    ensure!(
        !names.iter().any(|name| name.contains("7301")),
        "the pseudonyms contain the public ID: {names:?}"
    );
    Ok(())
}
