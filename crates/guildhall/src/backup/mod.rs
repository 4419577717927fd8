//! Keeping a server: copies of it, bringing one back, and carrying it to a larger database.
//!
//! A backup is one SQLite file with all rows, whichever engine they come from and go to. The secret key
//! is never in it: [`keys`] looks after that.

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

/// What was carried, and what the ledger's check says where it arrived.
#[derive(Debug)]
pub struct BackupFile {
    /// Rows of each table.
    pub tables: Vec<Copied>,
    /// What does not agree; empty when all does.
    pub mismatches: Vec<Mismatch>,
}

impl BackupFile {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// Opens a copy and looks whether it is a whole Guildhall that this program understands.
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
            "{place} is no backup of a Guildhall"
        );
        db.migrate::<Migrator>().await?;
        Ok(())
    };
    let whole = whole.await;
    if whole.is_err() {
        db.close().await;
    }
    whole
        .with_context(|| format!("{place} cannot be used"))
        .map(|()| db)
}

/// The name under which a file is written until it is whole; an earlier attempt's is removed.
fn draft_of(path: &Path) -> Result<PathBuf> {
    let mut name = path
        .file_name()
        .context("give the path of a file")?
        .to_owned();
    name.push(".partial");
    let draft = path.with_file_name(name);
    clear(&draft)?;
    Ok(draft)
}

/// Removes a draft and what a database left beside it.
fn clear(draft: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let left = PathBuf::from(format!("{}{suffix}", draft.display()));
        if left.exists() {
            fs::remove_file(&left).with_context(|| format!("cannot remove {}", left.display()))?;
        }
    }
    Ok(())
}

/// Gives a finished draft its name.
fn publish(draft: &Path, path: &Path) -> Result<()> {
    files::publish(draft, path).with_context(|| format!("cannot write {}", path.display()))
}
