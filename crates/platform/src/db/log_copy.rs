//! Copies of SQLite's write-ahead log, piece by piece, while others write (docs/adr/0035).
//!
//! Whoever copies the log must decide when it may begin again from its start. A reader with an open transaction does:
//! while it reads the log, no one can reset it, and while it reads only the database file, no one can move pages into
//! that file, without which there is no second reset.

mod database_file;

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    time::Duration,
};

use sea_orm::sqlx::{
    self, ConnectOptions as _, Connection as _, Sqlite,
    sqlite::{SqliteConnectOptions, SqliteConnection},
};
use tokio::{
    task::spawn_blocking,
    time::{Instant, sleep},
};

pub use database_file::DatabaseFile;

/// The bytes of the log's header, and of the one before each page in it.
const HEADER: u64 = 32;
const FRAME: u64 = 24;
type Header = [u8; HEADER as usize];
/// How long the writers' lock is waited for. Until then, nothing else waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often, and after which pauses, the end of the log is looked up while another checkpoint runs.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// Why the log is no longer copied. A new copy has to begin with another base.
#[derive(Debug, thiserror::Error)]
pub enum LogCopyError {
    /// SQLite cannot do what is needed for it.
    #[error("SQLite: {0}")]
    Sqlite(#[from] sqlx::Error),
    /// A file cannot be read or locked.
    #[error("{0}")]
    File(#[from] io::Error),
    /// Another program emptied or replaced the log.
    #[error("another program emptied or replaced SQLite's log")]
    Replaced,
}

/// Bytes of the log. All bytes of a copy are numbered without gaps, through all generations of the log.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// The number of the first byte of its generation, which begins with the header of the log.
    pub start: u64,
    /// The number of its own first byte.
    pub from: u64,
    pub bytes: Vec<u8>,
    /// True if it ends with a commit.
    pub is_whole: bool,
}

/// The outcome of a look for something to copy.
pub enum Step {
    /// The next bytes. There may be more.
    Piece(Piece),
    /// All commits until now were copied.
    Current,
    /// It is not known whether there is more: another connection was busy with the log.
    Busy,
}

/// The end of the log.
enum End {
    /// After this number of bytes, with the last commit. The first bytes are the header.
    At(u64, Header),
    /// It has no commit.
    Empty,
    /// Others were busy with it all the time.
    Busy,
}

/// A copy of the log of one database. Dropping it lets others reset the log.
pub struct LogCopy {
    file: PathBuf,
    log: PathBuf,
    /// The connection whose transaction controls the log.
    holder: SqliteConnection,
    spare: SqliteConnection,
    plain: SqliteConnection,
    header: Option<Header>,
    start: u64,
    position: u64,
    /// True if the log was reset since the holder's transaction began, which reads only the database file then.
    is_behind: bool,
    /// True while a base is copied. Then the holder's transaction does not change, so that the file has no page of a later
    /// generation.
    is_frozen: bool,
    /// True if the next writer may reset the log.
    is_turned: bool,
    turned_at: Instant,
    _lock: File,
}

impl LogCopy {
    /// Begins to copy the log of a database; `None` if another process does. The copy needs a base: see
    /// [`DatabaseFile`].
    ///
    /// # Errors
    /// When the database cannot be opened, or the lock file beside it cannot be created.
    pub async fn open(file: &Path) -> Result<Option<Self>, LogCopyError> {
        let lock = file.with_extension("log-lock");
        let lock = OpenOptions::new().create(true).append(true).open(lock)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let mut holder = connect(file).await?;
        let (spare, plain) = (connect(file).await?, connect(file).await?);
        begin(&mut holder).await?;
        Ok(Some(Self {
            file: file.to_owned(),
            log: log_of(file),
            holder,
            spare,
            plain,
            header: None,
            start: 0,
            position: 0,
            is_behind: false,
            is_frozen: false,
            is_turned: false,
            turned_at: Instant::now(),
            _lock: lock,
        }))
    }

    /// Returns the number of the next byte to copy.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns the number of the first byte of the present generation. A base needs the log from there.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.start
    }

