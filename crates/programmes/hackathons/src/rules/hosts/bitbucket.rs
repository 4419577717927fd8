//! Bitbucket Cloud (developer.atlassian.com/cloud/bitbucket/rest). It tells no SHAs of files, so files are read from archives, and it
//! records no pushes that its API tells.

use github::rules::{
    code::{MOST_PARENTS, in_url, sha},
    instant,
    payload::{self, Unexpected},
};
use kernel::Timestamp;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    super::checks::{Author, Commit, File, Push},
    Dialect, Hosted, Paged, by_address, claimed, co_authors_of, default_branch, query_of,
};

/// The items of a page, which is the most that Bitbucket allows.
const PAGE: usize = 100;

/// The address of Bitbucket Cloud, whose API is at another host.
const CLOUD: &str = "https://bitbucket.org";

/// Bitbucket Cloud.
#[derive(Debug)]
pub(super) struct Bitbucket;

#[derive(Deserialize)]
struct Repository {
    full_name: String,
    is_private: bool,
    #[serde(deserialize_with = "instant::of_text")]
    created_on: Timestamp,
    mainbranch: Option<MainBranch>,
    parent: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct MainBranch {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Branch {
    target: NamedCommit,
}

/// A commit of which only the SHA is used.
#[derive(Deserialize)]
struct NamedCommit {
    #[serde(deserialize_with = "sha")]
    hash: String,
}

#[derive(Deserialize)]
struct Commits {
    #[serde(default)]
    values: Vec<StatedCommit>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct StatedCommit {
    #[serde(deserialize_with = "sha")]
    hash: String,
    /// The only time that Bitbucket tells.
    #[serde(default, deserialize_with = "instant::of_anybody")]
    date: Option<Timestamp>,
    author: Option<Person>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    parents: Vec<NamedCommit>,
}

#[derive(Deserialize)]
struct Person {
    /// `NAME <EMAIL>`, as in git.
    #[serde(default)]
    raw: String,
}

impl Dialect for Bitbucket {
    fn api(&self, address: &str) -> String {
        match address {
            CLOUD => "https://api.bitbucket.org/2.0".to_owned(),
            simulated => format!("{simulated}/2.0"),
        }
    }

    fn repository(&self, path: &str) -> String {
        format!("/repositories/{path}")
    }

    fn read_repository(
        &self,
        body: &[u8],
        now: Timestamp,
        _has_token: bool,
    ) -> Result<Hosted, Unexpected> {
        let stated: Repository = payload::read(body)?;
        Ok(Hosted {
            path: stated.full_name,
            is_private: stated.is_private,
            is_fork: stated.parent.is_some(),
            has_license: false,
            created_at: stated.created_on.min(now),
            default_branch: default_branch(stated.mainbranch.and_then(|branch| branch.name)),
        })
    }

    fn branch(&self, path: &str, branch: &str) -> String {
        format!("/repositories/{path}/refs/branches/{}", in_url(branch))
    }

    fn read_branch(&self, body: &[u8]) -> Result<String, Unexpected> {
        let stated: Branch = payload::read(body)?;
        Ok(stated.target.hash)
    }

    fn commits(&self, path: &str, sha: &str) -> String {
        format!("/repositories/{path}/commits/{sha}?pagelen={PAGE}")
    }

    fn read_commits(&self, body: &[u8], now: Timestamp) -> Result<Paged<Commit>, Unexpected> {
        let stated: Commits = payload::read(body)?;
        let commit = |own: StatedCommit| {
            let at = claimed(own.date.map(|at| at.min(now)));
            let parents = own.parents.into_iter().take(MOST_PARENTS);
            Commit {
                sha: own.hash,
                parents: parents.map(|parent| parent.hash).collect(),
                author: own.author.map_or_else(Author::default, |own| person(&own.raw)),
                co_authors: co_authors_of(&own.message),
                authored_at: at,
                committed_at: at,
            }
        };
        Ok(Paged {
            items: stated.values.into_iter().map(commit).collect(),
            next: stated.next.as_deref().and_then(query_of),
        })
    }

    fn tree(&self, _path: &str, _sha: &str) -> Option<String> {
        None
    }

    fn read_tree(&self, _body: &[u8]) -> Result<Paged<File>, Unexpected> {
        Ok(Paged::by_header(std::iter::empty()))
    }

    fn has_sizes(&self) -> bool {
        false
    }

    fn pushes(&self, _path: &str) -> Option<String> {
        None
    }

    fn read_pushes(
        &self,
        _body: &[u8],
        _branch: &str,
        _now: Timestamp,
    ) -> Result<Paged<Push>, Unexpected> {
        Ok(Paged::by_header(std::iter::empty()))
    }

    fn archive(&self, address: &str, path: &str, sha: &str) -> String {
        format!("{address}/{path}/get/{sha}.tar.gz")
    }
}

/// Returns the author in `NAME <EMAIL>`.
fn person(raw: &str) -> Author {
    let email = raw.rsplit_once('<').map_or("", |(_, rest)| rest);
    by_address(email.split('>').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-16T08:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn the_api_of_the_cloud_is_at_another_host() {
        assert_eq!(Bitbucket.api(CLOUD), "https://api.bitbucket.org/2.0");
        assert_eq!(Bitbucket.api("http://127.0.0.1:8092"), "http://127.0.0.1:8092/2.0");
    }

    #[test]
    fn an_empty_repository_has_no_branch() {
        let body = br#"{"type":"repository","full_name":"gannets/berthlist","is_private":true,"mainbranch":null,
            "created_on":"2026-11-14T18:30:00.123456+00:00","parent":{"full_name":"others/berthlist"}}"#;
        let read = Bitbucket.read_repository(body, now(), true).expect("read");
        assert!(read.is_private && read.is_fork && read.default_branch.is_empty());
    }

    #[test]
    fn commits_have_one_time_and_lead_to_the_next_page() {
        let body = format!(
            r#"{{"pagelen":100,"next":"https://api.bitbucket.org/2.0/repositories/a/b/commits/x?ctx=abc%3D&page=2",
            "values":[{{"type":"commit","hash":"{}","date":"2026-11-15T07:00:00+00:00","message":"Keep\n",
            "author":{{"type":"author","raw":"Ada <ADA@guild.example>"}},"parents":[{{"type":"commit","hash":"{}"}}]}}]}}"#,
            "a".repeat(40),
            "b".repeat(40)
        );
        let read = Bitbucket.read_commits(body.as_bytes(), now()).expect("read");
        assert_eq!(read.next.as_deref(), Some("ctx=abc%3D&page=2"));
        let commit = &read.items[0];
        assert_eq!(commit.author.email, "ada@guild.example");
        assert_eq!(commit.authored_at, commit.committed_at);
    }
}
