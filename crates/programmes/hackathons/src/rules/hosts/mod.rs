//! The code hosts besides GitHub: the paths of their APIs, and what their answers state. What people wrote in git is cut and cleaned;
//! instants after the present are moved to it.

mod bitbucket;
#[cfg(test)]
mod fuzz;
mod gitea;
mod gitlab;

use chrono::DateTime;
use github::{
    model::code::{CodeCommit, CommitPerson},
    rules::{
        code::{LONGEST_NAME, co_authors, is_branch, line, sha},
        payload::{self, Unexpected},
    },
};
use kernel::Timestamp;
use platform::config::CodeApi;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde::Deserialize;

use super::checks::{Author, Commit, File, Push};

/// The longest query of a page's successor, in bytes.
const LONGEST_QUERY: usize = 1_000;

/// The API of a kind of code host. Paths are below [`Dialect::api`]; repositories are named by their path, such as `owner/name`.
pub trait Dialect: Send + Sync {
    /// Returns the address of the API of the host at `address`, such as `https://codeberg.org`.
    fn api(&self, address: &str) -> String;

    /// Returns the word before a token in the header `Authorization`.
    fn scheme(&self) -> &'static str {
        "Bearer"
    }

    fn repository(&self, path: &str) -> String;

    /// Reads a repository. `has_token` is true if the request had a token.
    ///
    /// # Errors
    /// When a field has an unexpected type; the error names it.
    fn read_repository(
        &self,
        body: &[u8],
        now: Timestamp,
        has_token: bool,
    ) -> Result<Hosted, Unexpected>;

    fn branch(&self, path: &str, branch: &str) -> String;

    /// Reads the SHA of a branch's newest commit.
    ///
    /// # Errors
    /// As [`Dialect::read_repository`].
    fn read_branch(&self, body: &[u8]) -> Result<String, Unexpected>;

    /// Returns the path of the commits that lead to one, newest first.
    fn commits(&self, path: &str, sha: &str) -> String;

    /// Reads a page of commits.
    ///
    /// # Errors
    /// As [`Dialect::read_repository`].
    fn read_commits(&self, body: &[u8], now: Timestamp) -> Result<Paged<Commit>, Unexpected>;

    /// Returns the path of the files of a commit; `None` if the host tells no SHAs of files.
    fn tree(&self, path: &str, sha: &str) -> Option<String>;

    /// Reads a page of files. Without [`Dialect::has_sizes`], the sizes are 0.
    ///
    /// # Errors
    /// As [`Dialect::read_repository`].
    fn read_tree(&self, body: &[u8]) -> Result<Paged<File>, Unexpected>;

    /// Returns true if lists of files have sizes.
    fn has_sizes(&self) -> bool;

    /// Returns the path of the pushes to a branch, newest first; `None` if the host records none.
    fn pushes(&self, path: &str) -> Option<String>;

    /// Reads the pushes to a branch in a page of events.
    ///
    /// # Errors
    /// As [`Dialect::read_repository`].
    fn read_pushes(
        &self,
        body: &[u8],
        branch: &str,
        now: Timestamp,
    ) -> Result<Paged<Push>, Unexpected>;

    /// Returns the whole address of the compressed archive of a commit, for the host at `address`.
    fn archive(&self, address: &str, path: &str, sha: &str) -> String;
}

/// Returns the API of a kind of code host.
#[must_use]
pub fn dialect(api: CodeApi) -> &'static dyn Dialect {
    match api {
        CodeApi::Gitea => &gitea::Gitea,
        CodeApi::Gitlab => &gitlab::Gitlab,
        CodeApi::Bitbucket => &bitbucket::Bitbucket,
    }
}

/// A repository, as its code host states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosted {
    /// Its path at present, such as `owner/name`.
    pub path: String,
    /// True unless everyone can read it.
    pub is_private: bool,
    /// True if the host states that it is a fork.
    pub is_fork: bool,
    /// True if the host recognizes a license.
    pub has_license: bool,
    pub created_at: Timestamp,
    /// The default branch; empty if there is none.
    pub default_branch: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    pub items: Vec<T>,
    /// The query of the next page, if the answer's body names one.
    pub next: Option<String>,
}

