use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// The most processes that share a data directory.
const MOST: usize = 16;

/// The directory of one process's index. Other processes leave it alone while this value exists.
pub(super) struct Folder {
    /// The directory.
    pub(super) path: PathBuf,
    /// Locked until the process ends.
    _lock: File,
}

impl Folder {
    /// Takes the first directory that no other process uses.
    ///
    /// # Errors
    /// When no directory can be used.
    pub(super) fn take(parent: &Path) -> io::Result<Self> {
        fs::create_dir_all(parent)?;
        for number in 0..MOST {
            let lock = File::create(parent.join(format!("opportunities-{number}.lock")))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let path = parent.join(format!("opportunities-{number}"));
            fs::create_dir_all(&path)?;
            return Ok(Self { path, _lock: lock });
        }
        Err(io::Error::other(format!("{MOST} processes use {} already", parent.display())))
    }

    /// Removes all files of the index.
    ///
    /// # Errors
    /// When the file system refuses.
    pub(super) fn clear(&self) -> io::Result<()> {
        fs::remove_dir_all(&self.path)?;
        fs::create_dir_all(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_process_has_its_own_directory() {
        let parent = std::env::temp_dir().join(format!("guildhall-folders-{}", std::process::id()));
        let first = Folder::take(&parent).expect("the first");
        let second = Folder::take(&parent).expect("the second");
        assert_ne!(first.path, second.path);
        let path = first.path.clone();
        drop(first);
        let third = Folder::take(&parent).expect("the third");
        assert_eq!(third.path, path);
        fs::remove_dir_all(parent).expect("removed");
    }
}
