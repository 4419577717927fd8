//! The files of the repository.

use std::{fs, process::Command};

use anyhow::Result;

use crate::{process::output, workspace::Workspace};

/// One file that git knows or would take.
pub(super) struct Source {
    /// Its path from the root.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

/// Every text file that is tracked, or new and not ignored.
pub(super) fn tracked(workspace: &Workspace) -> Result<Vec<Source>> {
    let arguments = [
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ];
    let list = output(
        Command::new("git")
            .args(arguments)
            .current_dir(&workspace.root),
    )?;
    let read = |path: &str| {
        let text = fs::read_to_string(workspace.root.join(path)).ok()?;
        Some(Source {
            path: path.to_owned(),
            text,
        })
    };
    Ok(list.split_terminator('\0').filter_map(read).collect())
}
