//! Restoring a database from copies of its log, as it was at an instant.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use kernel::Timestamp;
use platform::{
    config::Config,
    db::{
        DatabaseUrl,
        log_copy::{apply_log, log_of},
    },
    files,
};

use super::{BackupFile, Copier, Source, clear, draft_of, log::files_in, restore::refuse_present};
use crate::rules::log_copies::{Copied, Plan, plan};

/// The copies of a log to restore from.
#[derive(Clone, Copy, Debug)]
pub struct LogSource<'a> {
    /// The folder with the bases and the parts.
    pub folder: &'a Path,
    /// The file with the private key, for copies that are encrypted.
    pub identity: Option<&'a Path>,
    /// The instant as of which to restore; `None`: as late as possible.
    pub at: Option<Timestamp>,
}

/// The part that was restored from the copies of a log.
#[derive(Debug)]
pub struct RestoredLog {
    pub file: BackupFile,
    /// The instant as of which the database was restored.
    pub at: Timestamp,
    /// Why later copies could not be used.
    pub unused: Option<String>,
}

impl RestoredLog {
    /// Says as of when the database was restored.
    #[must_use]
    pub fn words(&self) -> String {
        let at = self.at.format("%Y-%m-%d %H:%M:%S%.3f UTC");
        match &self.unused {
            None => format!("Restored as of {at}."),
            Some(why) => format!("Restored as of {at} only: {why}."),
        }
    }
}

/// How far the copies were applied.
struct Replayed {
    /// The bytes that are applied, counted as in the names.
    to: u64,
    at: Option<Timestamp>,
    damage: Option<String>,
}

impl Copier {
    /// Restores a database from the copies of its log, like [`Self::restore`] restores a backup.
    ///
    /// # Errors
    /// When no base has all that it needs until that instant, or the target is not empty. The target is then unchanged.
    pub async fn restore_log(self, config: &Config, from: LogSource<'_>) -> Result<RestoredLog> {
        let place = from.folder.display();
        let files = files_in(from.folder)?.into_iter().map(|(file, _)| file).collect();
        let plan = plan(files, from.at).with_context(|| match from.at {
            Some(at) => format!("{place} has no complete base until {at}: choose a later instant"),
            None => format!("{place} has no complete base: restore a backup instead"),
        })?;
        if let DatabaseUrl::Sqlite(path) = config.database()? {
            refuse_present(&path)?;
        }
        let data_dir = &config.data_dir;
        let is_new = !data_dir.exists();
        fs::create_dir_all(data_dir)
            .with_context(|| format!("cannot create the data directory {}", data_dir.display()))?;
        let draft = draft_of(&data_dir.join("replayed.db"))?;
        let restored = self.replay_and_restore(config, from, &plan, &draft).await;
        clear(&draft)?;
        if restored.is_err() && is_new {
            // Fails if the directory is not empty, which keeps it.
            fs::remove_dir(data_dir).ok();
        }
        restored
    }

    async fn replay_and_restore(
        self,
        config: &Config,
        from: LogSource<'_>,
        plan: &Plan,
        draft: &Path,
    ) -> Result<RestoredLog> {
        let replayed = replay(from, plan, draft).await?;
        let whole = Source { file: draft, identity: None };
        let file = self.restore(config, whole, |_, _| {}).await?;
        let at = replayed.at.map_or(plan.base.at, |at| at.max(plan.base.at));
        let unused = replayed.damage.or_else(|| {
            let newest = plan.unused?;
            Some(format!("there are copies until {newest}, but something before them is missing"))
        });
        Ok(RestoredLog { file, at, unused })
    }
}

/// Makes a database file from a base and the parts after it, one generation of the log after the other.
async fn replay(from: LogSource<'_>, plan: &Plan, draft: &Path) -> Result<Replayed> {
    let base = from.folder.join(plan.base.to_string());
    Source { file: &base, identity: from.identity }.copy_to(draft).await?;
    let mut replayed = Replayed { to: plan.base.start, at: None, damage: None };
    for generation in plan.parts.chunk_by(|one, next| one.start == next.start) {
        let unread = gather(from, generation, draft).await?;
        let applied = apply_log(draft).await;
        let applied = applied.with_context(|| format!("cannot use {}", plan.base))?;
        fs::remove_file(log_of(draft)).ok();
        for part in generation.iter().filter(|part| part.to - part.start <= applied) {
            replayed.to = part.to;
            replayed.at = Some(part.at);
        }
        let damaged = generation.iter().find(|part| part.to - part.start > applied);
        replayed.damage = unread.or_else(|| Some(format!("{} is damaged", damaged?)));
        if replayed.damage.is_some() {
            break;
        }
    }
    ensure!(
        replayed.to >= plan.base.to,
        "{}: restore as of an earlier instant than {} with `--at`",
        replayed.damage.unwrap_or_default(),
        plan.base.at
    );
    Ok(replayed)
}

/// Writes the parts of a generation as the log of the draft. Returns why the rest of them cannot be read.
async fn gather(
    from: LogSource<'_>,
    generation: &[Copied],
    draft: &Path,
) -> Result<Option<String>> {
    let log = log_of(draft);
    files::create_private(&log, &[]).with_context(|| format!("cannot write {}", log.display()))?;
    for part in generation {
        let name = part.to_string();
        let path = from.folder.join(&name);
        let read = Source { file: &path, identity: from.identity }.append_to(&log).await;
        let length = fs::metadata(&log)?.len();
        let why = match read {
            Err(error) => format!("{name} cannot be read: {error:#}"),
            Ok(()) if length != part.to - part.start => format!("{name} is damaged"),
            Ok(()) => continue,
        };
        return Ok(Some(why));
    }
    Ok(None)
}
