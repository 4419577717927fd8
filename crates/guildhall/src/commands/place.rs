//! Opens the installation that a command works on. A mistyped directory is reported instead of becoming a new, empty
//! installation, and no migration is applied.

use anyhow::{Context as _, ensure};
use platform::{
    Context,
    config::Config,
    db::{DatabaseUrl, Db, SchemaStatus},
    flags::Flags,
};

use crate::{App, MODULES};

/// Returns true when the installation may exist: the SQLite file exists, or the database is PostgreSQL, which is
/// checked on connecting.
pub(super) fn may_be_there(config: &Config) -> anyhow::Result<bool> {
    Ok(match config.database()? {
        DatabaseUrl::Sqlite(path) => {
            path.try_exists().with_context(|| format!("cannot read {}", path.display()))?
        }
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
        (None, _) if config.key_file().exists() => (
            config.data_dir.display().to_string(),
            "if its database is PostgreSQL, set DATABASE_URL as the server does (`guildhallctl` of \
             the Debian package has its settings)",
        ),
        (None, _) => (config.data_dir.display().to_string(), "set `--data-dir`"),
        (_, Ok(DatabaseUrl::Sqlite(path))) => (path.display().to_string(), "check DATABASE_URL"),
        _ => ("this database".to_owned(), "check DATABASE_URL"),
    };
    format!("no Guildhall installation in {place}: {hint}, or run `guildhall serve` first")
}

/// Connects to an existing database of this or an earlier release. Creates no directory, database or key.
pub(super) async fn connect(config: &Config) -> anyhow::Result<(Db, SchemaStatus)> {
    must_exist(config)?;
    let db = Db::connect(&config.database()?).await?;
    let status = db.schema_status(&MODULES.migrations()).await?;
    let known = if status.applied.is_empty() {
        Err(anyhow::anyhow!(missing(config)))
    } else {
        status.known().map_err(Into::into)
    };
    match known {
        Ok(()) => Ok((db, status)),
        Err(error) => {
            db.close().await;
            Err(error)
        }
    }
}

/// Opens an existing installation of this release for commands that need no key.
pub(super) async fn look(config: &Config) -> anyhow::Result<Context> {
    let (db, status) = connect(config).await?;
    if let Err(error) = status.current() {
        db.close().await;
        return Err(error.into());
    }
    Ok(App::context(db, Flags::default()))
}

/// Opens an existing installation of this release, with its keys.
pub(super) async fn open(config: Config) -> anyhow::Result<App> {
    let flags = App::flags(MODULES, &config)?;
    let context = look(&config).await?;
    App::over(config, context.db.clone(), flags).await
}
