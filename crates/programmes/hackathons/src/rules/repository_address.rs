//! Addresses of repositories, as people enter them. A repository on GitHub is stored as `owner/name`, and any other with its host
//! before it, such as `codeberg.org/owner/name`.

use std::sync::Arc;

use github::rules::names::is_full_name;
use kernel::{Problem, typed};
use percent_encoding::percent_decode_str;
use platform::config::{CodeApi, CodeSite};

use super::invalid;
use crate::model::{BRANCH, LINK};

/// The hosts of GitHub.
const GITHUB: [&str; 2] = ["github.com", "www.github.com"];

/// The most parts of a repository's path: GitLab nests groups up to 20 deep.
const MOST_PARTS: usize = 21;

/// The longest part of a repository's path, in bytes.
const LONGEST_PART: usize = 100;

/// The code hosts besides GitHub that this server reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeSites(Arc<[CodeSite]>);

impl From<&[CodeSite]> for CodeSites {
    fn from(sites: &[CodeSite]) -> Self {
        Self(sites.into())
    }
}

impl CodeSites {
    /// Finds a code host by its name, with or without its port.
    fn find(&self, host: &str) -> Option<&CodeSite> {
        let without_port = |site: &&CodeSite| site.host().split(':').next() == Some(host);
        let mut sites = self.0.iter();
        sites.find(|site| site.host() == host).or_else(|| self.0.iter().find(without_port))
    }

    /// Returns the names of the code hosts with GitHub, such as "GitHub, gitlab.com or codeberg.org".
    #[must_use]
    pub fn names(&self) -> String {
        let mut names: Vec<&str> = self.0.iter().map(CodeSite::host).collect();
        names.insert(0, "GitHub");
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, first)) => format!("{} or {last}", first.join(", ")),
            None => String::new(),
        }
    }

    /// Returns the address of a commit's page in a stored repository.
    #[must_use]
    pub fn commit_page(&self, repository: &str, sha: &str) -> String {
        let (host, _) = split_stored(repository);
        let between = match host.and_then(|host| self.find(host)).map(|site| site.api) {
            None | Some(CodeApi::Gitea) => "commit",
            Some(CodeApi::Gitlab) => "-/commit",
            Some(CodeApi::Bitbucket) => "commits",
        };
        format!("{}/{between}/{sha}", page(repository))
    }
}

/// Splits a stored repository into its host and its path. GitHub's have no host.
#[must_use]
pub fn split_stored(repository: &str) -> (Option<&str>, &str) {
    match repository.split_once('/') {
        Some((host, path)) if path.contains('/') => (Some(host), path),
        _ => (None, repository),
    }
}

/// Returns the address of a stored repository's page.
#[must_use]
pub fn page(repository: &str) -> String {
    match split_stored(repository) {
        (None, path) => format!("https://github.com/{path}"),
        (Some(host), path) => format!("https://{host}/{path}"),
    }
}

/// A repository at a code host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryAddress {
    pub stored: String,
    /// The branch, if the address names one.
    pub branch: Option<String>,
}

impl RepositoryAddress {
    /// Reads a repository from `owner/name`, the address of its page or of one of its branches, or what `git clone` takes. Without a
    /// host, it is on GitHub; any other host must be among `sites`.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn read(text: &str, sites: &CodeSites) -> Result<Self, Problem> {
        let text = typed::line(typed::pasted(text), "The repository", LINK);
        let text = text.map_err(|detail| invalid("repository", detail))?;
        let (host, path) = split(&text, sites).ok_or_else(|| unreadable(sites))?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = path.trim_matches('/');
        let Some(host) = host.filter(|host| !GITHUB.contains(&host.as_str())) else {
            return at_github(path, sites);
        };
        let site = sites.find(&host).ok_or_else(|| not_read(&host, sites))?;
        let (path, of_address) = match site.api {
            CodeApi::Gitea => of_two(path, &["src/branch"]),
            CodeApi::Gitlab => of_groups(path),
            CodeApi::Bitbucket => of_two(path, &["branch", "src"]),
        }
        .ok_or_else(|| unreadable(sites))?;
        Ok(Self {
            stored: format!("{}/{path}", site.host()),
            branch: of_address.map(branch_of_address).transpose()?.flatten(),
        })
    }
}

/// Splits what people enter into a host in lower case, if it names one, and a path.
fn split<'a>(text: &'a str, sites: &CodeSites) -> Option<(Option<String>, &'a str)> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let (authority, path) = rest.split_once('/')?;
        // Bitbucket's addresses for `git clone` name the person.
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = host.to_ascii_lowercase();
        return match &*scheme.to_ascii_lowercase() {
            "https" | "http" => Some((Some(host), path)),
            "ssh" => Some((host.split(':').next().map(str::to_owned), path)),
            _ => None,
        };
    }
    if let Some((user, rest)) = text.split_once('@')
        && !user.contains('/')
    {
        let (host, path) = rest.split_once(':')?;
        return Some((Some(host.to_ascii_lowercase()), path));
    }
    let (first, rest) = text.split_once('/')?;
    let first = first.to_ascii_lowercase();
    // Owners on GitHub have no dots.
    let is_host =
        first.contains(['.', ':']) || (rest.contains('/') && sites.find(&first).is_some());
    if is_host { Some((Some(first), rest)) } else { Some((None, text)) }
}