    /// Returns true if the log should be turned over: it is large, or has had content for long.
    #[must_use]
    pub fn is_due(&self, bytes: u64, age: Duration) -> bool {
        let copied = self.position - self.start;
        let is_old = copied > 0 && self.turned_at.elapsed() >= age;
        !self.is_turned && !self.is_frozen && (copied >= bytes || is_old)
    }

    /// Opens the database file, to copy a base: with the log from [`Self::start`] to the position after the file was
    /// copied. Until [`Self::end_base`], nothing may move the log from one generation into the file and into the next.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn begin_base(&mut self) -> io::Result<DatabaseFile> {
        let file = DatabaseFile::open(&self.file)?;
        self.is_frozen = true;
        Ok(file)
    }

    /// Ends what [`Self::begin_base`] began.
    pub fn end_base(&mut self) {
        self.is_frozen = false;
    }

    /// Copies the next bytes, at most `most`, which must be more than a page.
    ///
    /// # Errors
    /// When the copy cannot be continued.
    pub async fn next(&mut self, most: u64) -> Result<Step, LogCopyError> {
        let step = self.look(most).await?;
        if self.is_behind && !self.is_frozen {
            self.hold().await?;
            self.is_behind = false;
        }
        Ok(step)
    }

    /// Lets the next writer reset the log, after all of it was copied and moved into the database file. Writers wait
    /// meanwhile. Returns the bytes that were not copied yet. Gives up if others are in the way, or there are more than
    /// `most` bytes at once. Must not be called while a base is copied.
    ///
    /// # Errors
    /// When the copy cannot be continued.
    pub async fn turn(&mut self, most: u64) -> Result<Vec<Piece>, LogCopyError> {
        // The next transaction may read only the file, and the log be reset: what the present one reads of it has to be
        // copied.
        let mut pieces = Vec::new();
        match self.look(most).await? {
            Step::Piece(piece) => pieces.push(piece),
            Step::Current => {}
            Step::Busy => return Ok(pieces),
        }
        if pieces.iter().any(|piece| !piece.is_whole) {
            return Ok(pieces);
        }
        // Most pages are moved before anyone has to wait.
        self.hold().await?;
        self.is_behind = false;
        checkpoint(&mut self.plain).await?;
        match run(&mut self.spare, "BEGIN IMMEDIATE").await {
            Ok(()) => {}
            Err(sqlx::Error::Database(error)) => {
                tracing::debug!(%error, "the log is not turned over yet");
                return Ok(pieces);
            }
            Err(error) => return Err(error.into()),
        }
        let turned = self.turn_alone(most).await;
        run(&mut self.spare, "ROLLBACK").await?;
        pieces.extend(turned?);
        if self.is_behind {
            self.hold().await?;
            self.is_behind = false;
        }
        Ok(pieces)
    }

    /// Turns the log over while no one else writes.
    async fn turn_alone(&mut self, most: u64) -> Result<Option<Piece>, LogCopyError> {
        let piece = match self.look(most).await? {
            Step::Piece(piece) if !piece.is_whole => return Ok(Some(piece)),
            Step::Piece(piece) => Some(piece),
            Step::Current => None,
            Step::Busy => return Ok(None),
        };
        if self.is_behind {
            return Ok(piece);
        }
        // Only now can the pages that were copied last be moved, too. Nothing can be written meanwhile.
        run(&mut self.holder, "ROLLBACK").await?;
        let (is_busy, pages, moved) = checkpoint(&mut self.plain).await?;
        begin(&mut self.holder).await?;
        if !is_busy && pages == moved {
            self.turned_at = Instant::now();
            self.is_turned = true;
        }
        Ok(piece)
    }

    /// Closes the connections. If they are the last, SQLite removes the log.
    pub async fn close(self) {
        let Self { holder, spare, plain, .. } = self;
        for connection in [holder, spare, plain] {
            connection.close().await.ok();
        }
    }

    /// Lets another transaction control the log, which begins before the present one ends. All that the present one
    /// reads of the log has to be copied.
    async fn hold(&mut self) -> Result<(), LogCopyError> {
        begin(&mut self.spare).await?;
        run(&mut self.holder, "ROLLBACK").await?;
        std::mem::swap(&mut self.holder, &mut self.spare);
        Ok(())
    }

    /// Copies the next bytes.
    async fn look(&mut self, most: u64) -> Result<Step, LogCopyError> {
        let (bytes, header) = match self.end().await? {
            End::At(bytes, header) => (bytes, header),
            End::Empty => return Ok(Step::Current),
            End::Busy => return Ok(Step::Busy),
        };
        match self.header {
            None => self.start = self.position,
            Some(known) if known == header => {}
            Some(known) if salt(&header) == salt(&known).wrapping_add(1) => {
                self.start = self.position;
                self.is_behind = true;
                self.turned_at = Instant::now();
            }
            Some(_) => return Err(LogCopyError::Replaced),
        }
        self.header = Some(header);
        let copied = self.position - self.start;
        if bytes <= copied {
            return Ok(Step::Current);
        }
        let length = (bytes - copied).min(most);
        let content = read(self.log.clone(), copied, length).await?;
        // The log that a copy begins with may have been moved before, so that a writer could reset it meanwhile.
        if header_of(&self.log)? != Some(header) {
            return Err(LogCopyError::Replaced);
        }
        let piece = Piece {
            start: self.start,
            from: self.position,
            bytes: content,
            is_whole: copied + length == bytes,
        };
        self.position += length;
        self.is_turned = false;
        Ok(Step::Piece(piece))
    }

    /// Finds the end of the log. The header is read before and after: in between, the log may have begun from its
    /// start.
    async fn end(&mut self) -> Result<End, LogCopyError> {
        for _ in 0..TRIES {
            let before = header_of(&self.log)?;
            let (is_busy, pages, _) = checkpoint(&mut self.plain).await?;
            if !is_busy && header_of(&self.log)? == before {
                return Ok(match before {
                    Some(header) if pages > 0 => End::At(length_of(pages, &header), header),
                    _ => End::Empty,
                });
            }
            sleep(PAUSE).await;
        }
        Ok(End::Busy)
    }
}

