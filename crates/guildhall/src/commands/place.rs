//! Whether there is a Guildhall where a command is to work, so that a mistyped folder is told instead
//! of being made into a new house.

use anyhow::ensure;
use platform::{
    Context,
    config::Config,
    db::{DatabaseUrl, Db},
    flags::Flags,
};

use crate::{App, Migrator};

/// Whether the database may be there: SQLite's file is; PostgreSQL is known only once it is asked.
pub(super) fn may_be_there(config: &Config) -> anyhow::Result<bool> {
    Ok(match config.database()? {
        DatabaseUrl::Sqlite(path) => path.try_exists()?,
        DatabaseUrl::Postgres(_) => true,
    })
}

/// Refuses to go on where no Guildhall is; leaves nothing behind.
pub(super) fn must_exist(config: &Config) -> anyhow::Result<()> {
    ensure!(may_be_there(config)?, missing(config));
    Ok(())
}

/// What to say where no Guildhall is.
pub(super) fn missing(config: &Config) -> String {
    let (place, hint) = match (&config.database_url, config.database()) {
        (None, _) => (config.data_dir.display().to_string(), "give --data-dir"),
        (_, Ok(DatabaseUrl::Sqlite(path))) => (path.display().to_string(), "check DATABASE_URL"),
        _ => ("this database".to_owned(), "check DATABASE_URL"),
    };
    format!("There is no Guildhall in {place}: {hint}, or run `guildhall serve` first")
}

/// A server that is there, for commands that only look: makes neither folder, database nor key.
pub(super) async fn look(config: &Config) -> anyhow::Result<Context> {
    must_exist(config)?;
    let db = Db::connect(&config.database()?).await?;
    if db
        .schema_status(&crate::MODULES.migrations())
        .await?
        .applied
        .is_empty()
    {
        db.close().await;
        anyhow::bail!(missing(config));
    }
    db.migrate::<Migrator>().await?;
    Ok(App::context(db, Flags::default()))
}

/// A server to set up: makes one where none is, and says so.
pub(super) async fn enter(config: Config) -> anyhow::Result<App> {
    let is_new = !may_be_there(&config)?;
    let app = App::open(config).await?;
    if is_new {
        super::remark(format_args!(
            "Made a new Guildhall in {}",
            app.config.data_dir.display()
        ));
    }
    Ok(app)
}
