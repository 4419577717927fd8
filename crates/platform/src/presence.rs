//! The presence of servers and workers on a SQLite installation, so that it is not moved while they run.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::{config::Config, db::DatabaseUrl};

/// A lock next to the SQLite file, released on drop: shared by servers and workers, exclusive for the command
/// that moves the installation. On PostgreSQL, it locks nothing.
#[derive(Debug)]
pub struct Presence {
    _lock: Option<File>,
}

impl Presence {
    /// Announces a server or worker. Creates the directory of the database if it is missing.
    ///
    /// # Errors
    /// When the installation is being moved, or the lock file cannot be created.
    pub fn announce(config: &Config) -> Result<Self> {
        create_folder(config)?;
        let Some((path, file)) = open(config)? else {
            return Ok(Self { _lock: None });
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self { _lock: Some(file) }),
            Err(TryLockError::WouldBlock) => bail!(
                "this installation is being moved to another database: wait until `guildhall move` has finished"
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// Keeps servers and workers away.
    ///
    /// # Errors
    /// When one is running, or the lock file cannot be created.
    pub fn alone(config: &Config) -> Result<Self> {
        let Some((path, file)) = open(config)? else {
            return Ok(Self { _lock: None });
        };
        match file.try_lock() {
            Ok(()) => Ok(Self { _lock: Some(file) }),
            Err(TryLockError::WouldBlock) => bail!(
                "a server or worker is running on this installation: stop it, then run this command again"
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }
}

fn create_folder(config: &Config) -> Result<()> {
    if let DatabaseUrl::Sqlite(database) = config.database()?
        && let Some(folder) = database.parent()
    {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create the data directory {}", folder.display()))?;
    }
    Ok(())
}

fn open(config: &Config) -> Result<Option<(PathBuf, File)>> {
    let DatabaseUrl::Sqlite(database) = config.database()? else {
        return Ok(None);
    };
    let path = lock_of(&database);
    let file = OpenOptions::new().create(true).append(true).open(&path);
    let file = file.with_context(|| format!("cannot create {}", path.display()))?;
    Ok(Some((path, file)))
}

/// Returns the path of the lock file: `guildhall.lock` next to `guildhall.db`.
fn lock_of(database: &Path) -> PathBuf {
    database.with_extension("lock")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn servers_share_an_installation_and_a_move_needs_it_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let flags = Flags { data_dir: Some(folder.path().to_owned()), ..Flags::default() };
        let config = Config::load(&Default::default(), &flags).expect("a configuration");
        let server = Presence::announce(&config).expect("a server");
        let worker = Presence::announce(&config).expect("a worker");
        let refused = Presence::alone(&config).expect_err("refused").to_string();
        assert!(refused.contains("stop it"), "{refused}");
        drop((server, worker));
        let moving = Presence::alone(&config).expect("alone");
        let refused = Presence::announce(&config).expect_err("refused").to_string();
        assert!(refused.contains("guildhall move"), "{refused}");
        drop(moving);
        Presence::announce(&config).expect("a server again");
    }
}
