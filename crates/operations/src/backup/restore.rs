use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use platform::{
    config::Config,
    db::{DatabaseUrl, Db, Tx, copy},
    files,
};
use recognition::actions::verify;
use tokio::task::spawn_blocking;

use super::{
    BackupFile, Copier, clear, context_of, draft_of, drafted, publish,
    sealed::{is_sealed, unseal},
};

/// A backup to restore.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub file: &'a Path,
    /// The file with the private key, for a backup that is encrypted.
    pub identity: Option<&'a Path>,
}

impl<'a> From<&'a PathBuf> for Source<'a> {
    fn from(file: &'a PathBuf) -> Self {
        Self { file, identity: None }
    }
}

impl Source<'_> {
    /// Copies the backup to a new file, decrypted.
    pub(super) async fn copy_to(self, draft: &Path) -> Result<()> {
        let file = self.file;
        ensure!(file.is_file(), "no backup found at {}", file.display());
        let copying = || format!("cannot copy {} to {}", file.display(), draft.display());
        files::create_private(draft, &[]).with_context(copying)?;
        self.append_to(draft).await.with_context(copying)
    }

    /// Adds the content to the end of a file, decrypted.
    pub(super) async fn append_to(self, to: &Path) -> Result<()> {
        let Self { file, identity } = self;
        if is_sealed(file)? && identity.is_none() {
            bail!("it is encrypted: name the file with the private key with `--identity`");
        }
        let [from, to] = [file, to].map(Path::to_owned);
        let key = identity.map(Path::to_owned);
        spawn_blocking(move || {
            let mut to = OpenOptions::new().append(true).open(to)?;
            match key {
                Some(key) if is_sealed(&from)? => unseal(&from, &mut to, &key),
                _ => Ok(io::copy(&mut File::open(from)?, &mut to).map(drop)?),
            }
        })
        .await?
    }
}

/// Refuses to restore over a database.
pub(super) fn refuse_present(to: &Path) -> Result<()> {
    ensure!(
        !to.exists(),
        "{} already exists: move it away, or restore to another directory with `--data-dir`",
        to.display()
    );
    Ok(())
}

impl Copier {
    /// Restores a backup into the data directory, or into the empty PostgreSQL database of the configuration;
    /// updates its schema and verifies its ledger.
    ///
    /// # Errors
    /// When `from` is not an undamaged backup, or the target is not empty. The target is then unchanged.
    pub async fn restore(
        self,
        config: &Config,
        from: impl Into<Source<'_>>,
        progress: impl FnMut(&str, i64),
    ) -> Result<BackupFile> {
        let from = from.into();
        ensure!(from.file.is_file(), "no backup found at {}", from.file.display());
        let data_dir = &config.data_dir;
        let is_new = !data_dir.exists();
        fs::create_dir_all(data_dir)
            .with_context(|| format!("cannot create the data directory {}", data_dir.display()))?;
        let restored = match config.database()? {
            DatabaseUrl::Sqlite(path) => self.restore_file(from, &path).await,
            url @ DatabaseUrl::Postgres(_) => {
                let draft = draft_of(&data_dir.join("restoring.db"))?;
                let kept = self.restore_rows(from, &draft, &url, progress).await;
                clear(&draft)?;
                kept
            }
        };
        if restored.is_err() && is_new {
            // Fails if the directory is not empty, which keeps it.
            fs::remove_dir(data_dir).ok();
        }
        restored
    }

    async fn restore_file(self, from: Source<'_>, to: &Path) -> Result<BackupFile> {
        refuse_present(to)?;
        let draft = draft_of(to)?;
        let restored = drafted(&draft, async {
            let copy = self.migrated_copy(from, &draft).await?;
            let context = context_of(copy);
            let tables = copy::counts(&context.db).await;
            let mismatches = verify(&context, self.programmes).await;
            let whole = context.db.empty_log().await;
            context.db.close().await;
            whole?;
            let kept = BackupFile { tables: tables?, mismatches: mismatches? };
            publish(&draft, to)?;
            Ok(kept)
        });
        restored.await
    }

    /// Copies a backup and migrates the copy, so that the backup itself does not change.
    async fn migrated_copy(self, from: Source<'_>, draft: &Path) -> Result<Db> {
        from.copy_to(draft).await?;
        let copy = self.open_copy(draft, from.file).await?;
        match (self.migrate)(&copy).await {
            Ok(()) => Ok(copy),
            Err(error) => {
                copy.close().await;
                Err(error).with_context(|| format!("cannot use {}", from.file.display()))
            }
        }
    }

    async fn restore_rows(
        self,
        from: Source<'_>,
        draft: &Path,
        to: &DatabaseUrl,
        progress: impl FnMut(&str, i64),
    ) -> Result<BackupFile> {
        let copy = self.migrated_copy(from, draft).await?;
        copy.schema_status(&(self.migrations)()).await?.copyable()?;
        let (to, tx) = self.empty(to).await?;
        let tables = async {
            let tables = copy::copy_tables(&copy.snapshot().await?, &tx, progress).await?;
            tx.commit().await?;
            anyhow::Ok(tables)
        };
        let tables = tables.await.context(
            "nothing was restored: the new database has only empty tables, so you can restore to it again",
        )?;
        copy.close().await;
        let context = context_of(to);
        let mismatches = verify(&context, self.programmes).await;
        context.db.close().await;
        let mismatches = mismatches.context(
            "all rows were restored, but the ledger could not be checked: run `guildhall ledger verify`",
        )?;
        Ok(BackupFile { tables, mismatches })
    }

    /// Connects to an empty PostgreSQL database, creates the schema, and begins a transaction.
    pub(super) async fn empty(self, url: &DatabaseUrl) -> Result<(Db, Tx)> {
        let db = Db::connect(url).await?;
        (self.migrate)(&db).await?;
        let tx = db.begin().await?;
        if let Some(table) = copy::first_filled(&tx).await? {
            anyhow::bail!(
                "the target database is not empty (table {table} has rows): use an empty database"
            );
        }
        Ok((db, tx))
    }
}
