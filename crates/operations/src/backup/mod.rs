//! Copies of whole installations: writing and restoring backups, and moving to PostgreSQL (docs/adr/0019).
//!
//! A backup is one SQLite file with all rows, for both engines. It never contains the secret key.

mod log;
mod part;
mod replay;
mod restore;
mod save;
mod sealed;
mod transfer;
mod wanted;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail, ensure};
use futures_util::future::BoxFuture;
use platform::{
    Context, ContextParts, RandomIds, SystemClock,
    db::{ConnectError, DatabaseUrl, Db, MigrateError, Migration, Migrations, copy::Copied},
    files,
    flags::Flags,
};
use recognition::{Programmes, model::Mismatch};

pub use log::{LogCopier, LogLimits, LogState};
pub use part::Wanted;
pub use replay::{LogSource, RestoredLog};
pub use restore::Source;
pub(crate) use sealed::seal;

/// A function that applies all migrations.
type MigrateFn = for<'a> fn(&'a Db) -> BoxFuture<'a, Result<(), MigrateError>>;
/// A function that creates the schema that has these migrations.
type CreateFn = for<'a> fn(&'a Db, &'a [String]) -> BoxFuture<'a, Result<(), MigrateError>>;

/// Copies installations of a program, whose migrations and programmes it knows. An extension of the services.
#[derive(Clone, Copy, Debug)]
pub struct Copier {
    programmes: Programmes,
    migrations: fn() -> Vec<Box<dyn Migration>>,
    migrate: MigrateFn,
    create: CreateFn,
}

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

impl Copier {
    /// Creates the copier of a program with these migrations and programmes.
    #[must_use]
    pub const fn of<M: Migrations + 'static>(programmes: Programmes) -> Self {
        Self {
            programmes,
            migrations: M::migrations,
            migrate: |db| Box::pin(async move { db.migrate::<M>().await.map(drop) }),
            create: |db, applied| Box::pin(db.migrate_like::<M>(applied)),
        }
    }

    /// Opens a copy of `from` and verifies that it is undamaged and readable by this program. Does not migrate it.
    async fn open_copy(self, copy: &Path, from: &Path) -> Result<Db> {
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
            let status = db.schema_status(&(self.migrations)()).await?;
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
}

/// Returns the context in which the ledger of a copy is verified.
fn context_of(db: Db) -> Context {
    Context::from(ContextParts {
        flags: Flags::default(),
        db,
        keys: None,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
    })
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

/// Refuses a path at which no new file can be created.
fn refuse_existing(to: &Path) -> Result<()> {
    ensure!(!to.exists(), "{} already exists: choose another path", to.display());
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        ensure!(
            folder.is_dir(),
            "the directory {} does not exist: create it, or choose another path",
            folder.display()
        );
    }
    Ok(())
}

/// Moves a finished draft to its final path. Its log keeps its name, so that rows in it would be lost.
fn publish(draft: &Path, path: &Path) -> Result<()> {
    let is_whole = fs::metadata(beside(draft, LOG)).map_or(true, |log| log.len() == 0);
    ensure!(is_whole, "SQLite has not moved all rows into {}: try again", draft.display());
    files::publish(draft, path).with_context(|| format!("cannot write {}", path.display()))
}
