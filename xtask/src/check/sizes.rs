//! Checks sizes: a file of more than 500 lines should be split, and the binary's crate should only join modules.

use anyhow::Result;

use super::{Tree, none_of, sources::Source};

const MOST_LINES: usize = 500;
const KINDS: &[&str] = &[".rs", ".js", ".css", ".html", ".sql"];

/// The crate of the binary, and the maximum number of its lines of Rust.
const BINARY: &str = "guildhall";
const MOST_OF_BINARY: usize = 9_000;

/// Checks every file that is not generated.
pub(super) fn check(tree: &Tree) -> Result<()> {
    let written =
        tree.files.iter().filter(|file| KINDS.iter().any(|kind| file.path.ends_with(kind)));
    let mut complaints: Vec<_> = written.filter_map(complaint).collect();
    let lines = lines_of_binary(tree.files);
    println!("{BINARY}: {lines} lines of Rust, of at most {MOST_OF_BINARY}");
    complaints.extend(complaint_of_binary(lines));
    none_of(&complaints)
}

fn complaint(file: &Source) -> Option<String> {
    let lines = file.text.lines().count();
    let path = &file.path;
    (lines > MOST_LINES).then(|| {
        format!("{path}:{MOST_LINES}: {lines} lines, more than {MOST_LINES}: split the file")
    })
}

fn lines_of_binary(files: &[Source]) -> usize {
    files
        .iter()
        .filter(|file| file.of_program().is_some_and(|(name, _)| name == BINARY))
        .map(|file| file.text.lines().count())
        .sum()
}

fn complaint_of_binary(lines: usize) -> Option<String> {
    (lines > MOST_OF_BINARY).then(|| {
        format!(
            "crates/{BINARY}/src has {lines} lines of Rust, more than {MOST_OF_BINARY}: move pages and \
             endpoints to the modules they belong to"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{Source, complaint, complaint_of_binary, lines_of_binary};

    fn file(path: &str, lines: usize) -> Source {
        crate::check::sources::file(path, &"x\n".repeat(lines))
    }

    #[test]
    fn long_files_are_reported() {
        assert_eq!(complaint(&file("a.rs", 500)), None);
        assert!(complaint(&file("a.rs", 501)).is_some());
    }

    #[test]
    fn lines_of_the_binary_are_counted_in_its_sources_only() {
        let files = [
            file("crates/guildhall/src/lib.rs", 7),
            file("crates/guildhall/src/pages/mod.rs", 5),
            file("crates/guildhall/tests/it/main.rs", 100),
            file("crates/identity/src/lib.rs", 100),
        ];
        assert_eq!(lines_of_binary(&files), 12);
        assert_eq!(complaint_of_binary(9_000), None);
        assert!(complaint_of_binary(9_001).is_some());
    }
}
