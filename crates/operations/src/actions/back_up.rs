use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use kernel::{Timestamp, counted, truncate_to_micros};
use platform::{Context, config::Config, db::DbError, files, module::Services};
use tokio::task::spawn_blocking;

use crate::{
    backup::{BackupFile, Copier, seal},
    gateway::{self, Storage},
    model::Backup,
    rules::backups::{is_left, made_at, name_of, superseded},
    store::backups,
};

/// How long a backup that could not be copied elsewhere is copied again, instead of another one being made.
const COPIED_AGAIN: TimeDelta = TimeDelta::minutes(30);
/// How long the record of a backup is kept after its file was removed.
const REMEMBERED: TimeDelta = TimeDelta::days(365);

/// Makes the backups of a server.
#[derive(Clone)]
pub(crate) struct Maker {
    copier: Copier,
    config: Arc<Config>,
}

impl Maker {
    /// Returns the maker of a server; `None` if its program cannot copy installations.
    pub(crate) fn of(services: &Services) -> Option<Self> {
        let copier = services.extensions.get::<Copier>().copied()?;
        Some(Self { copier, config: Arc::clone(&services.config) })
    }
}

/// Makes a backup and verifies it, removes those that are no longer kept, and copies it to the configured places. If the
/// last attempt failed only to copy, that backup is copied. Returns a summary.
///
/// # Errors
/// When the backup could not be made or copied. Either is recorded.
pub(crate) async fn back_up(context: &Context, maker: &Maker) -> Result<String> {
    let folder = maker.config.backup_folder();
    let since = context.now() - COPIED_AGAIN;
    let waiting = backups::uncopied(&context.db, since).await?;
    let waiting = waiting.filter(|backup| folder.join(&backup.file).is_file());
    let backup = match waiting {
        Some(backup) => backup,
        None => make(context, maker, &folder).await?,
    };
    let mut summary = format!("{}: {} rows, {} bytes", backup.file, backup.row_count, backup.bytes);
    if backup.mismatches > 0 {
        let mismatches = counted(backup.mismatches, "mismatch", "mismatches");
        summary.push_str(&format!(", {mismatches} of the ledger"));
    }
    if copy_elsewhere(context, maker, &folder, &backup).await? {
        summary.push_str(", copied elsewhere");
    }
    Ok(summary)
}

async fn make(context: &Context, maker: &Maker, folder: &Path) -> Result<Backup> {
    let now = truncate_to_micros(context.now());
    let recipient = maker.config.backup_recipient.as_deref();
    let file = name_of(now, recipient.is_some());
    let written = write(context, maker, &folder.join(&file)).await;
    let written = written.map_err(|error| lacks_rights(error, folder));
    let done = context.now();
    let backup = Backup {
        id: context.ids.next(),
        created_at: now,
        file,
        bytes: written.as_ref().map_or(0, |(_, bytes)| *bytes),
        row_count: written.as_ref().map_or(0, |(kept, _)| kept.rows()),
        mismatches: written
            .as_ref()
            .map_or(0, |(kept, _)| i64::try_from(kept.mismatches.len()).unwrap_or(i64::MAX)),
        verified_at: written.is_ok().then_some(done),
        uploaded_at: None,
        removed_at: written.is_err().then_some(done),
        error: written.as_ref().err().map(|error| format!("{error:#}")),
    };
    let removed =
        if written.is_ok() { rotate(maker, folder, &backup.file) } else { Ok(Vec::new()) };
    record(context, &backup, removed.as_deref().unwrap_or_default()).await?;
    written?;
    removed?;
    tracing::info!(file = backup.file, bytes = backup.bytes, "made a backup");
    Ok(backup)
}

