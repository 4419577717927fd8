//! Code in GitHub's API: repositories, commits, trees, pushes and archives. What git's users wrote is cut and cleaned; what
//! GitHub wrote must match its documentation.

pub mod archive;
mod commits;
#[cfg(test)]
mod fuzz;
mod pushes;
mod repository;
mod trees;

pub use commits::{LONGEST_NAME, MOST_PARENTS, co_authors, commits, head};
pub use pushes::pushes;
pub(crate) use repository::repository;
pub use trees::{MOST_FILES, tree};

use serde::{Deserialize, Deserializer, de::Error};

/// The longest name of a branch, in bytes.
const LONGEST_BRANCH: usize = 244;

/// Returns true if a text is the full name of a commit or a file's contents in git: a SHA-1 or SHA-256 in hexadecimal.
#[must_use]
pub fn is_sha(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    matches!(text.len(), 40 | 64) && text.bytes().all(is_hex)
}

/// Returns true if git allows a text as the name of a branch (git-scm.com/docs/git-check-ref-format).
#[must_use]
pub fn is_branch(text: &str) -> bool {
    const FORBIDDEN: &str = " ~^:?*[\\";
    let is_part = |part: &str| {
        let has_lock = part.get(part.len().saturating_sub(5)..) == Some(".lock");
        !part.is_empty() && !part.starts_with('.') && !has_lock
    };
    let is_plain = |c: char| !c.is_control() && !FORBIDDEN.contains(c);
    (1..=LONGEST_BRANCH).contains(&text.len())
        && text.chars().all(is_plain)
        && text.split('/').all(is_part)
        && !text.contains("..")
        && !text.contains("@{")
        && !text.ends_with('.')
        && !text.starts_with('-')
        && text != "@"
}

/// Returns the name of a branch as a part of a URL's path or query.
#[must_use]
pub fn in_url(text: &str) -> String {
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' => {
                url.push(char::from(byte));
            }
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    url
}

/// Returns the beginning of a line that a person wrote, at most `longest` characters, without control characters.
#[must_use]
pub fn line(text: &str, longest: usize) -> String {
    let shown = text.chars().filter(|c| !c.is_control());
    shown.take(longest).collect()
}

/// Reads the SHA of a commit or file.
///
/// # Errors
/// When it is none.
pub fn sha<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if is_sha(&text) {
        Ok(text)
    } else {
        Err(D::Error::custom("is not the SHA of a commit or file"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sha_is_lower_case_hexadecimal() {
        assert!(is_sha(&"0a".repeat(20)));
        assert!(is_sha(&"f".repeat(64)));
        for text in ["", "0a", &"0A".repeat(20), &"g".repeat(40)] {
            assert!(!is_sha(text), "{text}");
        }
    }

    #[test]
    fn a_branch_has_the_form_that_git_allows() {
        for branch in ["main", "feature/lantern", "v1.2", "wren's-fix", "übung", "a@b"] {
            assert!(is_branch(branch), "{branch}");
        }
        for text in [
            "", "@", "-f", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "a@{1}",
            "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.", "a\n",
        ] {
            assert!(!is_branch(text), "{text}");
        }
        assert!(!is_branch(&"a".repeat(245)));
    }

    #[test]
    fn a_branch_in_a_url_names_nothing_else() {
        assert_eq!(in_url("feature/a+b"), "feature/a%2Bb");
        assert_eq!(in_url("50%&x=#ü"), "50%25%26x%3D%23%C3%BC");
    }
}
