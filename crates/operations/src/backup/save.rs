use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use platform::{
    db::{
        DatabaseUrl, Db, Engine, Fault,
        copy::{self, Copied},
        explain,
    },
    files,
};
use recognition::actions::verify;

use super::{BackupFile, Copier, context_of, draft_of, drafted, publish, refuse_existing};

impl Copier {
    /// Writes a snapshot of all rows into a new file, while servers and workers keep running, and verifies it before
    /// renaming it to `to`. The schema is copied as it is.
    ///
    /// # Errors
    /// When `to` exists already or cannot be written.
    pub async fn backup(
        self,
        db: &Db,
        to: &Path,
        progress: impl FnMut(&str, i64),
    ) -> Result<Vec<Copied>> {
        Ok(self.write(db, to, false, progress).await?.tables)
    }

    /// Writes a backup as [`Self::backup`] does, and verifies its ledger, too.
    ///
    /// # Errors
    /// When `to` exists already or cannot be written. Mismatches of the ledger are no error: the database has them, too.
    pub(crate) async fn checked_backup(self, db: &Db, to: &Path) -> Result<BackupFile> {
        self.write(db, to, true, silently).await
    }

    async fn write(
        self,
        db: &Db,
        to: &Path,
        checks_ledger: bool,
        progress: impl FnMut(&str, i64),
    ) -> Result<BackupFile> {
        refuse_existing(to)?;
        let draft = draft_of(to)?;
        // SQLite's own error would not say which file it is about.
        files::create_private(&draft, &[])
            .with_context(|| format!("cannot write {}", to.display()))?;
        let written = drafted(&draft, async {
            match db.engine() {
                Engine::Sqlite => db.copy_to(&draft).await?,
                Engine::Postgres => self.copy_rows(db, &draft, progress).await?,
            }
            let copy = self.open_copy(&draft, to).await?;
            let kept = self.inspect(&copy, checks_ledger).await;
            let is_whole = copy.empty_log().await;
            copy.close().await;
            let kept = kept.context("cannot read the copy")?;
            is_whole?;
            publish(&draft, to)?;
            Ok(kept)
        });
        let written = written.await.map_err(full_disk);
        written.with_context(|| format!("cannot write the backup {}", to.display()))
    }

    async fn inspect(self, copy: &Db, checks_ledger: bool) -> Result<BackupFile> {
        let tables = copy::counts(copy).await?;
        let mismatches = match checks_ledger {
            true => verify(&context_of(copy.clone()), self.programmes).await?,
            false => Vec::new(),
        };
        Ok(BackupFile { tables, mismatches })
    }

    async fn copy_rows(self, db: &Db, to: &Path, progress: impl FnMut(&str, i64)) -> Result<()> {
        let copy = Db::connect(&DatabaseUrl::Sqlite(to.to_owned())).await?;
        // The copy has the schema of the database, which may be that of an earlier release. Restoring it migrates it.
        let status = db.schema_status(&(self.migrations)()).await?;
        let newer =
            "this release cannot copy the rows: until the upgrade, make backups with `pg_dump`";
        status.copyable().context(newer)?;
        (self.create)(&copy, &status.applied).await?;
        let (from, tx) = (db.snapshot().await?, copy.begin().await?);
        copy::copy_tables(&from, &tx, progress).await?;
        tx.commit().await?;
        copy.empty_log().await?;
        copy.close().await;
        Ok(())
    }
}

/// Says in words that the disk of the backup is full, which SQLite reports as an error of the database.
fn full_disk(error: anyhow::Error) -> anyhow::Error {
    let is_full = explain(error.chain()).is_some_and(|explained| explained.fault == Fault::Full);
    if is_full {
        anyhow!("the disk is full: free some space, or choose another disk")
    } else {
        error
    }
}

/// Ignores progress.
fn silently(_: &str, _: i64) {}
