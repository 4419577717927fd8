use anyhow::{Context as _, Result, ensure};
use platform::{
    config::Config,
    db::{DatabaseUrl, Db, close_moved, copy},
    flags::Flags,
};
use recognition::actions::verify;

use super::{BackupFile, restore::empty};
use crate::{App, Migrator, PROGRAMMES};

/// Carries an installation on SQLite into an empty PostgreSQL and proves that all is there: rows of each
/// table, and the ledger by its check. Nobody can write meanwhile, nor afterwards at the old place.
///
/// # Errors
/// When the installation is not on SQLite, the other database is not an empty PostgreSQL, a database
/// fails, or what arrived does not agree: the installation goes on where it was then.
pub async fn move_to(
    config: &Config,
    to: &DatabaseUrl,
    progress: impl FnMut(&str, i64),
) -> Result<BackupFile> {
    let from = config.database()?;
    ensure!(
        matches!(from, DatabaseUrl::Sqlite(_)),
        "DATABASE_URL names a PostgreSQL: only an installation on SQLite moves; leave it unset"
    );
    ensure!(
        matches!(to, DatabaseUrl::Postgres(_)),
        "give the address of a PostgreSQL: --to postgres://USER:PASSWORD@HOST:PORT/NAME"
    );
    let from = Db::connect(&from).await?;
    from.migrate::<Migrator>().await?;
    let (to, tx) = empty(to).await?;
    // Held until all is proven: who writes waits, and is refused at last.
    let held = from.begin().await?;
    let tables = copy::copy_tables(&held, &tx, progress)
        .await
        .context("nothing was moved, and the installation goes on where it was")?;
    tx.commit().await?;
    let context = App::context(to, Flags::default());
    let mismatches = verify(&context, PROGRAMMES).await?;
    if mismatches.is_empty() {
        close_moved(&held, "PostgreSQL", context.now()).await?;
        held.commit().await?;
    }
    context.db.close().await;
    from.close().await;
    Ok(BackupFile { tables, mismatches })
}
