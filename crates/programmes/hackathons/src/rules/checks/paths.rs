use std::collections::BTreeMap;

use kernel::Timestamp;

use super::evidence::File;

/// The least size of a file that is compared, in bytes. Smaller ones are alike by chance.
const LEAST: i64 = 64;
/// The maximum number of files of a submission that are compared, the largest first.
const MOST_COMPARED: usize = 2_000;

/// A file's content, by which copies are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    pub sha: String,
    /// Its size in bytes.
    pub size: i64,
    /// When it was first in the repository, by the pushes that were witnessed; `None` as long as it was not looked for.
    pub seen_at: Option<Timestamp>,
}

/// Returns the contents by which a submission is compared with others, largest first, each once.
#[must_use]
pub fn compared_blobs(files: &[File]) -> Vec<Blob> {
    let mut sizes = BTreeMap::new();
    for file in files.iter().filter(|file| is_own_work(file)) {
        sizes.insert(&file.blob_sha, file.size);
    }
    let mut blobs: Vec<Blob> = sizes
        .into_iter()
        .map(|(sha, size)| Blob { sha: sha.clone(), size, seen_at: None })
        .collect();
    blobs.sort_by_key(|blob| -blob.size);
    blobs.truncate(MOST_COMPARED);
    blobs
}

/// Returns the part of a whole in percent; 0 of nothing.
pub(super) fn percent(part: i64, whole: i64) -> i64 {
    match whole {
        0 => 0,
        whole => part.saturating_mul(100) / whole,
    }
}

/// Returns whether a file counts as work of its team: text that is neither generated, nor another project's library, nor a license.
pub(super) fn is_own_work(file: &File) -> bool {
    file.size >= LEAST && !is_foreign(&file.path)
}

/// Folders whose content comes from elsewhere or is generated.
const FOLDERS: [&str; 14] = [
    "node_modules",
    "vendor",
    "third_party",
    "thirdparty",
    "dist",
    "build",
    "target",
    "out",
    ".venv",
    "venv",
    ".git",
    "__pycache__",
    "bower_components",
    "pods",
];

/// Files whose content comes from elsewhere or is generated.
const NAMES: [&str; 16] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lockb",
    "cargo.lock",
    "poetry.lock",
    "uv.lock",
    "pipfile.lock",
    "gemfile.lock",
    "composer.lock",
    "go.sum",
    "gradlew",
    "gradlew.bat",
    ".gitignore",
    ".gitattributes",
];

/// Endings of files that are no text of their own.
const ENDINGS: [&str; 26] = [
    ".min.js", ".min.css", ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".svg",
    ".pdf", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4", ".wav", ".zip", ".gz",
    ".jar", ".lock", ".bin", ".wasm", ".csv",
];

/// Returns whether the content of a path comes from elsewhere, or is generated.
fn is_foreign(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let (folders, name) = match path.rsplit_once('/') {
        Some((folders, name)) => (folders, name),
        None => ("", &*path),
    };
    let is_text_of_law = ["license", "licence", "copying", "notice", "code_of_conduct"]
        .iter()
        .any(|start| name.starts_with(start));
    folders.split('/').any(|folder| FOLDERS.contains(&folder))
        || NAMES.contains(&name)
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
        || is_text_of_law
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, size: i64) -> File {
        File { path: path.to_owned(), blob_sha: format!("{size:040}"), size }
    }

    #[test]
    fn libraries_and_generated_files_are_not_compared() {
        for path in [
            "node_modules/x/index.js",
            "web/dist/app.js",
            "Cargo.lock",
            "LICENSE.md",
            "logo.PNG",
            "a/b.min.js",
        ] {
            assert!(!is_own_work(&file(path, 900)), "{path}");
        }
        for path in ["src/main.rs", "builder/x.py", "README.md", "distance.js"] {
            assert!(is_own_work(&file(path, 900)), "{path}");
        }
        assert!(!is_own_work(&file("src/lib.rs", 63)));
    }

    #[test]
    fn the_largest_are_compared_each_once() {
        let files = [file("a.rs", 100), file("b.rs", 300), file("copy.rs", 300)];
        let sizes: Vec<i64> = compared_blobs(&files).iter().map(|it| it.size).collect();
        assert_eq!(sizes, [300, 100]);
        let many: Vec<File> = (100..3_000).map(|it| file(&format!("{it}.rs"), it)).collect();
        assert_eq!(compared_blobs(&many).len(), MOST_COMPARED);
    }
}
