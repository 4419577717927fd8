use std::{
    fs::{self, File},
    io::{self, Seek as _, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Database files that this process has opened itself, never to be closed: closing one would release the locks that
/// SQLite's connections of this process have on the file, and another process could remove the log.
static OPENED: Mutex<Vec<(PathBuf, &'static Mutex<File>)>> = Mutex::new(Vec::new());

/// The database file, to copy while others write. Pages that change meanwhile are in the log, so that a copy of the
/// file is a base together with the log of the generation, from its start to its end after the file was copied. The log
/// must not be turned over meanwhile.
#[derive(Clone, Copy)]
pub struct DatabaseFile(&'static Mutex<File>);

impl DatabaseFile {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path)?;
        let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, file)) = opened.iter().find(|(known, _)| *known == path) {
            return Ok(Self(file));
        }
        let file: &'static Mutex<File> = Box::leak(Box::new(Mutex::new(File::open(&path)?)));
        opened.push((path, file));
        Ok(Self(file))
    }

    /// Writes the content of the file to `to`. Returns its bytes.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn copy_to(self, to: &mut impl Write) -> io::Result<u64> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.rewind()?;
        io::copy(&mut *file, to)
    }
}