impl<T> Paged<T> {
    /// Creates a page whose successor is in the header `Link`, if there is one.
    fn by_header(items: impl Iterator<Item = T>) -> Self {
        Self { items: items.collect(), next: None }
    }
}

/// Returns the query of the next page in a header `Link` (RFC 8288). Only the query is used, so that a list never leads to another
/// address.
#[must_use]
pub fn next_in_links(links: &str) -> Option<String> {
    let is_next = |link: &&str| link.contains("rel=\"next\"");
    let next = links.split(',').find(is_next)?;
    let (url, _) = next.trim().strip_prefix('<')?.split_once('>')?;
    query_of(url)
}

/// Returns the query of an address, if it has one of plain characters.
fn query_of(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%=:+&/[]".contains(&byte);
    let is_usable = (1..=LONGEST_QUERY).contains(&query.len()) && query.bytes().all(is_plain);
    is_usable.then(|| query.to_owned())
}

/// Returns git's SHA of a file of `size` bytes by its contents. Of a file that was cut, it is that of the beginning, which equal files
/// share.
#[must_use]
pub fn blob_sha(contents: &[u8], size: u64) -> String {
    let mut bytes = format!("blob {size}\0").into_bytes();
    bytes.extend_from_slice(contents);
    let sum = digest(&SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns a commit as the checks look at it.
#[must_use]
pub fn commit_of(commit: CodeCommit) -> Commit {
    Commit {
        sha: commit.sha,
        parents: commit.parents,
        co_authors: (commit.co_authors.iter()).map(|person| by_address(&person.email)).collect(),
        authored_at: claimed(commit.authored_at),
        committed_at: claimed(commit.committed_at),
        author: author(commit.author),
    }
}

fn author(person: CommitPerson) -> Author {
    Author {
        github_id: person.github_id,
        is_bot: person.login.is_some_and(|login| login.ends_with("[bot]")),
        email: person.email.to_ascii_lowercase(),
    }
}

/// Returns a time that a commit claims. A commit without a usable time counts as one from before the event.
fn claimed(at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or(DateTime::UNIX_EPOCH)
}

/// Returns an author of whom only the address is known.
fn by_address(email: &str) -> Author {
    Author { email: line(email.trim(), LONGEST_NAME).to_ascii_lowercase(), ..Author::default() }
}

/// Returns the people whom a message names as co-authors.
fn co_authors_of(message: &str) -> Vec<Author> {
    let people = co_authors(message);
    people.iter().map(|person| by_address(&person.email)).collect()
}

/// Reads the SHA of a branch's newest commit, as Gitea and GitLab state it.
fn newest_of(body: &[u8]) -> Result<String, Unexpected> {
    #[derive(Deserialize)]
    struct Branch {
        commit: NewestCommit,
    }
    #[derive(Deserialize)]
    struct NewestCommit {
        #[serde(deserialize_with = "sha")]
        id: String,
    }
    let stated: Branch = payload::read(body)?;
    Ok(stated.commit.id)
}

/// Returns the name of a default branch; empty if it is none.
fn default_branch(name: Option<String>) -> String {
    name.filter(|name| is_branch(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_a_query() {
        let link = |url: &str| format!("<{url}>; rel=\"next\", <https://x/?page=9>; rel=\"last\"");
        for (url, query) in [
            ("https://x/a?page=2&limit=50", Some("page=2&limit=50")),
            ("https://elsewhere.example/b?page=2", Some("page=2")),
            ("https://x/a", None),
            ("https://x/a?b c", None),
        ] {
            assert_eq!(next_in_links(&link(url)).as_deref(), query, "{url}");
        }
        assert_eq!(next_in_links("<https://x/?page=1>; rel=\"prev\""), None);
        assert_eq!(next_in_links(&link(&format!("https://x/?{}", "a".repeat(1_001)))), None);
    }

    #[test]
    fn the_sha_of_a_file_is_that_of_git() {
        assert_eq!(blob_sha(b"hello world\n", 12), "3b18e512dba79e4c8300dd08aeb37f8e728b8dad");
    }
}
