//! Copies of SQLite's log in a folder and in the storage: bases of the database file, and parts of the log
//! (docs/adr/0035).

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use kernel::{Clock, Timestamp};
use platform::{
    config::Config,
    db::log_copy::{LogCopy, Piece, Step},
    files,
    telemetry::{news, works},
};
use serde::{Deserialize, Serialize};
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

use super::{draft_of, sealed::sealed_into, wanted::WhileWanted};
use crate::{
    gateway::Storage,
    rules::log_copies::{Content, Copied, in_name, needs_base, read_name, superseded},
};

/// The file in the folder that says how far the log was copied.
const STATE: &str = "state.json";
/// The name of what the storage gets, in the process's log.
const THERE: &str = "copies of the log in the storage";
/// How long a round waits for a base, which is continued in the next one.
const BASE_PATIENCE: Duration = Duration::from_secs(1);
/// How long a part may take to the storage.
const PART_PATIENCE: Duration = Duration::from_secs(30);
/// How long a round copies parts to the storage, after an outage of which thousands may wait: the log is copied meanwhile.
const SENDING: Duration = Duration::from_secs(5);

/// When the log is turned over, and the bytes of a part.
#[derive(Clone, Copy, Debug)]
pub struct LogLimits {
    /// The bytes of the log after which it is turned over.
    pub turn: u64,
    /// How long bytes stay in it at most.
    pub age: Duration,
    /// The most bytes of a part, which are in memory.
    pub part: u64,
}

impl Default for LogLimits {
    fn default() -> Self {
        let most = 16 * 1024 * 1024;
        Self { turn: most, age: Duration::from_secs(5 * 60), part: most }
    }
}

/// How far the log was copied, as other processes of the machine read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogState {
    /// The earliest instant as of which the database can be restored.
    pub since: Option<Timestamp>,
    /// When everything until then was last known to be in all places.
    pub confirmed_at: Option<Timestamp>,
    /// The bytes of the files in the folder.
    pub bytes: u64,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

impl LogState {
    /// Reads the state of the copies in a folder; that of no copies if there is none.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let text = fs::read(folder.join(STATE)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Writes the state.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        let draft = folder.join(format!("{STATE}.partial"));
        fs::remove_file(&draft).ok();
        files::create_private(&draft, &serde_json::to_vec(self)?)?;
        fs::rename(&draft, folder.join(STATE)).context("cannot write the state of the copies")
    }
}

/// A base that is copied. Dropping it ends copying and removes the draft, which may be what fills the disk.
struct Base {
    start: u64,
    draft: PathBuf,
    copying: Option<JoinHandle<Result<()>>>,
    _wanted: Arc<()>,
}

impl Drop for Base {
    fn drop(&mut self) {
        fs::remove_file(&self.draft).ok();
    }
}

/// Copies the log of a database into a folder and to the storage.
pub struct LogCopier {
    copy: LogCopy,
    run: Timestamp,
    folder: PathBuf,
    recipient: Option<Arc<str>>,
    storage: Option<Arc<Storage>>,
    limits: LogLimits,
    days: u64,
    base: Option<Base>,
    /// When the newest base of the run was complete.
    based_at: Option<Timestamp>,
    /// The base on its way to the storage, and whether one of the run is in all places.
    sending: Option<(Copied, JoinHandle<Result<()>>)>,
    is_based: bool,
    /// The parts that are not in the storage yet.
    waiting: VecDeque<Copied>,
    state: LogState,
}

impl LogCopier {
    /// Begins to copy; `None` if another process does, or the folder is that of another run of the same millisecond.
    ///
    /// # Errors
    /// When the database, the folder or the storage cannot be used.
    pub async fn open(
        database: &Path,
        config: &Config,
        limits: LogLimits,
        clock: &dyn Clock,
    ) -> Result<Option<Self>> {
        let folder = config.backup_log_folder();
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create the directory {}", folder.display()))?;
        let storage = Storage::of(config)?.map(Arc::new);
        let Some(copy) = LogCopy::open(database).await? else {
            return Ok(None);
        };
        let run = in_name(clock.now());
        let files = files_in(&folder)?;
        if files.iter().any(|(file, _)| file.run == run) {
            return Ok(None);
        }
        remove_drafts(&folder)?;
        Ok(Some(Self {
            copy,
            run,
            folder,
            recipient: config.backup_recipient.as_deref().map(Arc::from),
            storage,
            limits,
            days: config.backup_log_days,
            base: None,
            based_at: None,
            sending: None,
            is_based: false,
            waiting: VecDeque::new(),
            state: LogState {
                confirmed_at: LogState::read(&config.backup_log_folder()).confirmed_at,
                ..state_of(&files)
            },
        }))
    }

