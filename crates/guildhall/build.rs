//! States the version of the program, with the commit that it is built from: of `GUILDHALL_COMMIT`, or of Git.
#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The number of digits of a commit.
const SHORT: usize = 7;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=GUILDHALL_COMMIT");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let given = env::var("GUILDHALL_COMMIT").ok().filter(|commit| !commit.is_empty());
    let commit = given.or_else(|| {
        let head = Head::of(&root)?;
        for file in &head.files {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        head.commit
    });
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let is_hexadecimal = |commit: &String| commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    let version = match commit.filter(is_hexadecimal) {
        Some(commit) => format!("{version}+{}", &commit[..commit.len().min(SHORT)]),
        None => version,
    };
    println!("cargo::rustc-env=GUILDHALL_VERSION={version}");
}

/// The commit that is checked out, and the files that change with it.
struct Head {
    commit: Option<String>,
    files: Vec<PathBuf>,
}

impl Head {
    /// Reads the head of a repository or a worktree. `None` outside of one.
    fn of(root: &Path) -> Option<Self> {
        let (own, common) = folders(&root.join(".git"))?;
        let head = own.join("HEAD");
        let text = fs::read_to_string(&head).ok()?;
        let Some(name) = text.trim().strip_prefix("ref: ") else {
            return Some(Self { commit: Some(text.trim().to_owned()), files: vec![head] });
        };
        let branch = common.join(name);
        if let Ok(commit) = fs::read_to_string(&branch) {
            return Some(Self {
                commit: Some(commit.trim().to_owned()),
                files: vec![head, branch],
            });
        }
        // The next commit creates the file of the branch in this folder.
        let packed = common.join("packed-refs");
        let refs = fs::read_to_string(&packed).unwrap_or_default();
        let commit = refs.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix(' '));
        let folder = branch.ancestors().skip(1).find(|folder| folder.is_dir());
        let files = [Some(head), Some(packed), folder.map(Path::to_owned)];
        let files = files.into_iter().flatten().filter(|file| file.exists()).collect();
        Some(Self { commit: commit.map(str::to_owned), files })
    }
}

/// Returns the folder of the head and that of the branches, which are others in a worktree.
fn folders(git: &Path) -> Option<(PathBuf, PathBuf)> {
    if git.is_dir() {
        return Some((git.to_owned(), git.to_owned()));
    }
    let text = fs::read_to_string(git).ok()?;
    let own = git.parent()?.join(text.trim().strip_prefix("gitdir: ")?);
    let common = fs::read_to_string(own.join("commondir")).ok()?;
    let common = own.join(common.trim());
    Some((own, common))
}
