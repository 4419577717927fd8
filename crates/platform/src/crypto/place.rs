use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{CryptoError, SecretKey};
use crate::files::{publish, sync_folder};

/// The source of the keys.
#[derive(Debug)]
pub(super) enum Place {
    /// A file of ours, made when absent.
    Ours(PathBuf),
    /// A file of the operator's, which changes when they change it.
    Theirs(PathBuf),
    /// A text that stays as it is until the process ends.
    Text(SecretString),
}

impl Place {
    /// Its name for people.
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

    /// Replaces the keys in a file of ours, which is whole at every moment.
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

    /// Keeps others from replacing the keys for as long as the file is held.
    pub(super) fn lock(&self) -> Result<File, CryptoError> {
        let Self::Ours(path) = self else {
            return Err(CryptoError::Given);
        };
        let lock = path.with_extension("lock");
        let file = private()
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
    CryptoError::KeyFile {
        path: path.to_owned(),
        source,
    }
}

/// Writes a fresh key, unless another process is first: then its key applies.
fn make(path: &Path) -> Result<(), CryptoError> {
    let key = SecretKey::fresh()?.to_hex();
    let made = draft(path, &format!("{}.tmp", std::process::id()), &key).and_then(|draft| {
        let linked = fs::hard_link(&draft, path);
        fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked.and_then(|()| sync_folder(path)),
        }
    });
    made.map_err(|error| failed(path, error))
}

/// A file that its owner alone reads, beside `path` and on the disk.
fn draft(path: &Path, extension: &str, text: &SecretString) -> io::Result<PathBuf> {
    let draft = path.with_extension(extension);
    let mut file = private().truncate(true).open(&draft)?;
    file.write_all(text.expose_secret().as_bytes())?;
    file.sync_all()?;
    Ok(draft)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Gives the draft the owner of the file: a command may run as another user than the server.
fn keep_owner(path: &Path, draft: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let (old, new) = (fs::metadata(path)?, fs::metadata(draft)?);
        if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
            chown(draft, Some(old.uid()), Some(old.gid()))?;
        }
    }
    Ok(())
}