    /// Copies what was written since the last round, turns the log over if it is time, and copies a base if one is
    /// needed. Returns the state, which is also in the folder.
    ///
    /// # Errors
    /// When the copy cannot be continued: another run has to begin.
    pub async fn round(&mut self, clock: &dyn Clock) -> Result<&LogState> {
        let began = in_name(clock.now());
        let is_current = self.copy_parts(clock).await?;
        if is_current {
            self.tend_base(clock).await?;
        }
        if self.copy.is_due(self.limits.turn, self.limits.age) {
            for piece in self.copy.turn(self.limits.part).await? {
                self.keep(piece, clock).await?;
            }
        }
        self.state.error = self.send_waiting().await.err().map(|error| format!("{error:#}"));
        match &self.state.error {
            None => works(THERE),
            Some(error) => {
                if let Some(times) = news(THERE, error) {
                    tracing::warn!(error, times, "copies of the log wait for the storage");
                }
            }
        }
        if is_current && self.is_based && self.waiting.is_empty() {
            self.state.confirmed_at = Some(began);
        }
        let (state, folder) = (self.state.clone(), self.folder.clone());
        spawn_blocking(move || state.write(&folder)).await??;
        Ok(&self.state)
    }

    /// Ends copying and its connections.
    pub async fn close(self) {
        self.copy.close().await;
    }

    /// Copies the parts until the last commit. Returns false if it is not known whether there are more.
    async fn copy_parts(&mut self, clock: &dyn Clock) -> Result<bool> {
        loop {
            match self.copy.next(self.limits.part).await? {
                Step::Piece(piece) => {
                    // Others write while a part is copied, so that there could always be more.
                    let is_whole = piece.is_whole;
                    self.keep(piece, clock).await?;
                    if is_whole {
                        return Ok(true);
                    }
                }
                Step::Current => return Ok(true),
                Step::Busy => return Ok(false),
            }
        }
    }

    /// Writes a part into the folder.
    async fn keep(&mut self, piece: Piece, clock: &dyn Clock) -> Result<()> {
        let content = if piece.is_whole { Content::Whole } else { Content::Continued };
        let file = Copied {
            start: piece.start,
            from: piece.from,
            to: piece.from + piece.bytes.len() as u64,
            ..self.file(content, clock)
        };
        let path = self.folder.join(file.to_string());
        let recipient = self.recipient.clone();
        let writing = move || {
            let draft = draft_of(&path)?;
            write(&draft, recipient.as_deref(), |to| to.write_all(&piece.bytes))?;
            let published = files::publish(&draft, &path);
            published.with_context(|| format!("cannot write {}", path.display()))
        };
        spawn_blocking(writing).await??;
        self.state.bytes += file.to - file.from;
        if self.storage.is_some() {
            self.waiting.push_back(file);
        }
        Ok(())
    }

    /// Returns a file of the run as of now, without bytes.
    fn file(&self, content: Content, clock: &dyn Clock) -> Copied {
        Copied {
            run: self.run,
            start: 0,
            from: 0,
            to: 0,
            at: in_name(clock.now()),
            content,
            is_sealed: self.recipient.is_some(),
        }
    }

    /// Begins a base if one is needed, and completes the one that was copied.
    async fn tend_base(&mut self, clock: &dyn Clock) -> Result<()> {
        if self.base.is_none() && needs_base(self.based_at, clock.now()) {
            self.begin_base()?;
        }
        let Some(base) = &mut self.base else {
            return Ok(());
        };
        if let Some(copying) = &mut base.copying {
            let Ok(copied) = timeout(BASE_PATIENCE, copying).await else {
                return Ok(());
            };
            copied??;
            base.copying = None;
        }
        // It needs all changes that were made while it was copied.
        if self.copy_parts(clock).await? {
            self.end_base(clock)?;
        }
        Ok(())
    }

    fn begin_base(&mut self) -> Result<()> {
        let file = self.copy.begin_base()?;
        let draft = self.folder.join("base.partial");
        fs::remove_file(&draft).ok();
        let (to, recipient) = (draft.clone(), self.recipient.clone());
        let wanted = Arc::new(());
        let is_wanted = Arc::downgrade(&wanted);
        let copy = move || {
            write(&to, recipient.as_deref(), |draft| {
                file.copy_to(&mut WhileWanted(draft, is_wanted)).map(drop)
            })?;
            // Publishing syncs it, too, but would block others for as long as that takes.
            let synced = File::open(&to).and_then(|draft| draft.sync_all());
            synced.with_context(|| format!("cannot write {}", to.display()))
        };
        let copying = Some(spawn_blocking(copy));
        self.base = Some(Base { start: self.copy.start(), draft, copying, _wanted: wanted });
        Ok(())
    }

