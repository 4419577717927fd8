//! Checks that a command finds an installation, so that a mistyped directory is reported instead of becoming a
//! new, empty one.

use anyhow::ensure;
use platform::{
    Context,
    command::remark,
    config::Config,
    db::{DatabaseUrl, Db},
    flags::Flags,
};

use crate::{App, Migrator};

/// Returns true when the installation may exist: the SQLite file exists, or the database is PostgreSQL, which is
/// checked on connecting.
pub(super) fn may_be_there(config: &Config) -> anyhow::Result<bool> {
    Ok(match config.database()? {
        DatabaseUrl::Sqlite(path) => path.try_exists()?,
        DatabaseUrl::Postgres(_) => true,
    })
}

/// Fails when there is no installation. Creates no files.
pub(super) fn must_exist(config: &Config) -> anyhow::Result<()> {
    ensure!(may_be_there(config)?, missing(config));
    Ok(())
}

/// Returns the message for a missing installation.
pub(super) fn missing(config: &Config) -> String {
    let (place, hint) = match (&config.database_url, config.database()) {
        (None, _) => (config.data_dir.display().to_string(), "set `--data-dir`"),
        (_, Ok(DatabaseUrl::Sqlite(path))) => (path.display().to_string(), "check DATABASE_URL"),
        _ => ("this database".to_owned(), "check DATABASE_URL"),
    };
    format!("no Guildhall installation in {place}: {hint}, or run `guildhall serve` first")
}

/// Opens an existing installation for commands that create none: no directory, database or key.
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

/// Opens an installation; creates one when it is missing, and reports that.
pub(super) async fn enter(config: Config) -> anyhow::Result<App> {
    let is_new = !may_be_there(&config)?;
    let app = App::open(config).await?;
    if is_new {
        remark(format_args!(
            "Created a new Guildhall installation in {}",
            app.config.data_dir.display()
        ));
    }
    Ok(app)
}
