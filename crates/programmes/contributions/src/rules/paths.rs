//! Kinds of files by path. They are known only after the list of files has been fetched.

use super::ChangedFile;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Generated or vendored files and lock files, which do not count.
    Generated,
    Docs,
    Tests,
    /// Images, fonts and similar files, which are neither code nor documentation.
    Asset,
    /// All other files.
    Code,
}

const GENERATED_FOLDERS: [&str; 14] = [
    "node_modules",
    "bower_components",
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "dist",
    "target",
    "pods",
    "generated",
    "__generated__",
    "__snapshots__",
    ".yarn",
];
const LOCK_FILES: [&str; 13] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "pnpm-lock.yml",
    "bun.lockb",
    "go.sum",
    "go.work.sum",
    "package.resolved",
    "cartfile.resolved",
    "packages.lock.json",
    "gradle.lockfile",
    "lock.json",
    ".terraform.lock.hcl",
];
const GENERATED_ENDINGS: [&str; 18] = [
    ".lock",
    ".min.js",
    ".min.css",
    ".js.map",
    ".css.map",
    ".snap",
    ".pb.go",
    ".pb.cc",
    ".pb.h",
    "_pb2.py",
    "_pb2_grpc.py",
    "_generated.go",
    ".g.dart",
    ".freezed.dart",
    ".g.cs",
    ".designer.cs",
    ".bundle.js",
    ".d.ts.map",
];
const DOCS_FOLDERS: [&str; 3] = ["doc", "docs", "documentation"];
const DOCS_ENDINGS: [&str; 6] = ["md", "mdx", "markdown", "rst", "adoc", "asciidoc"];
const DOCS_NAMES: [&str; 6] =
    ["readme", "changelog", "contributing", "authors", "license", "notice"];
const TEST_FOLDERS: [&str; 9] =
    ["test", "tests", "__tests__", "spec", "specs", "testing", "testdata", "e2e", "cypress"];
const ASSET_ENDINGS: [&str; 18] = [
    "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif", "bmp", "woff", "woff2", "ttf",
    "otf", "eot", "mp3", "mp4", "webm", "pdf",
];

/// Returns the kind of the file at `path`.
#[must_use]
pub fn sort_of(path: &str) -> Sort {
    let lower = path.to_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let lies_in = |set: &[&str]| folders.split('/').any(|folder| set.contains(&folder));
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    if lies_in(&GENERATED_FOLDERS) || is_generated(name, stem) {
        Sort::Generated
    } else if DOCS_ENDINGS.contains(&ending) || DOCS_NAMES.contains(&name) {
        Sort::Docs
    } else if lies_in(&TEST_FOLDERS) || is_test(stem, path) {
        Sort::Tests
    } else if ASSET_ENDINGS.contains(&ending) {
        Sort::Asset
    } else if lies_in(&DOCS_FOLDERS) {
        Sort::Docs
    } else {
        Sort::Code
    }
}

fn is_generated(name: &str, stem: &str) -> bool {
    LOCK_FILES.contains(&name)
        || GENERATED_ENDINGS.iter().any(|ending| name.ends_with(ending))
        || stem.ends_with(".generated")
}

/// Returns whether a file is a test. `path` is case-sensitive: `UserTest.java` is a test, `contest.java` is
/// not.
fn is_test(stem: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let cased = name.split('.').next().unwrap_or(name);
    stem.starts_with("test_")
        || stem == "conftest"
        || ["_test", "_tests", "_spec", ".test", ".spec", "-test", "-spec"]
            .iter()
            .any(|ending| stem.ends_with(ending))
        || ["Test", "Tests", "Spec"].iter().any(|ending| cased.ends_with(ending))
}

/// Counts lines outside generated, vendored and lock files.
#[must_use]
pub fn counted_lines(paths: &[ChangedFile]) -> i64 {
    paths
        .iter()
        .filter(|file| sort_of(&file.path) != Sort::Generated)
        .map(|file| file.additions.max(0).saturating_add(file.deletions.max(0)))
        .fold(0, i64::saturating_add)
}

/// Returns whether both code and files of `sort` are changed.
#[must_use]
pub fn touches_with_code(paths: &[ChangedFile], sort: Sort) -> bool {
    let has = |wanted| paths.iter().any(|file| sort_of(&file.path) == wanted);
    has(sort) && has(Sort::Code)
}
