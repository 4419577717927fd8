use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use platform::db::{
    DatabaseUrl, Db, Engine,
    copy::{self, Copied},
};

use super::{draft_of, open_copy, publish};
use crate::Migrator;

/// Writes a snapshot of all rows into a new file, while servers and workers keep running, and verifies it before
/// renaming it to `to`.
///
/// # Errors
/// When `to` exists already or cannot be written.
pub async fn backup(db: &Db, to: &Path, progress: impl FnMut(&str, i64)) -> Result<Vec<Copied>> {
    ensure!(
        !to.exists(),
        "{} already exists: choose another path",
        to.display()
    );
    let draft = draft_of(to)?;
    match db.engine() {
        Engine::Sqlite => db.copy_to(&draft).await?,
        Engine::Postgres => copy_rows(db, &draft, progress).await?,
    }
    let copy = open_copy(&draft).await?;
    let tables = copy::counts(&copy).await;
    copy.close().await;
    let tables = tables.context("cannot read the copy")?;
    publish(&draft, to)?;
    Ok(tables)
}

async fn copy_rows(db: &Db, to: &Path, progress: impl FnMut(&str, i64)) -> Result<()> {
    let copy = Db::connect(&DatabaseUrl::Sqlite(to.to_owned())).await?;
    copy.migrate::<Migrator>().await?;
    let (from, tx) = (db.snapshot().await?, copy.begin().await?);
    copy::copy_tables(&from, &tx, progress).await?;
    tx.commit().await?;
    copy.close().await;
    Ok(())
}
