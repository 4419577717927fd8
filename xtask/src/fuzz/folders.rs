//! The inputs of a target: those in the repository, which every test run repeats, and those of this run.

use std::{
    ffi::OsString,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use xtask::workspace::Workspace;

use super::targets::Target;

/// The name of the link to the target's program.
pub(super) const PROGRAM: &str = "program";

/// The folders of a target. libFuzzer's arguments are separated by spaces, which a path can contain, so everything is in
/// its working folder: the program, and the folders `kept` (copies of the repository's inputs), `grown` (new inputs) and
/// `failed`.
pub(super) struct Folders {
    /// The folder that libFuzzer runs in.
    pub(super) work: PathBuf,
    /// The target's folder in the repository.
    home: PathBuf,
}

impl Folders {
    /// Creates the working folder and fills it with the inputs of the repository.
    pub(super) fn prepare(workspace: &Workspace, target: &Target, program: &Path) -> Result<Self> {
        let name = target.name().replace("::", "-");
        let folders = Self {
            work: workspace.target.join("fuzz/runs").join(name),
            home: workspace.root.join(target.folder()),
        };
        if folders.work.exists() {
            fs::remove_dir_all(&folders.work)?;
        }
        for folder in ["kept", "grown", "failed"] {
            let folder = folders.work.join(folder);
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        symlink(program, folders.work.join(PROGRAM))?;
        copy_new(&folders.corpus(), &folders.work.join("kept"))?;
        Ok(folders)
    }

    fn corpus(&self) -> PathBuf {
        self.home.join("corpus")
    }

    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.work.join(name)
    }

    /// Copies the inputs that failed to the repository; returns their folder.
    pub(super) fn keep_failures(&self) -> Result<String> {
        let crashes = self.home.join("crashes");
        copy_new(&self.work.join("failed"), &crashes)?;
        Ok(crashes.display().to_string())
    }

    /// Copies the inputs that reach new code to the repository; returns their number and that of all.
    pub(super) fn keep_new(&self) -> Result<(usize, usize)> {
        let new = copy_new(&self.work.join("kept"), &self.corpus())?;
        Ok((new, names(&self.corpus())?.len()))
    }
}

/// Copies the files that another folder lacks, which is created if there are any; returns their number.
fn copy_new(from: &Path, to: &Path) -> Result<usize> {
    let known = names(to)?;
    let mut new = names(from)?;
    new.retain(|name| !known.contains(name));
    if !new.is_empty() {
        fs::create_dir_all(to)?;
    }
    for name in &new {
        fs::copy(from.join(name), to.join(name))?;
    }
    Ok(new.len())
}

/// Returns the names of a folder's files; none if it does not exist.
fn names(folder: &Path) -> Result<Vec<OsString>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    fs::read_dir(folder)?.map(|file| Ok(file?.file_name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_files_are_copied() {
        let folder = std::env::temp_dir().join(format!("fuzz-folders-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        assert_eq!(copy_new(&from, &to).expect("nothing to copy"), 0);
        assert!(!to.exists(), "an empty folder is not created");
        fs::create_dir_all(&from).expect("a folder");
        fs::write(from.join("a"), "1").expect("written");
        assert_eq!(copy_new(&from, &to).expect("copied"), 1);
        fs::write(from.join("a"), "2").expect("written");
        fs::write(from.join("b"), "2").expect("written");
        assert_eq!(copy_new(&from, &to).expect("copied"), 1);
        assert_eq!(fs::read_to_string(to.join("a")).expect("read"), "1");
        assert_eq!(names(&to).expect("read").len(), 2);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