/// Writes a verified backup, encrypted if there is a recipient. Returns its rows and its size in bytes.
async fn write(context: &Context, maker: &Maker, to: &Path) -> Result<(BackupFile, i64)> {
    let folder = to.parent().context("the folder of backups has no name")?;
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot create the directory {}", folder.display()))?;
    for (name, path) in files_in(folder)? {
        if is_left(&name) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    let kept = match &maker.config.backup_recipient {
        None => maker.copier.checked_backup(&context.db, to).await?,
        Some(recipient) => {
            let plain = beside(to, ".", "");
            let kept = maker.copier.checked_backup(&context.db, &plain).await?;
            let (from, draft) = (plain.clone(), beside(to, "", ".partial"));
            let (sealed, recipient) = (draft.clone(), recipient.clone());
            let result = spawn_blocking(move || seal(&from, &sealed, &recipient)).await?;
            fs::remove_file(&plain).context("cannot remove the unencrypted backup")?;
            result.context("cannot encrypt the backup")?;
            files::publish(&draft, to).context("cannot write the encrypted backup")?;
            kept
        }
    };
    let bytes = fs::metadata(to).context("cannot read the backup")?.len();
    Ok((kept, i64::try_from(bytes).unwrap_or(i64::MAX)))
}

/// Adds the next step to an error about the rights to a folder.
fn lacks_rights(error: anyhow::Error, folder: &Path) -> anyhow::Error {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    let kind = error.root_cause().downcast_ref::<io::Error>().map(io::Error::kind);
    if matches!(kind, Some(PermissionDenied | ReadOnlyFilesystem)) {
        let folder = folder.display();
        error.context(format!(
            "give {folder} to the user of the server, and name it in ReadWritePaths of its systemd unit"
        ))
    } else {
        error
    }
}

/// Returns the path of a file in the same folder, with another beginning and end of its name.
fn beside(path: &Path, beginning: &str, end: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{beginning}{name}{end}"))
}

/// Returns the names and paths of the files in a folder.
fn files_in(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let cannot_read = || format!("cannot read the directory {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        let entry = entry.with_context(cannot_read)?;
        if let Ok(name) = entry.file_name().into_string() {
            files.push((name, entry.path()));
        }
    }
    Ok(files)
}

/// Removes the backups in the folder that are no longer kept. What is kept follows from the names of the files there, not from
/// the database: that of a restored server does not know the newest ones. The one that was just `written` is kept. Returns
/// the names of the removed files.
fn rotate(maker: &Maker, folder: &Path, written: &str) -> Result<Vec<String>> {
    let files = files_in(folder)?;
    let made = files.iter().filter_map(|(name, _)| made_at(name));
    let gone = superseded(made, made_at(written), maker.config.backup_schedule);
    let mut removed = Vec::new();
    for (name, path) in files {
        if made_at(&name).is_some_and(|at| gone.contains(&at)) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            removed.push(name);
        }
    }
    Ok(removed)
}

async fn record(context: &Context, backup: &Backup, removed: &[String]) -> Result<(), DbError> {
    let now = context.now();
    let tx = context.begin().await?;
    backups::insert(&tx, backup).await?;
    for file in removed {
        backups::set_removed(&tx, file, now).await?;
    }
    backups::forget(&tx, now - REMEMBERED).await?;
    tx.commit().await
}

/// Copies a backup to the configured places. Returns false if there are none.
async fn copy_elsewhere(
    context: &Context,
    maker: &Maker,
    folder: &Path,
    backup: &Backup,
) -> Result<bool> {
    let path = folder.join(&backup.file);
    let copied = copies(&maker.config, &path, &backup.file).await;
    if matches!(copied, Ok(false)) {
        return Ok(false);
    }
    let error = copied.as_ref().err().map(|error| format!("{error:#}"));
    let at: Option<Timestamp> = copied.is_ok().then(|| context.now());
    let tx = context.begin().await?;
    backups::set_copied(&tx, backup.id, at, error.as_deref()).await?;
    tx.commit().await?;
    copied
}

async fn copies(config: &Config, path: &Path, name: &str) -> Result<bool> {
    let storage = Storage::of(config)?;
    if let Some(storage) = &storage {
        let copied = storage.put(path, name).await;
        copied.with_context(|| format!("cannot copy {name} to the storage"))?;
    }
    if let Some(command) = &config.backup_command {
        let patience = Duration::from_secs(config.backup_command_minutes * 60);
        let copied = gateway::run(command, path, &config.settings, patience).await;
        copied.with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(storage.is_some() || config.backup_command.is_some())
}
