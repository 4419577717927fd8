use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use platform::{
    config::Config,
    db::{DatabaseUrl, Db, Tx, copy},
    flags::Flags,
};
use recognition::actions::verify;

use super::{BackupFile, clear, draft_of, open_copy, publish};
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
    fs::create_dir_all(&config.data_dir)?;
    match config.database()? {
        DatabaseUrl::Sqlite(path) => restore_file(from, &path).await,
        url @ DatabaseUrl::Postgres(_) => {
            let draft = draft_of(&config.data_dir.join("restoring.db"))?;
            let kept = restore_rows(from, &draft, &url, progress).await;
            clear(&draft)?;
            kept
        }
    }
}

async fn restore_file(from: &Path, to: &Path) -> Result<BackupFile> {
    ensure!(
        !to.exists(),
        "{} already exists: move it away, or restore to another directory with `--data-dir`",
        to.display()
    );
    let draft = draft_of(to)?;
    fs::copy(from, &draft).with_context(|| format!("cannot copy {}", from.display()))?;
    let context = App::context(open_copy(&draft).await?, Flags::default());
    let tables = copy::counts(&context.db).await;
    let mismatches = verify(&context, PROGRAMMES).await;
    context.db.close().await;
    let kept = BackupFile {
        tables: tables?,
        mismatches: mismatches?,
    };
    publish(&draft, to)?;
    Ok(kept)
}

async fn restore_rows(
    from: &Path,
    draft: &Path,
    to: &DatabaseUrl,
    progress: impl FnMut(&str, i64),
) -> Result<BackupFile> {
    // Work on a copy: migrating an older schema must not change the backup itself.
    fs::copy(from, draft).with_context(|| format!("cannot copy {}", from.display()))?;
    let copy = open_copy(draft).await?;
    let (to, tx) = empty(to).await?;
    let tables = copy::copy_tables(&copy.snapshot().await?, &tx, progress).await?;
    tx.commit().await?;
    copy.close().await;
    let context = App::context(to, Flags::default());
    let kept = BackupFile {
        tables,
        mismatches: verify(&context, PROGRAMMES).await?,
    };
    context.db.close().await;
    Ok(kept)
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
