//! A file past 500 lines is two things.

use anyhow::Result;

use super::{none_of, sources::Source};

const MOST_LINES: usize = 500;
const KINDS: &[&str] = &[".rs", ".js", ".css", ".html", ".sql"];

/// Looks at every file that people write.
pub(super) fn check(files: &[Source]) -> Result<()> {
    let written = files
        .iter()
        .filter(|file| KINDS.iter().any(|kind| file.path.ends_with(kind)));
    let complaints: Vec<_> = written.filter_map(complaint).collect();
    none_of(&complaints)
}

fn complaint(file: &Source) -> Option<String> {
    let lines = file.text.lines().count();
    let path = &file.path;
    (lines > MOST_LINES)
        .then(|| format!("{path} has {lines} lines: past {MOST_LINES} it is two things, split it"))
}