    fn end_base(&mut self, clock: &dyn Clock) -> Result<()> {
        let Some(base) = self.base.take() else {
            return Ok(());
        };
        self.copy.end_base();
        let (start, to) = (base.start, self.copy.position());
        let file = Copied { start, from: start, to, ..self.file(Content::Base, clock) };
        let path = self.folder.join(file.to_string());
        files::publish(&base.draft, &path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        self.based_at = Some(file.at);
        match self.sender(file) {
            Some(sending) => self.sending = Some((file, sending)),
            None => self.is_based = true,
        }
        for (old, path) in self.superseded(file.at)? {
            fs::remove_file(&path).with_context(|| format!("cannot remove {old}"))?;
            self.waiting.retain(|file| *file != old);
        }
        self.state = LogState {
            confirmed_at: self.state.confirmed_at,
            ..state_of(&files_in(&self.folder)?)
        };
        tracing::info!(%file, "copied a base for the log");
        Ok(())
    }

    /// Returns the files that are no longer kept, with their paths.
    fn superseded(&self, now: Timestamp) -> Result<Vec<(Copied, PathBuf)>> {
        let files: Vec<Copied> =
            files_in(&self.folder)?.into_iter().map(|(file, _)| file).collect();
        let gone = superseded(&files, now, self.days).into_iter();
        Ok(gone.map(|file| (file, self.folder.join(file.to_string()))).collect())
    }

    /// Starts to copy a file to the storage, if there is one.
    fn sender(&self, file: Copied) -> Option<JoinHandle<Result<()>>> {
        let storage = Arc::clone(self.storage.as_ref()?);
        let path = self.folder.join(file.to_string());
        Some(tokio::spawn(async move { storage.put(&path, &name_there(&file)).await }))
    }

    /// Copies parts to the storage, in their order, and looks whether the base is there.
    async fn send_waiting(&mut self) -> Result<()> {
        let Some(storage) = self.storage.clone() else {
            return Ok(());
        };
        let began = Instant::now();
        while let Some(file) = self.waiting.front()
            && began.elapsed() < SENDING
        {
            let path = self.folder.join(file.to_string());
            let name = name_there(file);
            let sent = timeout(PART_PATIENCE, storage.put(&path, &name)).await;
            let sent = sent.context("the storage takes too long")?;
            sent.with_context(|| format!("cannot copy {name} to the storage"))?;
            self.waiting.pop_front();
        }
        let Some((file, sending)) = &mut self.sending else {
            return Ok(());
        };
        let file = *file;
        let Ok(sent) = timeout(BASE_PATIENCE, sending).await else {
            return Ok(());
        };
        self.sending = None;
        let sent = sent?.with_context(|| format!("cannot copy {file} to the storage"));
        match sent {
            Ok(()) => self.is_based = true,
            Err(_) => self.sending = self.sender(file).map(|sending| (file, sending)),
        }
        sent
    }
}

/// Returns the name of a file in the storage.
fn name_there(file: &Copied) -> String {
    format!("log/{file}")
}

/// Writes a new file, encrypted if there is a recipient.
fn write(
    path: &Path,
    recipient: Option<&str>,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    files::create_private(path, &[]).with_context(|| format!("cannot write {}", path.display()))?;
    let mut to = BufWriter::new(OpenOptions::new().write(true).open(path)?);
    match recipient {
        Some(recipient) => to = sealed_into(to, recipient, fill)?,
        None => fill(&mut to)?,
    }
    Ok(to.flush()?)
}

/// Returns the files of the copies in a folder with their sizes in bytes.
pub(super) fn files_in(folder: &Path) -> Result<Vec<(Copied, u64)>> {
    let cannot_read = || format!("cannot read the directory {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        let entry = entry.with_context(cannot_read)?;
        if let Some(file) = entry.file_name().to_str().and_then(read_name) {
            files.push((file, entry.metadata().with_context(cannot_read)?.len()));
        }
    }
    Ok(files)
}

/// Returns what the files of a folder are.
fn state_of(files: &[(Copied, u64)]) -> LogState {
    let bases = files.iter().filter(|(file, _)| file.content == Content::Base);
    LogState {
        since: bases.map(|(base, _)| base.at).min(),
        bytes: files.iter().map(|(_, bytes)| bytes).sum(),
        ..LogState::default()
    }
}

/// Removes what an interrupted run left.
fn remove_drafts(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "partial") {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}
