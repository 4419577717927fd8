//! The source of the modules, for tests that compare it with their declarations.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A crate's source without its unit tests.
pub(crate) struct Source {
    /// The crate's name.
    pub(crate) module: String,
    /// Paths and texts of its files.
    pub(crate) files: Vec<(PathBuf, String)>,
}

impl Source {
    /// Returns all files as one text.
    pub(crate) fn text(&self) -> String {
        self.files.iter().map(|(_, text)| text.as_str()).collect()
    }
}

pub(crate) fn of_modules() -> Vec<Source> {
    let crates = root().join("crates");
    let mut folders = folders(&crates);
    folders.extend(self::folders(&crates.join("programmes")));
    let source = |folder: PathBuf| {
        let module = folder.file_name()?.to_str()?.to_owned();
        let mut files = Vec::new();
        collect(&folder.join("src"), &mut files);
        let is_for_tests = ["testkit", "labeled-seasons"].contains(&&*module);
        (!files.is_empty() && !is_for_tests).then_some(Source { module, files })
    };
    folders.into_iter().filter_map(source).collect()
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    folders.sort();
    folders
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for path in folders(folder) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("text");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            files.push((path, code.to_owned()));
        }
    }
}
