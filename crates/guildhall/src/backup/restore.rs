use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use platform::{
    config::Config,
    db::{DatabaseUrl, Db, Tx, copy},
    flags::Flags,
};
use recognition::actions::verify;

use super::{BackupFile, clear, draft_of, drafted, open_copy, publish};
use crate::{App, Migrator, PROGRAMMES};

/// Restores a backup into the data directory, or into the empty PostgreSQL database of the configuration;
/// updates its schema and verifies its ledger.
///
/// # Errors
/// When `from` is not an undamaged backup, or the target is not empty. The target is then unchanged.
pub async fn restore(
    config: &Config,
    from: &Path,
    progress: impl FnMut(&str, i64),
) -> Result<BackupFile> {
    ensure!(from.is_file(), "no backup found at {}", from.display());
    let data_dir = &config.data_dir;
    let is_new = !data_dir.exists();
    fs::create_dir_all(data_dir)
        .with_context(|| format!("cannot create the data directory {}", data_dir.display()))?;
    let restored = match config.database()? {
        DatabaseUrl::Sqlite(path) => restore_file(from, &path).await,
        url @ DatabaseUrl::Postgres(_) => {
            let draft = draft_of(&data_dir.join("restoring.db"))?;
            let kept = restore_rows(from, &draft, &url, progress).await;
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

async fn restore_file(from: &Path, to: &Path) -> Result<BackupFile> {
    ensure!(
        !to.exists(),
        "{} already exists: move it away, or restore to another directory with `--data-dir`",
        to.display()
    );
    let draft = draft_of(to)?;
    let restored = drafted(&draft, async {
        let copy = migrated_copy(from, &draft).await?;
        let context = App::context(copy, Flags::default());
        let tables = copy::counts(&context.db).await;
        let mismatches = verify(&context, PROGRAMMES).await;
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
async fn migrated_copy(from: &Path, draft: &Path) -> Result<Db> {
    fs::copy(from, draft)
        .with_context(|| format!("cannot copy {} to {}", from.display(), draft.display()))?;
    let copy = open_copy(draft, from).await?;
    match copy.migrate::<Migrator>().await {
        Ok(_) => Ok(copy),
        Err(error) => {
            copy.close().await;
            Err(error).with_context(|| format!("cannot use {}", from.display()))
        }
    }
}

async fn restore_rows(
    from: &Path,
    draft: &Path,
    to: &DatabaseUrl,
    progress: impl FnMut(&str, i64),
) -> Result<BackupFile> {
    let copy = migrated_copy(from, draft).await?;
    let (to, tx) = empty(to).await?;
    let tables = async {
        let tables = copy::copy_tables(&copy.snapshot().await?, &tx, progress).await?;
        tx.commit().await?;
        anyhow::Ok(tables)
    };
    let tables = tables.await.context(
        "nothing was restored: the new database has only empty tables, so you can restore to it again",
    )?;
    copy.close().await;
    let context = App::context(to, Flags::default());
    let mismatches = verify(&context, PROGRAMMES).await;
    context.db.close().await;
    let mismatches = mismatches.context(
        "all rows were restored, but the ledger could not be checked: run `guildhall ledger verify`",
    )?;
    Ok(BackupFile { tables, mismatches })
}

/// Connects to an empty PostgreSQL database, creates the schema, and begins a transaction.
pub(super) async fn empty(url: &DatabaseUrl) -> Result<(Db, Tx)> {
    let db = Db::connect(url).await?;
    db.migrate::<Migrator>().await?;
    let tx = db.begin().await?;
    if let Some(table) = copy::first_filled(&tx).await? {
        anyhow::bail!(
            "the target database is not empty (table {table} has rows): use an empty database"
        );
    }
    Ok((db, tx))
}
