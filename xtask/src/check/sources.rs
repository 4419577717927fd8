//! The files of the repository.

use std::{fs, process::Command};

use anyhow::Result;

use xtask::{process::output, workspace::Workspace};

/// A file that is tracked by git, or new and not ignored.
pub(crate) struct Source {
    /// The path from the root.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Returns the name of the file's crate and the path within the crate. Programmes are one folder deeper.
    pub(crate) fn of_crate(&self) -> Option<(&str, &str)> {
        let path = self.path.strip_prefix("crates/")?;
        path.strip_prefix("programmes/").unwrap_or(path).split_once('/')
    }

    /// Returns the same for Rust below `src/`; the path is relative to `src/`.
    pub(crate) fn of_program(&self) -> Option<(&str, &str)> {
        let (name, path) = self.of_crate()?;
        let path = path.strip_prefix("src/")?;
        path.ends_with(".rs").then_some((name, path))
    }
}

/// Returns every text file that is tracked, or new and not ignored.
pub(crate) fn tracked(workspace: &Workspace) -> Result<Vec<Source>> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let list = output(Command::new("git").args(arguments).current_dir(&workspace.root))?;
    let read = |path: &str| {
        let text = fs::read_to_string(workspace.root.join(path)).ok()?;
        Some(Source { path: path.to_owned(), text })
    };
    Ok(list.split_terminator('\0').filter_map(read).collect())
}

#[cfg(test)]
pub(crate) fn file(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::file;

    #[test]
    fn programmes_are_separate_crates() {
        let file = |path: &str| file(path, "");
        assert_eq!(
            file("crates/github/src/api/mod.rs").of_program(),
            Some(("github", "api/mod.rs"))
        );
        assert_eq!(file("crates/programmes/ctf/src/lib.rs").of_program(), Some(("ctf", "lib.rs")));
        assert_eq!(
            file("crates/programmes/ctf/Cargo.toml").of_crate(),
            Some(("ctf", "Cargo.toml"))
        );
        assert_eq!(file("crates/programmes/ctf/Cargo.toml").of_program(), None);
        assert_eq!(file("xtask/src/main.rs").of_program(), None);
    }
}
