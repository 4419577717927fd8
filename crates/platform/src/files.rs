//! Atomic file writes that survive a crash.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Renames a finished draft to `path`, in the same folder. Both its content and its name are on disk when this
/// returns.
pub fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    fs::rename(draft, path)?;
    sync_folder(path)
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
}
