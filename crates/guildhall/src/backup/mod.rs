//! Backups: writing and restoring them, moving to PostgreSQL, and rotating keys.
//!
//! A backup is one SQLite file with all rows, for both engines. It never contains the secret key, which
//! [`keys`] manages.

pub mod keys;
pub(crate) mod lost_key;
mod restore;
mod save;
mod transfer;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use platform::{
    db::{ConnectError, DatabaseUrl, Db, copy::Copied},
    files,
};
use recognition::model::Mismatch;

pub use restore::restore;
pub use save::backup;
pub use transfer::move_to;

/// The result of a copy: the rows of each table, and the check of the copied ledger.
#[derive(Debug)]
pub struct BackupFile {
    /// Number of rows of each table.
    pub tables: Vec<Copied>,
    /// Mismatches of the ledger; empty when it is consistent.
    pub mismatches: Vec<Mismatch>,
}

impl BackupFile {
    /// Returns the number of rows in all tables.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// Opens a copy of `from` and verifies that it is undamaged and readable by this program. Does not migrate it.
async fn open_copy(copy: &Path, from: &Path) -> Result<Db> {
    let place = from.display();
    let cannot_use = || format!("cannot use {place}");
    let db = Db::connect(&DatabaseUrl::Sqlite(copy.to_owned())).await;
    let db = db.map_err(|error| match error {
        ConnectError::Sqlite { why, .. } => anyhow::anyhow!("cannot use {place}: {why}"),
        error => error.into(),
    })?;
    let whole = async {
        if let Some(damage) = db.damage().await? {
            bail!("it is damaged ({damage}); use another backup");
        }
        let status = db.schema_status(&crate::MODULES.migrations()).await?;
        ensure!(!status.applied.is_empty(), "it is not a backup of Guildhall");
        Ok(status.known()?)
    };
    match whole.await {
        Ok(()) => Ok(db),
        Err(error) => {
            db.close().await;
            Err(error).with_context(cannot_use)
        }
    }
}

/// Runs `make`, which writes to a draft, and removes the draft if it fails.
async fn drafted<T>(draft: &Path, make: impl Future<Output = Result<T>>) -> Result<T> {
    let made = make.await;
    if made.is_err()
        && let Err(error) = clear(draft)
    {
        tracing::warn!(%error, "an incomplete file was left; remove it");
    }
    made
}

/// Returns the path of a file while it is incomplete, after removing an earlier attempt.
fn draft_of(path: &Path) -> Result<PathBuf> {
    let mut name = path.file_name().context("the path does not name a file")?.to_owned();
    name.push(".partial");
    let draft = path.with_file_name(name);
    clear(&draft)?;
    Ok(draft)
}

/// Removes a draft and the files that SQLite created next to it.
fn clear(draft: &Path) -> Result<()> {
    for suffix in ["", LOG, "-shm", "-journal"] {
        let left = beside(draft, suffix);
        if left.exists() {
            fs::remove_file(&left).with_context(|| format!("cannot remove {}", left.display()))?;
        }
    }
    Ok(())
}

/// The end of the name of SQLite's write-ahead log.
const LOG: &str = "-wal";

fn beside(draft: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", draft.display()))
}

/// Moves a finished draft to its final path. Its log keeps its name, so that rows in it would be lost.
fn publish(draft: &Path, path: &Path) -> Result<()> {
    let is_whole = fs::metadata(beside(draft, LOG)).map_or(true, |log| log.len() == 0);
    ensure!(is_whole, "SQLite has not moved all rows into {}: try again", draft.display());
    files::publish(draft, path).with_context(|| format!("cannot write {}", path.display()))
}