fn at_github(path: &str, sites: &CodeSites) -> Result<RepositoryAddress, Problem> {
    let (stored, of_address) = of_two(path, &["tree"]).ok_or_else(|| unreadable(sites))?;
    if is_full_name(&stored) {
        let branch = of_address.map(branch_of_address).transpose()?.flatten();
        Ok(RepositoryAddress { stored, branch })
    } else {
        Err(unreadable(sites))
    }
}

/// Reads `owner/name`, and the branch after one of the folders that the pages of branches are in.
fn of_two<'a>(path: &'a str, folders: &[&str]) -> Option<(String, Option<&'a str>)> {
    let (owner, rest) = path.split_once('/')?;
    let (name, rest) = match rest.split_once('/') {
        Some((name, rest)) => (name, Some(rest)),
        None => (rest, None),
    };
    let name = name.strip_suffix(".git").unwrap_or(name);
    let path = (is_part(owner) && is_part(name)).then(|| format!("{owner}/{name}"))?;
    let after = |rest: &'a str| {
        let mut found = folders.iter().filter_map(|folder| {
            let branch = rest.strip_prefix(folder)?.strip_prefix('/')?;
            (!branch.is_empty()).then_some(branch)
        });
        found.next()
    };
    match rest {
        None => Some((path, None)),
        Some(rest) => Some((path, Some(after(rest)?))),
    }
}

/// Reads a path of GitLab, in which groups may be nested, and the branch in `/-/tree/BRANCH`.
fn of_groups(path: &str) -> Option<(String, Option<&str>)> {
    let (path, branch) = match path.split_once("/-/") {
        Some((path, rest)) => (path, Some(rest.strip_prefix("tree/")?)),
        None => (path, None),
    };
    let path = path.strip_suffix(".git").unwrap_or(path);
    let parts = path.split('/').count();
    let is_path = (2..=MOST_PARTS).contains(&parts) && path.split('/').all(is_part);
    is_path.then(|| (path.to_owned(), branch))
}

/// Returns true if a text can be a part of a repository's path. It goes into addresses as it is.
fn is_part(text: &str) -> bool {
    (1..=LONGEST_PART).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        && !text.starts_with('-')
        && !text.bytes().all(|byte| byte == b'.')
}

fn unreadable(sites: &CodeSites) -> Problem {
    let detail =
        format!("Enter a repository at {}, such as https://github.com/owner/name.", sites.names());
    invalid("repository", detail)
}

fn not_read(host: &str, sites: &CodeSites) -> Problem {
    let detail = format!(
        "This server does not read repositories at {host}. Enter one on {}.",
        sites.names()
    );
    invalid("repository", detail)
}

