//! States the version of the program, with the commit that it is built from and its day: of `GUILDHALL_COMMIT` and
//! `GUILDHALL_COMMIT_DATE`, or of Git.
#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The number of digits of a commit.
const SHORT: usize = 7;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let commit = given("GUILDHALL_COMMIT").or_else(|| {
        let head = Head::of(&root)?;
        for file in &head.files {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        head.commit
    });
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let is_hexadecimal = |commit: &String| commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    let commit = commit.filter(is_hexadecimal);
    let version = match &commit {
        Some(commit) => format!("{version}+{}", &commit[..commit.len().min(SHORT)]),
        None => version,
    };
    let date = given("GUILDHALL_COMMIT_DATE").or_else(|| date(&root, &commit?));
    let release = date.map_or(version.clone(), |date| format!("{version} ({date})"));
    println!("cargo::rustc-env=GUILDHALL_VERSION={version}");
    println!("cargo::rustc-env=GUILDHALL_RELEASE={release}");
}

/// Returns the value of an environment variable, if it has one.
fn given(variable: &str) -> Option<String> {
    println!("cargo::rerun-if-env-changed={variable}");
    env::var(variable).ok().filter(|value| !value.is_empty())
}

/// Asks Git for the day of a commit: `2026-11-20`. `None` without Git, or if it does not know the commit.
fn date(root: &Path, commit: &str) -> Option<String> {
    let mut git = Command::new("git");
    let asked = git.arg("-C").arg(root).args(["show", "--no-patch", "--format=%cs", commit]);
    let answer = asked.output().ok().filter(|answer| answer.status.success())?;
    let date = String::from_utf8(answer.stdout).ok()?.trim().to_owned();
    (date.len() == "2026-11-20".len()).then_some(date)
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