/// Moves pages into the database file, as far as readers allow, without waiting for anyone. Returns whether another
/// connection does, the pages in the log until the last commit, and how many of them were moved.
async fn checkpoint(connection: &mut SqliteConnection) -> Result<(bool, u64, u64), sqlx::Error> {
    let sql = "PRAGMA wal_checkpoint(PASSIVE)";
    let done = sqlx::query_as::<Sqlite, (i64, i64, i64)>(sql).fetch_all(connection).await?;
    let (busy, pages, moved) = done.first().copied().unwrap_or((1, 0, 0));
    let number = |value: i64| u64::try_from(value).unwrap_or_default();
    Ok((busy != 0, number(pages), number(moved)))
}

/// Returns the bytes of a log with this header and `pages`.
fn length_of(pages: u64, header: &Header) -> u64 {
    HEADER + pages * (FRAME + u64::from(number_at(header, 8)))
}

async fn scalar(connection: &mut SqliteConnection, sql: &'static str) -> Result<i64, sqlx::Error> {
    // All rows are read, because a statement that waits with another row would hold what it reads.
    let rows = sqlx::query_scalar::<Sqlite, i64>(sql).fetch_all(connection).await?;
    Ok(rows.first().copied().unwrap_or_default())
}

/// Returns the path of the log of a database.
#[must_use]
pub fn log_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", file.display()))
}

/// Opens a connection that never moves pages on its own account.
async fn connect(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(PATIENCE)
        .pragma("wal_autocheckpoint", "0")
        .pragma("cache_size", "-64");
    options.disable_statement_logging().connect().await
}

/// Begins a transaction that reads the database as it is now.
async fn begin(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    run(connection, "BEGIN").await?;
    // A transaction begins to read with its first statement.
    scalar(connection, "SELECT count(*) FROM sqlite_master").await.map(drop)
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query::<Sqlite>(sql).execute(connection).await.map(drop)
}

/// Returns the number that each reset of the log increases by one.
fn salt(header: &Header) -> u32 {
    number_at(header, 16)
}

fn number_at(header: &Header, at: usize) -> u32 {
    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}