/// Reads the branch of an address, in which browsers encode all but ASCII and some of its characters.
fn branch_of_address(encoded: &str) -> Result<Option<String>, Problem> {
    branch(&percent_decode_str(encoded).decode_utf8_lossy())
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
    if is_name {
        Ok(Some(line))
    } else {
        let detail = format!("'{line}' is no name of a branch. Copy it from the repository.");
        Err(invalid("branch", detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites() -> CodeSites {
        let site = |api, address: &str| CodeSite { api, address: address.to_owned() };
        CodeSites::from(
            &[
                site(CodeApi::Gitlab, "https://gitlab.com"),
                site(CodeApi::Gitea, "https://codeberg.org"),
                site(CodeApi::Gitea, "http://127.0.0.1:8092"),
                site(CodeApi::Bitbucket, "https://bitbucket.org"),
            ][..],
        )
    }

    #[test]
    fn a_repository_is_read_from_what_people_paste() {
        let gannet = "gannet-crew/berthlist";
        let codeberg = "codeberg.org/gannet-crew/berthlist";
        let gitlab = "gitlab.com/gannets/crew/berthlist";
        let bitbucket = "bitbucket.org/gannets/berth.list";
        for (typed, stored, of_address) in [
            ("gannet-crew/berthlist", gannet, None),
            (" https://github.com/gannet-crew/berthlist ", gannet, None),
            ("https://GitHub.com/gannet-crew/berthlist/", gannet, None),
            ("https://www.github.com/gannet-crew/berthlist", gannet, None),
            ("https://github.com/gannet-crew/berthlist.git", gannet, None),
            ("git@github.com:gannet-crew/berthlist.git", gannet, None),
            ("ssh://git@github.com/gannet-crew/berthlist.git", gannet, None),
            ("github.com/gannet-crew/berthlist?tab=readme", gannet, None),
            ("https://github.com/a/b/tree/feature/x", "a/b", Some("feature/x")),
            ("https://codeberg.org/gannet-crew/berthlist", codeberg, None),
            ("codeberg.org/gannet-crew/berthlist", codeberg, None),
            ("git@codeberg.org:gannet-crew/berthlist.git", codeberg, None),
            (
                "https://codeberg.org/gannet-crew/berthlist/src/branch/feature/x",
                codeberg,
                Some("feature/x"),
            ),
            ("http://127.0.0.1:8092/a/b", "127.0.0.1:8092/a/b", None),
            ("HTTPS://github.com/gannet-crew/berthlist", gannet, None),
            ("Http://Codeberg.org/gannet-crew/berthlist\u{200b}", codeberg, None),
            ("\u{feff}gannet-crew/berthlist\u{2060}", gannet, None),
            ("SSH://git@github.com/gannet-crew/berthlist.git", gannet, None),
            ("https://github.com/a/b/tree/f%C3%BCr%23x%2525\u{200b}", "a/b", Some("für#x%25")),
            ("https://github.com/a/b/tree/100%", "a/b", Some("100%")),
            (
                "https://codeberg.org/gannet-crew/berthlist/src/branch/feature%2Fx",
                codeberg,
                Some("feature/x"),
            ),
            (
                "https://gitlab.com/gannets/crew/berthlist/-/tree/f%C3%BCr?ref_type=heads",
                gitlab,
                Some("für"),
            ),
            ("https://bitbucket.org/gannets/berth.list/src/f%C3%BCr/", bitbucket, Some("für")),
            ("https://gitlab.com/gannets/crew/berthlist.git", gitlab, None),
            ("gitlab.com/gannets/crew/berthlist", gitlab, None),
            (
                "https://gitlab.com/gannets/crew/berthlist/-/tree/feature/x?ref_type=heads",
                gitlab,
                Some("feature/x"),
            ),
            ("ssh://git@gitlab.com:2222/gannets/crew/berthlist.git", gitlab, None),
            ("https://ada@bitbucket.org/gannets/berth.list.git", bitbucket, None),
            ("https://bitbucket.org/gannets/berth.list/src/main/", bitbucket, Some("main")),
            (
                "https://bitbucket.org/gannets/berth.list/branch/feature/x",
                bitbucket,
                Some("feature/x"),
            ),
        ] {
            let read = RepositoryAddress::read(typed, &sites()).expect(typed);
            assert_eq!(read.stored, stored);
            assert_eq!(read.branch.as_deref(), of_address, "{typed}");
            let again = RepositoryAddress::read(&read.stored, &sites()).expect(stored);
            assert_eq!(again.stored, stored);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for typed in [
            "",
            "berthlist",
            "https://github.com/gannet-crew",
            "https://gitlab.example/a/b",
            "https://169.254.169.254/a/b",
            "https://codeberg.org@10.0.0.1/a/b",
            "https://codeberg.org.evil.example/a/b",
            "ftp://codeberg.org/a/b",
            "https://github.com/a/b/pull/3",
            "https://codeberg.org/a/b/src/commit/abc",
            "https://codeberg.org/a/../b",
            "https://codeberg.org/a/b%2Fc",
            "https://gitlab.com/a",
            "https://gitlab.com/a/b/-/issues",
            "https://gitlab.com/a/../../b",
            "https://bitbucket.org/a/b/pull-requests",
            "a/b/tree",
            "a/..",
            "a/b c",
            "https://github.com/a/b/tree/../x",
            "https://github.com/a/b/tree/%2E%2E/x",
            "https://github.com/a/b/tree/a%20b",
            "https://github.com/a/b/tree/a%0Ab",
            "\u{200b}",
        ] {
            let problem = RepositoryAddress::read(typed, &sites()).expect_err(typed);
            assert!(matches!(problem.field, Some("repository" | "branch")), "{typed}");
        }
        let only_github = RepositoryAddress::read("codeberg.org/a/b", &CodeSites::default());
        assert_eq!(
            only_github.expect_err("refused").detail,
            "This server does not read repositories at codeberg.org. Enter one on GitHub."
        );
    }

    #[test]
    fn pages_are_at_their_host() {
        for (stored, expected) in [
            ("a/b", "https://github.com/a/b/commit/1"),
            ("codeberg.org/a/b", "https://codeberg.org/a/b/commit/1"),
            ("gitlab.com/a/b/c", "https://gitlab.com/a/b/c/-/commit/1"),
            ("bitbucket.org/a/b", "https://bitbucket.org/a/b/commits/1"),
        ] {
            assert_eq!(sites().commit_page(stored, "1"), expected);
        }
    }

    #[test]
    fn branches_follow_the_rules_of_git() {
        assert_eq!(branch(" main "), Ok(Some("main".to_owned())));
        assert_eq!(branch(""), Ok(None));
        for typed in ["a b", "-x", "a..b", "a/", "/a", ".a", "a.lock", "a~1", "@", "x@{1}", "a//b"]
        {
            assert_eq!(branch(typed).expect_err(typed).field, Some("branch"));
        }
    }
}
