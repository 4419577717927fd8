use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{CryptoError, SecretKey};
use crate::files::{private, publish, sync_folder};

#[derive(Debug)]
pub(super) enum KeySource {
    /// A key file that this program manages, created if missing.
    Ours(PathBuf),
    /// A key file that the operator manages and may change at any time.
    Theirs(PathBuf),
    /// Text that does not change until the process ends.
    Text(SecretString),
}

impl KeySource {
    /// Returns the source's name for error messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Ours(path) | Self::Theirs(path) => path.display().to_string(),
            Self::Text(_) => "secret_key (GUILDHALL_SECRET_KEY)".to_owned(),
        }
    }

    pub(super) fn read(&self) -> Result<SecretString, CryptoError> {
        let (path, read) = match self {
            Self::Text(text) => return Ok(text.clone()),
            Self::Theirs(path) => (path, fs::read_to_string(path)),
            Self::Ours(path) => match fs::read_to_string(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    make(path)?;
                    (path, fs::read_to_string(path))
                }
                read => (path, read),
            },
        };
        read.map(Into::into).map_err(|error| failed(path, error))
    }

    /// Atomically replaces the keys in a file that this program manages.
    pub(super) fn replace(&self, text: &SecretString) -> Result<(), CryptoError> {
        let Self::Ours(path) = self else {
            return Err(CryptoError::Given);
        };
        let replaced = draft(path, "new", text).and_then(|draft| {
            keep_owner(path, &draft)?;
            publish(&draft, path)
        });
        replaced.map_err(|error| failed(path, error))
    }

    /// Locks out other processes from replacing the keys until the returned file is closed.
    pub(super) fn lock(&self) -> Result<File, CryptoError> {
        let Self::Ours(path) = self else {
            return Err(CryptoError::Given);
        };
        let lock = path.with_extension("lock");
        let file = private()
            .create(true)
            .truncate(false)
            .open(&lock)
            .map_err(|error| failed(&lock, error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(fs::TryLockError::WouldBlock) => Err(CryptoError::Busy),
            Err(fs::TryLockError::Error(error)) => Err(failed(&lock, error)),
        }
    }
}

fn failed(path: &Path, source: io::Error) -> CryptoError {
    CryptoError::KeyFile { path: path.to_owned(), source }
}

/// Creates the key file with a new key. If another process creates it first, that one is used.
fn make(path: &Path) -> Result<(), CryptoError> {
    let key = SecretKey::fresh()?.to_hex();
    let made = draft(path, &format!("{}.tmp", std::process::id()), &key).and_then(|draft| {
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => {
                linked.and_then(|()| sync_folder(path))?;
                tracing::info!(file = %path.display(), "created the secret key; keep a copy apart from the backups");
                Ok(())
            }
        }
    });
    made.map_err(|error| failed(path, error))
}

/// Writes and syncs a file next to `path` that only its owner can read.
fn draft(path: &Path, extension: &str, text: &SecretString) -> io::Result<PathBuf> {
    let draft = path.with_extension(extension);
    let mut file = private().create(true).truncate(true).open(&draft)?;
    file.write_all(text.expose_secret().as_bytes())?;
    file.sync_all()?;
    Ok(draft)
}

/// Changes the owner of the draft to that of the file, because a command may run as a different user than the
/// server. A group alone is not kept: it has no rights to the draft, and only root may choose any.
fn keep_owner(path: &Path, draft: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let (old, new) = (fs::metadata(path)?, fs::metadata(draft)?);
        if old.uid() != new.uid() {
            chown(draft, Some(old.uid()), Some(old.gid()))?;
        }
    }
    Ok(())
}
