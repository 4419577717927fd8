//! Backups: writing and restoring them, moving to PostgreSQL, and rotating keys.
//!
//! A backup is one SQLite file with all rows, for both engines. It never contains the secret key, which
//! [`keys`] manages.

pub mod keys;
mod restore;
mod save;
mod transfer;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use platform::{
    db::{DatabaseUrl, Db, copy::Copied},
    files,
};
use recognition::model::Mismatch;

pub use restore::restore;
pub use save::backup;
pub use transfer::move_to;

use crate::Migrator;

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

/// Opens a copy and verifies that it is undamaged and readable by this program.
async fn open_copy(path: &Path) -> Result<Db> {
    let place = path.display();
    let db = Db::connect(&DatabaseUrl::Sqlite(path.to_owned())).await?;
    let whole = async {
        if let Some(damage) = db.damage().await? {
            bail!("{place} is damaged ({damage}): use another backup");
        }
        let status = db.schema_status(&crate::MODULES.migrations()).await?;
        ensure!(
            !status.applied.is_empty(),
            "{place} is not a backup of Guildhall"
        );
        db.migrate::<Migrator>().await?;
        Ok(())
    };
    let whole = whole.await;
    if whole.is_err() {
        db.close().await;
    }
    whole
        .with_context(|| format!("cannot use {place}"))
        .map(|()| db)
}

/// Returns the path of a file while it is incomplete, after removing an earlier attempt.
fn draft_of(path: &Path) -> Result<PathBuf> {
    let mut name = path
        .file_name()
        .context("the path does not name a file")?
        .to_owned();
    name.push(".partial");
    let draft = path.with_file_name(name);
    clear(&draft)?;
    Ok(draft)
}

/// Removes a draft and the files that SQLite created beside it.
fn clear(draft: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let left = PathBuf::from(format!("{}{suffix}", draft.display()));
        if left.exists() {
            fs::remove_file(&left).with_context(|| format!("cannot remove {}", left.display()))?;
        }
    }
    Ok(())
}

/// Moves a finished draft to its final path.
fn publish(draft: &Path, path: &Path) -> Result<()> {
    files::publish(draft, path).with_context(|| format!("cannot write {}", path.display()))
}
