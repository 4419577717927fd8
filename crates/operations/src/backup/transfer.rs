use anyhow::{Context as _, Result, ensure};
use platform::{
    config::Config,
    db::{DatabaseUrl, Db, close_moved, copy},
    presence::Presence,
};
use recognition::actions::verify;

use super::{BackupFile, Copier, context_of};

impl Copier {
    /// Moves an installation from SQLite to an empty PostgreSQL database and verifies the rows of each table and the
    /// ledger. The old database is locked during the move and read-only afterward.
    ///
    /// # Errors
    /// When the installation is not on SQLite or a server is running on it, the target is not an empty PostgreSQL database,
    /// or the copy does not match.
    /// The old database then stays in use.
    pub async fn move_to(
        self,
        config: &Config,
        to: &DatabaseUrl,
        progress: impl FnMut(&str, i64),
    ) -> Result<BackupFile> {
        let from = config.database()?;
        ensure!(
            matches!(from, DatabaseUrl::Sqlite(_)),
            "DATABASE_URL is a PostgreSQL database, but only SQLite can be moved: unset it to move the database in the data directory"
        );
        ensure!(
            matches!(to, DatabaseUrl::Postgres(_)),
            "the target is not PostgreSQL: use `--to postgres://USER@HOST:PORT/NAME`"
        );
        let _alone = Presence::alone(config)?;
        let from = Db::connect(&from).await?;
        let status = from.schema_status(&(self.migrations)()).await?;
        status.copyable()?;
        status.current()?;
        let (to, tx) = self.empty(to).await?;
        // Hold the write lock until the copy is verified: writers wait, and are refused after the move.
        let held = from.begin().await?;
        let tables = copy::copy_tables(&held, &tx, progress)
            .await
            .context("nothing was moved; keep using the old database")?;
        tx.commit().await?;
        let context = context_of(to);
        let mismatches = verify(&context, self.programmes).await.context(
            "all rows were copied, but not checked: keep using the old database, and empty the new one before you try again",
        )?;
        if mismatches.is_empty() {
            close_moved(&held, "PostgreSQL", context.now()).await?;
            held.commit().await?;
        }
        context.db.close().await;
        from.close().await;
        Ok(BackupFile { tables, mismatches })
    }
}
