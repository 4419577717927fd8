//! Judge `backups`: the demo copies a backup to a storage with the API of S3, which moto simulates. boto3, the library of AWS,
//! reads it back, and the program restores what it read.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use super::{Surroundings, runtime};
use crate::installation::Installation;
use xtask::{
    fetch,
    postgres::free_port,
    process::{Daemon, Farewell, output, tied},
    tally::Tally,
};

const PACKAGE: &str = "moto[server]==5.2.5";

/// Fetches moto, which needs boto3.
pub(super) fn prepare(around: &Surroundings) -> Result<()> {
    fetch::python_packages(&folder(around).join("python"), &[PACKAGE], around.install)
}

fn folder(around: &Surroundings) -> PathBuf {
    around.workspace.target.join("judges/backups")
}

/// Judges a demo on SQLite: the copies do not depend on the database.
pub(super) fn run(around: &Surroundings, tally: &mut Tally) -> Result<()> {
    let judged = runtime()?.block_on(judge(around));
    tally.step("backups in the storage of moto, read by boto3", judged);
    Ok(())
}

async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let (folder, port) = (folder(around), free_port()?.to_string());
    fs::write(folder.join("storage.py"), include_str!("storage.py"))?;
    fs::write(folder.join("read.py"), include_str!("read.py"))?;
    let mut storage = tied(&folder.join("python/bin/python"), Farewell::Terminate, None)?;
    storage.args(["storage.py", &port]).current_dir(&folder);
    let storage =
        Daemon::start(storage.stdout(Stdio::null()).stderr(Stdio::null()), Farewell::Terminate)?;
    read(&folder, &port, "--wait")?;
    let mut installation = Installation::fresh(around.program(), folder.join("sqlite"), None)?;
    installation.settings.extend([
        ("GUILDHALL_BACKUP_S3_URL", format!("http://127.0.0.1:{port}")),
        ("GUILDHALL_BACKUP_S3_BUCKET", "backups".to_owned()),
        ("GUILDHALL_BACKUP_S3_ACCESS_KEY", "judge".to_owned()),
        ("GUILDHALL_BACKUP_S3_SECRET_KEY", "a-secret-of-the-judge".to_owned()),
    ]);
    let serving = around.demo(&installation).await?;
    let said = installation.quietly(&["jobs", "run", "Backup"])?;
    let bytes = read(&folder, &port, "copy.db")?;
    drop((serving, storage));
    let bytes: usize = bytes.trim().parse().with_context(|| format!("nothing read: {said}"))?;
    ensure!(bytes > 8 * 1024 * 1024, "only {bytes} bytes, so that the copy was not made in parts");
    around.count("bytes", bytes);
    let restored = Installation::fresh(around.program(), folder.join("restored"), None)?;
    let copy = folder.join("copy.db").display().to_string();
    restored.quietly(&["restore", &copy])?;
    restored.quietly(&["ledger", "verify"])?;
    if !around.keep {
        fs::remove_dir_all(&installation.data)?;
        fs::remove_dir_all(&restored.data)?;
        fs::remove_file(copy)?;
    }
    Ok(())
}

/// Runs boto3 on the storage at a port. Returns what it prints.
fn read(folder: &Path, port: &str, file: &str) -> Result<String> {
    let mut command = Command::new("timeout");
    command.args(["120", "python/bin/python", "read.py", port, file]);
    output(command.current_dir(folder))
}
