//! The demo's season, which is loaded once on each engine: loading takes longer than most judges need. Each judge gets a copy, as
//! an operator who restores a backup.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result};
use sqlx::AnyPool;

use super::Surroundings;
use crate::{
    installation::{Installation, Serving},
    undone,
};
use xtask::process::succeed;

/// How long a season may be used: its dates are relative to the time at which it was loaded.
const FRESH: Duration = Duration::from_secs(3_600);
const PATIENCE: Duration = Duration::from_secs(120);
/// The file that says which program loaded the season.
const STAMP: &str = "loaded";
/// The database of the season.
const DATABASE: &str = "season";

impl Surroundings<'_> {
    /// Starts the demo with its season in an installation without data.
    pub(super) async fn demo(&self, installation: &Installation) -> Result<Serving> {
        let name = installation.database.as_ref().and_then(|url| url.rsplit_once('/'));
        let season = self.workspace.target.join("judges/season");
        match name {
            Some((_, name)) => {
                let postgres = self.postgres.context("PostgreSQL is missing")?;
                let folder = season.join(format!("postgres-{}", std::process::id()));
                let load = || async {
                    let database = postgres.new_database(DATABASE)?;
                    load(self.binary, folder.clone(), Some(database)).await
                };
                self.season.get_or_try_init(load).await?;
                postgres.copied_database(DATABASE, name)?;
                copy(&folder, &installation.data)?;
            }
            None => {
                let (folder, _lock) = on_sqlite(self.binary, &season).await?;
                copy(&folder, &installation.data)?;
            }
        }
        installation.demo().await
    }

    /// Deletes what only this process uses.
    pub(super) fn end_season(&self) {
        let season = self.workspace.target.join("judges/season");
        let _ = fs::remove_dir_all(season.join(format!("postgres-{}", std::process::id())));
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    succeed(Command::new("cp").arg("-RT").args([from, to]))
}

/// Returns the folder of the season on SQLite, and the lock for which other processes wait that need it at the same time.
async fn on_sqlite(binary: &Path, season: &Path) -> Result<(PathBuf, File)> {
    fs::create_dir_all(season)?;
    let lock = File::create(season.join("lock"))?;
    lock.lock()?;
    let (folder, stamp) = (season.join("sqlite"), season.join(STAMP));
    let wanted = format!("{} {:?}", binary.display(), fs::metadata(binary)?.modified()?);
    let age = fs::metadata(&stamp).and_then(|stamp| stamp.modified()).map(|at| at.elapsed());
    let is_fresh = matches!(age, Ok(Ok(age)) if age < FRESH);
    if !is_fresh || fs::read_to_string(&stamp).is_ok_and(|loaded| loaded != wanted) {
        load(binary, folder.clone(), None).await?;
        fs::write(&stamp, wanted)?;
    }
    Ok((folder, lock))
}

/// Loads a season, and waits until the work that it causes is done.
async fn load(binary: &Path, folder: PathBuf, database: Option<String>) -> Result<()> {
    let installation = Installation::fresh(binary.to_owned(), folder, database)?;
    let serving = installation.demo().await?;
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(&installation.database_url()).await?;
    undone::wait(&pool, PATIENCE).await?;
    pool.close().await;
    drop(serving);
    Ok(())
}
