//! File writes that leave no half file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

/// Renames a finished draft to `path`, in the same folder. Both its content and its name are on disk when this
/// returns.
pub fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    fs::rename(draft, path)?;
    sync_folder(path)
}

/// Returns options to write a file that, if it is new, only its owner can read.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a new file that only its owner can read. A file that cannot be completed is removed.
pub fn create_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = private().create_new(true).open(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        fs::remove_file(path).ok();
    }
    written
}

/// Syncs the folder of `path`, and with it the file's name, to disk.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_draft_replaces_the_existing_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (draft, path) = (folder.path().join("a.partial"), folder.path().join("a"));
        fs::write(&path, "old").expect("written");
        fs::write(&draft, "new").expect("written");
        publish(&draft, &path).expect("published");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        assert!(!draft.exists());
        assert!(publish(&draft, &path).is_err());
    }

    #[test]
    fn a_private_file_replaces_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        create_private(&path, b"first").expect("created");
        assert!(create_private(&path, b"second").is_err());
        assert_eq!(fs::read_to_string(&path).expect("read"), "first");
    }
}
