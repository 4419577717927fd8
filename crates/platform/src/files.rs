//! Files that are there whole or not at all, whenever the machine stops.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Gives a finished draft its name: its bytes, then its name, are on the disk before this returns. Both
/// are in the same folder.
pub fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    fs::rename(draft, path)?;
    sync_folder(path)
}

/// Writes the folder's list of names to the disk, among them that of `path`.
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
    fn a_published_draft_replaces_what_had_its_name() {
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