/// Reads the header of the log; `None` if it has none.
fn header_of(log: &Path) -> io::Result<Option<Header>> {
    let mut header: Header = [0; HEADER as usize];
    match File::open(log).and_then(|mut log| log.read_exact(&mut header)) {
        Ok(()) => Ok(Some(header)),
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn read(log: PathBuf, from: u64, length: u64) -> io::Result<Vec<u8>> {
    let reading = move || {
        let mut log = File::open(log)?;
        log.seek(SeekFrom::Start(from))?;
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        log.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    spawn_blocking(reading).await?
}

/// Applies a generation of the log to a database file that no one else uses. Returns the bytes of the log until its
/// last commit before which nothing is damaged.
///
/// # Errors
/// When SQLite cannot open the file.
pub async fn apply_log(file: &Path) -> Result<u64, LogCopyError> {
    let header = header_of(&log_of(file))?;
    let mut alone = connect(file).await?;
    let (_, pages, _) = checkpoint(&mut alone).await?;
    // The last connection moves all pages into the file and removes the log.
    alone.close().await?;
    Ok(header.filter(|_| pages > 0).map_or(0, |header| length_of(pages, &header)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::db::{DatabaseUrl, Db, Sql as _, Tx};

    const MOST: u64 = 64 * 1024;

    async fn insert(db: &Db, thing: i64) {
        let tx: Tx = db.begin().await.expect("a transaction");
        let sql = "INSERT INTO things (id, filler) VALUES ($1, randomblob(3000))";
        tx.run(tx.statement(sql, [thing.into()])).await.expect("inserted");
        tx.commit().await.expect("committed");
    }

    async fn pieces(copy: &mut LogCopy) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Step::Piece(piece) = copy.next(MOST).await.expect("copied") {
            pieces.push(piece);
        }
        pieces
    }

    #[tokio::test]
    async fn all_bytes_are_copied_through_turns() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("things.db");
        let db = Db::connect(&DatabaseUrl::Sqlite(path.clone())).await.expect("connected");
        let tx = db.begin().await.expect("a transaction");
        let sql = "CREATE TABLE things (id INTEGER PRIMARY KEY, filler BLOB)";
        tx.run(tx.statement(sql, [])).await.expect("created");
        tx.commit().await.expect("committed");
        let mut copy = LogCopy::open(&path).await.expect("opened").expect("alone");
        assert!(LogCopy::open(&path).await.expect("looked").is_none(), "one process copies");
        let mut base = Vec::new();
        copy.begin_base().expect("opened").copy_to(&mut base).expect("copied");
        copy.end_base();
        let mut all = pieces(&mut copy).await;
        for round in 0..6 {
            for thing in 0..20 {
                insert(&db, round * 20 + thing).await;
            }
            if round == 1 {
                db.empty_log().await.expect("no one else can reset the log");
            }
            all.extend(pieces(&mut copy).await);
            all.extend(copy.turn(MOST).await.expect("turned"));
        }
        insert(&db, 1_000).await;
        all.extend(pieces(&mut copy).await);
        let mut position = 0;
        for piece in &all {
            assert_eq!(piece.from, position, "no byte is left out");
            position += piece.bytes.len() as u64;
        }
        let copied = folder.path().join("copied.db");
        fs::write(&copied, base).expect("written");
        let mut generations: Vec<(u64, Vec<u8>)> = Vec::new();
        for piece in all {
            match generations.last_mut() {
                Some((start, bytes)) if *start == piece.start => bytes.extend(piece.bytes),
                _ => generations.push((piece.start, piece.bytes)),
            }
        }
        assert!(generations.len() > 3, "the log was turned over: {}", generations.len());
        for (_, bytes) in generations {
            fs::write(folder.path().join("copied.db-wal"), &bytes).expect("written");
            let length = bytes.len() as u64;
            assert_eq!(apply_log(&copied).await.expect("applied"), length);
        }
        let restored = Db::connect(&DatabaseUrl::Sqlite(copied)).await.expect("connected");
        let sql = "SELECT count(*) FROM things";
        assert_eq!(restored.count(restored.statement(sql, [])).await.expect("counted"), 121);
        assert_eq!(restored.damage().await.expect("checked"), None);
        restored.close().await;
        copy.close().await;
        db.close().await;
    }
}
