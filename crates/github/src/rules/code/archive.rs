//! Archives that GitHub packs (docs.github.com/rest/repos/contents#download-a-repository-archive-tar), read file by file.

use std::{
    cell::Cell,
    io::{self, Read},
};

use flate2::read::GzDecoder;
use tar::{Archive, Entry};

use super::super::payload;
use crate::model::code::{ArchiveLimits, ArchiveRead, ArchiveStop, ArchivedFile};

/// The bytes of a file that are read.
const LARGEST_FILE: u64 = 1 << 20;

/// Reads a compressed archive and visits its files, until one of the limits is reached. The time limit is the caller's.
/// Nothing is written to the disk. Links, folders and other entries are left out.
///
/// # Errors
/// When the bytes are no compressed archive, or end early.
pub fn read_archive(
    packed: impl Read,
    limits: &ArchiveLimits,
    mut visit: impl FnMut(ArchivedFile<'_>),
) -> io::Result<ArchiveRead> {
    let is_over = Cell::new(false);
    let unpacked = Limited { from: GzDecoder::new(packed), left: limits.bytes, is_over: &is_over };
    let mut read = ArchiveRead::default();
    let ended = read_files(Archive::new(unpacked), limits.files, &mut read, &mut visit);
    if is_over.get() {
        read.stopped_by = Some(ArchiveStop::Bytes);
        return Ok(read);
    }
    ended.map(|()| read)
}

fn read_files(
    mut archive: Archive<impl Read>,
    most: usize,
    read: &mut ArchiveRead,
    visit: &mut impl FnMut(ArchivedFile<'_>),
) -> io::Result<()> {
    let mut contents = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        if read.files == most {
            read.stopped_by = Some(ArchiveStop::Files);
            return Ok(());
        }
        let size = entry.size();
        let Some(path) = path(&entry) else {
            continue;
        };
        contents.clear();
        (&mut entry).take(LARGEST_FILE).read_to_end(&mut contents)?;
        visit(ArchivedFile { path: &path, size, contents: &contents });
        read.files += 1;
    }
    Ok(())
}

/// Returns the path of a file in its repository, without the folder that GitHub packs the repository in.
fn path(entry: &Entry<'_, impl Read>) -> Option<String> {
    let bytes = entry.path_bytes();
    let packed = String::from_utf8_lossy(&bytes);
    let (_, path) = packed.split_once('/')?;
    let is_plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    is_plain.then(|| payload::path(path))
}

/// A reader that fails after a number of bytes.
struct Limited<'a, R> {
    from: R,
    left: u64,
    is_over: &'a Cell<bool>,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                self.is_over.set(true);
                return Err(io::Error::other("the archive is too large"));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn packed(tar: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(tar).expect("written");
        encoder.finish().expect("packed")
    }

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (path, contents) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(contents.len() as u64);
            let name = format!("octo-org-lantern-6dcb09b/{path}");
            tar.append_data(&mut header, name, *contents).expect("appended");
        }
        packed(&tar.into_inner().expect("a tar"))
    }

    fn read(packed: &[u8], limits: &ArchiveLimits) -> (ArchiveRead, Vec<(String, u64, usize)>) {
        let mut files = Vec::new();
        let visit = |file: ArchivedFile<'_>| {
            files.push((file.path.to_owned(), file.size, file.contents.len()));
        };
        let read = read_archive(packed, limits, visit).expect("read");
        (read, files)
    }

    #[test]
    fn files_are_visited_with_their_beginning() {
        let large = vec![7; (1 << 20) + 5];
        let deep = format!("{}/deep.rs", "a".repeat(300));
        let packed =
            archive(&[("src/main.rs", b"fn main() {}"), ("large.bin", &large), (&deep, b"x")]);
        let (end, files) = read(&packed, &ArchiveLimits::default());
        assert_eq!(end, ArchiveRead { files: 3, stopped_by: None });
        assert_eq!(
            files,
            [
                ("src/main.rs".to_owned(), 12, 12),
                ("large.bin".to_owned(), (1 << 20) + 5, 1 << 20),
                (deep, 1, 1),
            ]
        );
    }

    #[test]
    fn limits_end_the_reading() {
        let packed = archive(&[("a", b"1"), ("b", b"2"), ("c", &[0; 50_000])]);
        let limits = ArchiveLimits { files: 2, ..ArchiveLimits::default() };
        let (end, files) = read(&packed, &limits);
        assert_eq!((end.stopped_by, files.len()), (Some(ArchiveStop::Files), 2));
        let limits = ArchiveLimits { bytes: 10_000, ..ArchiveLimits::default() };
        let (end, files) = read(&packed, &limits);
        assert_eq!((end.stopped_by, files.len()), (Some(ArchiveStop::Bytes), 2));
    }

    #[test]
    fn a_small_bomb_is_not_unpacked() {
        let bomb = archive(&[("zeros", &vec![0; 8 << 20])]);
        assert!(bomb.len() < 64 << 10);
        let limits = ArchiveLimits { bytes: 2 << 20, ..ArchiveLimits::default() };
        let (end, files) = read(&bomb, &limits);
        assert_eq!((end.stopped_by, files.len()), (Some(ArchiveStop::Bytes), 1));
    }

    #[test]
    fn what_is_no_archive_is_rejected() {
        let whole = archive(&[("src/main.rs", b"fn main() {}")]);
        for bytes in [&b"<html>"[..], &whole[..whole.len() / 2], &packed(&[b'x'; 2_000])] {
            let read = read_archive(bytes, &ArchiveLimits::default(), |_| {});
            assert!(read.is_err(), "{} bytes", bytes.len());
        }
    }

    #[test]
    fn links_and_folders_are_left_out() {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        tar.append_link(&mut header, "top/link", "/etc/passwd").expect("appended");
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_size(0);
        tar.append_data(&mut header, "top/src/", io::empty()).expect("appended");
        let packed = packed(&tar.into_inner().expect("a tar"));
        let (end, files) = read(&packed, &ArchiveLimits::default());
        assert_eq!((end, files), (ArchiveRead::default(), vec![]));
    }
}
