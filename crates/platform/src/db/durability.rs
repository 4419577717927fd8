use std::{
    fs,
    path::{Path, PathBuf},
};

use sea_orm::{
    DbErr, FromQueryResult, RuntimeErr,
    sqlx::{self, ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions},
};

use super::{Db, DbError, Engine, Sql as _};

/// The settings that decide whether a commit survives a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Durability {
    /// SQLite, whose connections each choose whether to sync commits. Those of this program do, so what remains is where
    /// the file is.
    Sqlite {
        /// The journal mode that the file itself requires.
        journal_mode: String,
        /// The file system of the file; `None` if the system does not tell.
        mount: Option<Mount>,
    },
    /// PostgreSQL: settings by name, each `on`, `off` or another of its values.
    Postgres([(&'static str, String); 3]),
}

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The directory where it is mounted.
    pub at: PathBuf,
    /// Its kind, such as `ext4`.
    pub kind: String,
    /// Its options, such as `rw` and `relatime`.
    pub options: Vec<String>,
}

impl Mount {
    /// Finds the mount of a path in the text of `/proc/self/mounts`. Later mounts hide earlier ones.
    fn of(mounts: &str, path: &Path) -> Option<Self> {
        let mounts = mounts.lines().filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            let at = PathBuf::from(fields.next()?.replace("\\040", " "));
            let (kind, options) = (fields.next()?, fields.next()?);
            path.starts_with(&at).then(|| Self {
                at,
                kind: kind.to_owned(),
                options: options.split(',').map(str::to_owned).collect(),
            })
        });
        mounts.max_by_key(|mount| mount.at.components().count())
    }

    /// Returns true if its files are only in memory.
    #[must_use]
    pub fn is_memory(&self) -> bool {
        matches!(self.kind.as_str(), "tmpfs" | "ramfs" | "devtmpfs")
    }

    /// Returns the option by which a sync no longer reaches the disk.
    #[must_use]
    pub fn unsynced(&self) -> Option<&str> {
        const UNSYNCED: [&str; 4] = ["nobarrier", "barrier=0", "barrier=off", "volatile"];
        let mut options = self.options.iter().map(String::as_str);
        options.find(|option| UNSYNCED.contains(option))
    }
}

#[derive(Default, FromQueryResult)]
struct Settings {
    fsync: String,
    synchronous_commit: String,
    full_page_writes: String,
}

impl Db {
    /// Reads the settings that decide whether a commit survives a crash.
    pub async fn durability(&self) -> Result<Durability, DbError> {
        match self.engine() {
            Engine::Sqlite => self.file().await,
            Engine::Postgres => self.settings().await,
        }
    }

    async fn file(&self) -> Result<Durability, DbError> {
        #[derive(FromQueryResult)]
        struct Main {
            file: String,
        }
        let sql = "SELECT CAST(file AS text) AS file FROM pragma_database_list WHERE name = 'main'";
        let main: Option<Main> = self.one(self.statement(sql, [])).await?;
        let path = main.map_or_else(PathBuf::new, |main| main.file.into());
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        Ok(Durability::Sqlite {
            journal_mode: journal_mode(&path).await.map_err(failed)?,
            mount: Mount::of(&mounts, &real),
        })
    }

    async fn settings(&self) -> Result<Durability, DbError> {
        let sql = "SELECT current_setting('fsync') AS fsync, \
                   current_setting('synchronous_commit') AS synchronous_commit, \
                   current_setting('full_page_writes') AS full_page_writes";
        let row: Option<Settings> = self.one(self.statement(sql, [])).await?;
        let row = row.unwrap_or_default();
        Ok(Durability::Postgres([
            ("fsync", row.fsync),
            ("synchronous_commit", row.synchronous_commit),
            ("full_page_writes", row.full_page_writes),
        ]))
    }
}

/// Reads the journal mode as another program finds it, by a connection without any settings.
async fn journal_mode(path: &Path) -> Result<String, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut plain = options.disable_statement_logging().connect().await?;
    let mode = sqlx::query_scalar::<sqlx::Sqlite, String>("PRAGMA journal_mode");
    let mode = mode.fetch_one(&mut plain).await?;
    plain.close().await?;
    Ok(mode)
}

fn failed(error: sqlx::Error) -> DbError {
    DbErr::Conn(RuntimeErr::SqlxError(std::sync::Arc::new(error))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "/dev/vda / ext4 rw,relatime 0 0\n\
                          tmpfs /dev/shm tmpfs rw,size=24684092k 0 0\n\
                          /dev/vdb /srv/my\\040data ext4 rw,nobarrier 0 0\n\
                          overlay /srv/over overlay rw,volatile 0 0\n\
                          tmpfs /srv/my\\040data/cache tmpfs rw 0 0\n";

    #[test]
    fn the_deepest_mount_of_a_path_decides() {
        for (path, kind, is_memory, unsynced) in [
            ("/var/lib/guildhall/guildhall.db", "ext4", false, None),
            ("/dev/shm/guildhall.db", "tmpfs", true, None),
            ("/dev/shmem/guildhall.db", "ext4", false, None),
            ("/srv/my data/guildhall.db", "ext4", false, Some("nobarrier")),
            ("/srv/my data/cache/guildhall.db", "tmpfs", true, None),
            ("/srv/over/guildhall.db", "overlay", false, Some("volatile")),
        ] {
            let mount = Mount::of(MOUNTS, Path::new(path)).expect("a mount");
            let found = (mount.kind.as_str(), mount.is_memory(), mount.unsynced());
            assert_eq!(found, (kind, is_memory, unsynced), "{path}");
        }
        assert_eq!(Mount::of("", Path::new("/srv")), None);
    }
}
