use serde::{Deserialize, Serialize};

/// The most files of a pull request whose patch is read: those of one page.
pub const MOST_PATCHED_FILES: i64 = 100;

/// A file that a small pull request changes, with its patch, as GitHub's API states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchedFile {
    /// The path in the repository.
    #[serde(alias = "filename")]
    pub path: String,
    /// `added`, `removed`, `modified`, `renamed`, `copied`, `changed` or `unchanged`.
    pub status: String,
    /// Lines added.
    pub additions: i64,
    /// Lines deleted.
    pub deletions: i64,
    /// The hunks of the unified diff. GitHub states none for a binary or a large file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
}
