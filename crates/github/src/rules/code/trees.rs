use serde::Deserialize;

use super::{
    super::payload::{self, Unexpected},
    sha,
};
use crate::model::code::{CodeTree, TreeFile};

/// The files of a tree that are kept. GitHub lists 100,000 files and folders.
pub const MOST_FILES: usize = 100_000;

/// A tree in GitHub's response (docs.github.com/rest/git/trees#get-a-tree).
#[derive(Deserialize)]
struct StatedTree {
    #[serde(default)]
    tree: Vec<Entry>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    /// `blob`, `tree` for a folder, or `commit` for a submodule.
    r#type: String,
    #[serde(deserialize_with = "sha")]
    sha: String,
    size: Option<i64>,
}

/// Reads the files of a tree.
///
/// # Errors
/// When a field has an unexpected type; the error names it.
pub fn tree(body: &[u8]) -> Result<CodeTree, Unexpected> {
    let stated: StatedTree = payload::read(body)?;
    let is_complete = !stated.truncated && stated.tree.len() <= MOST_FILES;
    let files = stated.tree.into_iter().take(MOST_FILES);
    let files = files.filter(|entry| entry.r#type == "blob");
    let file = |entry: Entry| TreeFile {
        path: payload::path(&entry.path),
        blob_sha: entry.sha,
        size: entry.size.unwrap_or_default().max(0),
    };
    Ok(CodeTree { files: files.map(file).collect(), is_complete })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = r#"{"sha":"9fb037999f264ba9a7fc6274d15fa3ae2ab98312","truncated":false,"tree":[
        {"path":"src","mode":"040000","type":"tree","sha":"f484d249c660418515fb01c2b9662073663c242e"},
        {"path":"src/light.rs","mode":"100644","type":"blob","size":30,"sha":"44b4fc6d56897b048c772eb4087f854f46256132"},
        {"path":"vendor","mode":"160000","type":"commit","sha":"45b983be36b73c0788dc9cbcb76cbb80fc7bb057"}]}"#;

    #[test]
    fn a_tree_has_its_files_only() {
        let read = tree(TREE.as_bytes()).expect("read");
        let file = TreeFile {
            path: "src/light.rs".to_owned(),
            blob_sha: "44b4fc6d56897b048c772eb4087f854f46256132".to_owned(),
            size: 30,
        };
        assert_eq!((read.files, read.is_complete), (vec![file], true));
    }

    #[test]
    fn a_cut_tree_is_not_complete() {
        let cut = TREE.replace("\"truncated\":false", "\"truncated\":true");
        assert!(!tree(cut.as_bytes()).expect("read").is_complete);
        let error = tree(TREE.replace("44b4", "zzzz").as_bytes()).expect_err("rejected");
        assert_eq!(error.field, "tree[1].sha");
    }
}
