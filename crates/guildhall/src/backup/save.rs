use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use platform::{
    db::{
        DatabaseUrl, Db, Engine,
        copy::{self, Copied},
    },
    files,
};

use super::{draft_of, drafted, open_copy, publish};
use crate::{MODULES, Migrator};

/// Writes a snapshot of all rows into a new file, while servers and workers keep running, and verifies it before
/// renaming it to `to`. The schema is copied as it is.
///
/// # Errors
/// When `to` exists already or cannot be written.
pub async fn backup(db: &Db, to: &Path, progress: impl FnMut(&str, i64)) -> Result<Vec<Copied>> {
    ensure!(!to.exists(), "{} already exists: choose another path", to.display());
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        ensure!(
            folder.is_dir(),
            "the directory {} does not exist: create it, or choose another path",
            folder.display()
        );
    }
    let draft = draft_of(to)?;
    // SQLite's own error would not say which file it is about.
    files::create_private(&draft, &[]).with_context(|| format!("cannot write {}", to.display()))?;
    let written = drafted(&draft, async {
        match db.engine() {
            Engine::Sqlite => db.copy_to(&draft).await?,
            Engine::Postgres => copy_rows(db, &draft, progress).await?,
        }
        let copy = open_copy(&draft, to).await?;
        let tables = copy::counts(&copy).await;
        copy.close().await;
        let tables = tables.context("cannot read the copy")?;
        publish(&draft, to)?;
        Ok(tables)
    });
    written.await.with_context(|| format!("cannot write the backup {}", to.display()))
}

async fn copy_rows(db: &Db, to: &Path, progress: impl FnMut(&str, i64)) -> Result<()> {
    let copy = Db::connect(&DatabaseUrl::Sqlite(to.to_owned())).await?;
    // The copy has the schema of the database, which may be that of an earlier release. Restoring it migrates it.
    let status = db.schema_status(&MODULES.migrations()).await?;
    copy.migrate_like::<Migrator>(&status.applied).await?;
    let (from, tx) = (db.snapshot().await?, copy.begin().await?);
    copy::copy_tables(&from, &tx, progress).await?;
    tx.commit().await?;
    copy.empty_log().await?;
    copy.close().await;
    Ok(())
}
