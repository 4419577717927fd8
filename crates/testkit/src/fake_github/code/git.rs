//! Git's objects, of which only the SHAs are needed (git-scm.com/book/en/v2/Git-Internals-Git-Objects).

use std::{collections::BTreeMap, sync::Arc};

use kernel::Timestamp;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// Files with their contents, by path.
pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// The SHA of no commit, before a branch was created and after it was deleted.
pub(super) const NONE: &str = "0000000000000000000000000000000000000000";

/// A file or folder of a tree.
pub(super) struct TreeNode {
    pub(super) path: String,
    pub(super) sha: String,
    /// The size of a file; absent for a folder.
    pub(super) size: Option<usize>,
}

/// A person in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) name: String,
    pub(super) email: String,
    /// The account with the email address, by ID.
    pub(super) account: Option<i64>,
    pub(super) at: Timestamp,
}

fn object(kind: &str, contents: &[u8]) -> [u8; 20] {
    let mut bytes = format!("{kind} {}\0", contents.len()).into_bytes();
    bytes.extend_from_slice(contents);
    let sum = digest(&SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    sum.as_ref().try_into().expect("a SHA-1 has 20 bytes")
}

/// Returns the SHA of a tree, and its files and folders by path.
pub(super) fn tree(files: &Files) -> (String, Vec<TreeNode>) {
    let mut nodes = Vec::new();
    let entries: Vec<(&str, &[u8])> =
        files.iter().map(|(path, contents)| (path.as_str(), contents.as_ref())).collect();
    let sha = folder("", &entries, &mut nodes);
    nodes.sort_by(|a, b| a.path.cmp(&b.path));
    (hex::encode(sha), nodes)
}

/// Returns the SHA of the folder `above`, whose files have paths from there on, and adds what is in it.
fn folder(above: &str, files: &[(&str, &[u8])], nodes: &mut Vec<TreeNode>) -> [u8; 20] {
    let mut folders: BTreeMap<&str, Vec<(&str, &[u8])>> = BTreeMap::new();
    // Git compares the names of folders as if they ended with a slash.
    let mut entries: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (path, contents) in files {
        if let Some((name, rest)) = path.split_once('/') {
            folders.entry(name).or_default().push((rest, contents));
            continue;
        }
        let sha = object("blob", contents);
        nodes.push(TreeNode {
            path: format!("{above}{path}"),
            sha: hex::encode(sha),
            size: Some(contents.len()),
        });
        entries.insert((*path).to_owned(), entry("100644", path, sha));
    }
    for (name, files) in folders {
        let sha = folder(&format!("{above}{name}/"), &files, nodes);
        nodes.push(TreeNode { path: format!("{above}{name}"), sha: hex::encode(sha), size: None });
        entries.insert(format!("{name}/"), entry("40000", name, sha));
    }
    let contents: Vec<u8> = entries.into_values().flatten().collect();
    object("tree", &contents)
}

fn entry(mode: &str, name: &str, sha: [u8; 20]) -> Vec<u8> {
    let mut bytes = format!("{mode} {name}\0").into_bytes();
    bytes.extend_from_slice(&sha);
    bytes
}

/// Returns the SHA of a commit.
pub(super) fn commit(
    tree: &str,
    parents: &[String],
    author: &Signature,
    committer: &Signature,
    message: &str,
) -> String {
    let mut text = format!("tree {tree}\n");
    for parent in parents {
        text.push_str(&format!("parent {parent}\n"));
    }
    for (key, own) in [("author", author), ("committer", committer)] {
        let Signature { name, email, at, .. } = own;
        text.push_str(&format!("{key} {name} <{email}> {} +0000\n", at.timestamp()));
    }
    text.push_str(&format!("\n{message}\n"));
    hex::encode(object("commit", text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        let own = all.iter();
        own.map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes()))).collect()
    }

    /// The SHAs are those that `git` computes.
    #[test]
    fn shas_are_those_of_git() {
        let (sha, nodes) = tree(&Files::new());
        assert_eq!(sha, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
        assert!(nodes.is_empty());
        let (_, nodes) = tree(&files(&[("a", ""), ("b", "hello world\n")]));
        let shas: Vec<&str> = nodes.iter().map(|node| node.sha.as_str()).collect();
        assert_eq!(
            shas,
            [
                "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
                "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"
            ]
        );
    }

    #[test]
    fn folders_are_ordered_as_git_orders_them() {
        let (sha, nodes) =
            tree(&files(&[("a/b.txt", "hello world\n"), ("a.txt", ""), ("a0.txt", "")]));
        let paths: Vec<&str> = nodes.iter().map(|node| node.path.as_str()).collect();
        assert_eq!(paths, ["a", "a.txt", "a/b.txt", "a0.txt"]);
        assert_eq!(sha, "74a15b3687f211a86aff327903263fe2c50dec39");
    }

    #[test]
    fn a_commit_names_its_parents_and_people() {
        let at = Timestamp::from_timestamp(1_790_000_000, 0).expect("an instant");
        let wren = Signature {
            name: "Wren Oak".to_owned(),
            email: "wren@example.org".to_owned(),
            account: None,
            at,
        };
        let (tree, _) = tree(&files(&[("a.txt", "")]));
        let first = commit(&tree, &[], &wren, &wren, "First");
        assert_eq!(first, "d7398b7309991c06f214a9d0fe07b89d7bf3bc00");
        let second = commit(&tree, &[first], &wren, &wren, "Second");
        assert_eq!(second, "5d1e226e90cddfd03910661d8a466b3da5f29f5f");
    }
}
