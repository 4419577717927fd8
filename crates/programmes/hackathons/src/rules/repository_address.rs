//! Addresses of repositories, as people enter them.

use github::rules::names::is_full_name;
use kernel::{Problem, typed};

use super::invalid;
use crate::model::{BRANCH, LINK};

/// A repository at GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryAddress {
    /// `owner/name`.
    pub full_name: String,
    /// The branch, if the address names one.
    pub branch: Option<String>,
}

impl RepositoryAddress {
    /// Reads a repository from `owner/name`, the address of its page or of one of its branches, or what `git clone` takes.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let text = typed::line(text, "The repository", LINK);
        let text = text.map_err(|detail| invalid("repository", detail))?;
        let path = path(&text);
        let parts: Vec<&str> = path.trim_end_matches('/').splitn(4, '/').collect();
        let (owner, name) = match parts[..] {
            [owner, name] | [owner, name, ..] => (owner, name),
            _ => return Err(unreadable()),
        };
        let full_name = format!("{owner}/{}", name.strip_suffix(".git").unwrap_or(name));
        let of_address = match parts[..] {
            [_, _] => None,
            [_, _, "tree", named] => branch(named)?,
            _ => return Err(unreadable()),
        };
        match is_full_name(&full_name) {
            true => Ok(Self {
                full_name,
                branch: of_address,
            }),
            false => Err(unreadable()),
        }
    }
}

/// Returns the path of an address at GitHub, without the query.
fn path(text: &str) -> &str {
    let starts = [
        "https://github.com/",
        "http://github.com/",
        "https://www.github.com/",
        "git@github.com:",
        "ssh://git@github.com/",
        "github.com/",
    ];
    let mut found = starts.iter().filter_map(|start| text.strip_prefix(start));
    let path = found.next().unwrap_or(text);
    path.split(['?', '#']).next().unwrap_or(path)
}

fn unreadable() -> Problem {
    let detail = "Enter a repository at GitHub, such as https://github.com/owner/name.";
    invalid("repository", detail.to_owned())
}

/// Validates the name of a branch by git's rules (git-scm.com/docs/git-check-ref-format); `None` if it is empty.
///
/// # Errors
/// When git has no such name.
pub fn branch(text: &str) -> Result<Option<String>, Problem> {
    let line = typed::optional_line(text, "The branch", BRANCH);
    let line = line.map_err(|detail| invalid("branch", detail))?;
    if line.is_empty() {
        return Ok(None);
    }
    let is_refused = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.ends_with(".lock")
    };
    let is_name = line.split('/').all(is_part)
        && !line.contains(is_refused)
        && !line.contains("..")
        && !line.contains("@{")
        && line != "@"
        && !line.starts_with('-');
    match is_name {
        true => Ok(Some(line)),
        false => {
            let detail = format!("'{line}' is no name of a branch. Copy it from the repository.");
            Err(invalid("branch", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_read_from_what_people_paste() {
        for (typed, full_name, of_address) in [
            ("gannet-crew/berthlist", "gannet-crew/berthlist", None),
            (
                " https://github.com/gannet-crew/berthlist ",
                "gannet-crew/berthlist",
                None,
            ),
            (
                "https://github.com/gannet-crew/berthlist/",
                "gannet-crew/berthlist",
                None,
            ),
            (
                "https://github.com/gannet-crew/berthlist.git",
                "gannet-crew/berthlist",
                None,
            ),
            (
                "git@github.com:gannet-crew/berthlist.git",
                "gannet-crew/berthlist",
                None,
            ),
            (
                "github.com/gannet-crew/berthlist?tab=readme",
                "gannet-crew/berthlist",
                None,
            ),
            (
                "https://github.com/a/b/tree/feature/x",
                "a/b",
                Some("feature/x"),
            ),
        ] {
            let read = RepositoryAddress::read(typed).expect(typed);
            assert_eq!(read.full_name, full_name);
            assert_eq!(read.branch.as_deref(), of_address);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for typed in [
            "",
            "berthlist",
            "https://github.com/gannet-crew",
            "https://gitlab.example/a/b",
            "https://github.com/a/b/pull/3",
            "a/b/tree",
            "a/..",
            "a/b c",
            "https://github.com/a/b/tree/../x",
        ] {
            let problem = RepositoryAddress::read(typed).expect_err(typed);
            assert!(
                matches!(problem.field, Some("repository" | "branch")),
                "{typed}"
            );
        }
    }

    #[test]
    fn branches_follow_the_rules_of_git() {
        assert_eq!(branch(" main "), Ok(Some("main".to_owned())));
        assert_eq!(branch(""), Ok(None));
        for typed in [
            "a b", "-x", "a..b", "a/", "/a", ".a", "a.lock", "a~1", "@", "x@{1}", "a//b",
        ] {
            assert_eq!(branch(typed).expect_err(typed).field, Some("branch"));
        }
    }
}
