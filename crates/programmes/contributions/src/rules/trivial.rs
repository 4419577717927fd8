//! Decides if the patch of a small pull request changes only white space, or one word of prose.

use github::model::PatchedFile;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::paths::{Sort, sort_of};

/// The change in the patch of a small pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PatchContent {
    /// Only white space.
    WhiteSpace,
    /// One word of documentation or of a comment.
    OneWord,
    /// Anything else.
    Substantial,
}

/// Returns what a patch changes, from all files of a pull request; `None` if GitHub leaves out a part that has changed
/// lines. Generated files do not count. To rename a file, to change its mode, or to change a binary file is more than
/// that.
#[must_use]
pub fn patch_content(files: &[PatchedFile]) -> Option<PatchContent> {
    let counted = files.iter().filter(|file| sort_of(&file.path) != Sort::Generated);
    let (mut words, mut is_any) = (0, false);
    for file in counted {
        is_any = true;
        match of_file(file)? {
            PatchContent::Substantial => return Some(PatchContent::Substantial),
            PatchContent::OneWord => words += 1,
            PatchContent::WhiteSpace => {}
        }
    }
    Some(match words {
        0 if is_any => PatchContent::WhiteSpace,
        1 => PatchContent::OneWord,
        _ => PatchContent::Substantial,
    })
}

fn of_file(file: &PatchedFile) -> Option<PatchContent> {
    let is_edit = matches!(file.status.as_str(), "modified" | "added" | "removed");
    if !is_edit || file.additions + file.deletions == 0 {
        return Some(PatchContent::Substantial);
    }
    let hunks = Hunks::read(file.patch.as_deref()?);
    let has_all = hunks.count(LineKind::Added) == file.additions
        && hunks.count(LineKind::Removed) == file.deletions;
    has_all.then(|| hunks.content(&file.path))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineKind {
    Context,
    Added,
    Removed,
}

/// The lines of a unified diff, without its headers.
struct Hunks<'a>(Vec<(LineKind, &'a str)>);

impl<'a> Hunks<'a> {
    /// Reads the hunks that GitHub states. Lines that are no part of a diff are left out.
    fn read(patch: &'a str) -> Self {
        let line = |line: &'a str| {
            let kind = match line.as_bytes().first()? {
                b'+' => LineKind::Added,
                b'-' => LineKind::Removed,
                b' ' => LineKind::Context,
                // The header of a hunk, or the note that a file does not end with a line break.
                _ => return None,
            };
            Some((kind, &line[1..]))
        };
        Self(patch.split('\n').filter_map(line).collect())
    }

    fn count(&self, kind: LineKind) -> i64 {
        let count = self.0.iter().filter(|(own, _)| *own == kind).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// Returns the lines before or after the change. Context is included, so that a line that moved is a difference.
    fn without(&self, kind: LineKind) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| *own != kind).map(|(_, text)| *text)
    }

    fn changed(&self) -> impl Iterator<Item = &'a str> {
        let changed = self.0.iter().filter(|(kind, _)| *kind != LineKind::Context);
        changed.map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }

    fn content(&self, path: &str) -> PatchContent {
        if self.is_white_space(path) {
            return PatchContent::WhiteSpace;
        }
        let words = |kind| self.without(kind).flat_map(str::split_whitespace).collect::<Vec<_>>();
        let (before, after) = (words(LineKind::Added), words(LineKind::Removed));
        if differs_in_one(&before, &after) && self.is_prose(path) {
            PatchContent::OneWord
        } else {
            PatchContent::Substantial
        }
    }

    /// Returns whether only white space differs. Where indentation has a meaning, it counts as text.
    fn is_white_space(&self, path: &str) -> bool {
        let text = |kind| -> String {
            let lines = self.without(kind).filter(|line| !line.trim().is_empty());
            if INDENTED.contains(&&*ending(path)) {
                lines.map(|line| format!("{}\n", line.trim_end())).collect()
            } else {
                lines.flat_map(str::chars).filter(|c| !is_space(*c)).collect()
            }
        };
        text(LineKind::Added) == text(LineKind::Removed)
    }

    /// Returns whether all that changes is documentation or in comments.
    fn is_prose(&self, path: &str) -> bool {
        let ending = ending(path);
        if sort_of(path) == Sort::Docs || ending == "txt" {
            return true;
        }
        let is_hash = HASH_COMMENTS.contains(&&*ending);
        let is_comment = |line: &str| {
            let first = line.split_whitespace().next();
            first.is_some_and(|first| begins_comment(first, is_hash))
        };
        self.changed().all(is_comment) || self.is_end_of_line(is_hash)
    }

    /// Returns whether one line changes, after the beginning of a comment.
    fn is_end_of_line(&self, is_hash: bool) -> bool {
        let line = |kind| {
            let mut lines = self.0.iter().filter(|(own, _)| *own == kind);
            let (_, only) = lines.next().filter(|_| lines.next().is_none())?;
            Some(only.split_whitespace().collect::<Vec<_>>())
        };
        let (Some(before), Some(after)) = (line(LineKind::Removed), line(LineKind::Added)) else {
            return false;
        };
        let same = common(before.iter(), after.iter());
        let begins = |word: &&str| {
            if is_hash { is_hash_comment(word) } else { word.starts_with("//") || *word == "/*" }
        };
        before[..same].iter().any(begins)
    }
}

/// Returns whether texts differ in one word: it was replaced, added or removed.
fn differs_in_one(before: &[&str], after: &[&str]) -> bool {
    let first = common(before.iter(), after.iter());
    let (before, after) = (&before[first..], &after[first..]);
    let last = common(before.iter().rev(), after.iter().rev());
    let (removed, added) = (before.len() - last, after.len() - last);
    removed.max(added) == 1
}

/// Returns the number of words that begin both texts.
fn common<'a>(
    one: impl Iterator<Item = &'a &'a str>,
    other: impl Iterator<Item = &'a &'a str>,
) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

/// Returns whether a line that begins with a word is a comment.
fn begins_comment(first: &str, is_hash: bool) -> bool {
    let begins = first.starts_with("//") || first.starts_with("/*") || first.starts_with("<!--");
    begins || (is_hash && is_hash_comment(first)) || ["*", "--", ";", ";;"].contains(&first)
}

fn is_hash_comment(word: &str) -> bool {
    word.starts_with('#') && !word.starts_with("#!")
}

/// The endings of files whose comments begin with `#`, and the names of those without an ending.
const HASH_COMMENTS: [&str; 18] = [
    "py",
    "pyi",
    "rb",
    "sh",
    "bash",
    "zsh",
    "yml",
    "yaml",
    "toml",
    "pl",
    "r",
    "ex",
    "exs",
    "tf",
    "nix",
    "jl",
    "makefile",
    "dockerfile",
];

/// The endings of files in which indentation has a meaning, and the names of those without an ending.
const INDENTED: [&str; 18] = [
    "py", "pyi", "pyx", "yml", "yaml", "mk", "makefile", "haml", "slim", "pug", "coffee", "sass",
    "styl", "nim", "hs", "elm", "fs", "gd",
];

/// Returns the ending of a path in lower case, or the name of a file without one.
fn ending(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit('.').next().unwrap_or(name).to_lowercase()
}

/// Returns whether a character shows nothing.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}
