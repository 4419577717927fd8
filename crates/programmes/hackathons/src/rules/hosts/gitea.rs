//! Gitea and Forgejo (docs.gitea.com/api, codeberg.org/api/swagger). Commits and trees have the form of GitHub's.

use std::collections::BTreeSet;

use github::rules::{
    code::{self, in_url, is_sha},
    instant,
    payload::{self, Unexpected},
};
use kernel::Timestamp;
use serde::Deserialize;

use super::{
    super::checks::{Author, Commit, File, Push},
    Dialect, Hosted, Paged, commit_of, default_branch, newest_of,
};

/// The items of a page, which is the most that Gitea allows unless it is configured (`MAX_RESPONSE_ITEMS`).
const PAGE: usize = 50;

/// The files of a page, which is the most that Gitea allows unless it is configured (`DEFAULT_GIT_TREES_PER_PAGE`).
const FILES: usize = 1_000;

/// Gitea or Forgejo.
#[derive(Debug)]
pub(super) struct Gitea;

#[derive(Deserialize)]
struct Repository {
    full_name: String,
    private: bool,
    #[serde(default)]
    internal: bool,
    fork: bool,
    default_branch: Option<String>,
    #[serde(deserialize_with = "instant::of_text")]
    created_at: Timestamp,
    /// The names of recognized licenses, since Gitea 1.23.
    licenses: Option<Vec<String>>,
}

/// The part of a tree about its pages.
#[derive(Deserialize)]
struct TreePage {
    #[serde(default)]
    truncated: bool,
    #[serde(default)]
    page: u32,
}

#[derive(Deserialize)]
struct Activity {
    op_type: String,
    #[serde(default)]
    ref_name: String,
    #[serde(default)]
    content: String,
    #[serde(deserialize_with = "instant::of_text")]
    created: Timestamp,
}

/// The JSON in an activity's content (`PushCommits` in Gitea's source).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    #[serde(default)]
    commits: Option<Vec<Pushed>>,
    #[serde(default)]
    head_commit: Option<Pushed>,
    #[serde(default, rename = "CompareURL")]
    compare_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pushed {
    sha1: String,
}

impl Dialect for Gitea {
    fn api(&self, address: &str) -> String {
        format!("{address}/api/v1")
    }

    fn scheme(&self) -> &'static str {
        "token"
    }

    fn repository(&self, path: &str) -> String {
        format!("/repos/{path}")
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
            is_private: stated.private || stated.internal,
            is_fork: stated.fork,
            has_license: stated.licenses.is_some_and(|names| !names.is_empty()),
            created_at: stated.created_at.min(now),
            default_branch: default_branch(stated.default_branch),
        })
    }

    fn branch(&self, path: &str, branch: &str) -> String {
        format!("/repos/{path}/branches/{}", in_url(branch))
    }

    fn read_branch(&self, body: &[u8]) -> Result<String, Unexpected> {
        newest_of(body)
    }

    fn commits(&self, path: &str, sha: &str) -> String {
        format!(
            "/repos/{path}/commits?sha={sha}&stat=false&verification=false&files=false&limit={PAGE}"
        )
    }

    fn read_commits(&self, body: &[u8], now: Timestamp) -> Result<Paged<Commit>, Unexpected> {
        let stated = code::commits(body, now)?;
        // The IDs of accounts are Gitea's own.
        let without_id = |commit: Commit| Commit {
            author: Author { github_id: None, ..commit.author },
            ..commit
        };
        let commits = stated.into_iter().map(commit_of).map(without_id);
        Ok(Paged::by_header(commits))
    }

    fn tree(&self, path: &str, sha: &str) -> Option<String> {
        Some(format!("/repos/{path}/git/trees/{sha}?recursive=true&per_page={FILES}&page=1"))
    }

    fn read_tree(&self, body: &[u8]) -> Result<Paged<File>, Unexpected> {
        let TreePage { truncated, page } = payload::read(body)?;
        let files = code::tree(body)?.files.into_iter().map(|file| File {
            path: file.path,
            blob_sha: file.blob_sha,
            size: file.size,
        });
        let next = page.max(1).saturating_add(1);
        Ok(Paged {
            items: files.collect(),
            next: truncated.then(|| format!("recursive=true&per_page={FILES}&page={next}")),
        })
    }

    fn has_sizes(&self) -> bool {
        true
    }

    fn pushes(&self, path: &str) -> Option<String> {
        Some(format!("/repos/{path}/activities/feeds?limit={PAGE}"))
    }

    fn read_pushes(
        &self,
        body: &[u8],
        branch: &str,
        now: Timestamp,
    ) -> Result<Paged<Push>, Unexpected> {
        let stated: Vec<Activity> = payload::read(body)?;
        let name = format!("refs/heads/{branch}");
        let own = stated.into_iter().filter(|it| it.ref_name == name || it.ref_name == branch);
        // Gitea keeps an activity for each person who sees it.
        let mut seen = BTreeSet::new();
        let once = own.filter_map(|it| push(&it, now)).filter(|push| {
            let key = (push.at, push.before.clone(), push.after.clone());
            seen.insert(key)
        });
        Ok(Paged::by_header(once))
    }

    fn archive(&self, address: &str, path: &str, sha: &str) -> String {
        format!("{}/repos/{path}/archive/{sha}.tar.gz", self.api(address))
    }
}

/// Returns the push that an activity is about, if it is one and names its commits.
fn push(activity: &Activity, now: Timestamp) -> Option<Push> {
    let at = activity.created.min(now);
    match &*activity.op_type {
        "commit_repo" | "mirror_sync_push" => {
            let content: Content = serde_json::from_str(&activity.content).ok()?;
            let newest = content.commits.unwrap_or_default().into_iter().next();
            let after = content.head_commit.or(newest)?.sha1;
            is_sha(&after).then(|| Push {
                at,
                before: before(&content.compare_url).unwrap_or_default(),
                after,
                is_forced: false,
            })
        }
        "delete_branch" => {
            Some(Push { at, before: String::new(), after: String::new(), is_forced: false })
        }
        _ => None,
    }
}

/// Returns the commit before a push, from `owner/name/compare/BEFORE...AFTER`.
fn before(compare_url: &str) -> Option<String> {
    let (_, range) = compare_url.rsplit_once("/compare/")?;
    let (before, _) = range.split_once("...")?;
    let is_commit = is_sha(before) && !before.bytes().all(|byte| byte == b'0');
    is_commit.then(|| before.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-16T08:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn a_repository_has_its_state() {
        let body =
            br#"{"id":7,"owner":{"id":3,"login":"gannet-crew"},"full_name":"gannet-crew/berthlist",
            "private":false,"internal":true,"fork":true,"empty":false,"default_branch":"main",
            "created_at":"2026-11-14T19:30:00+01:00","licenses":["MIT"]}"#;
        let read = Gitea.read_repository(body, now(), false).expect("read");
        let expected = Hosted {
            path: "gannet-crew/berthlist".to_owned(),
            is_private: true,
            is_fork: true,
            has_license: true,
            created_at: "2026-11-14T18:30:00Z".parse().expect("an instant"),
            default_branch: "main".to_owned(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn pushes_are_read_from_the_feed() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let one = |kind: &str, branch: &str, content: &str| {
            serde_json::json!({
                "id": 1, "op_type": kind, "ref_name": branch, "content": content,
                "created": "2026-11-15T07:00:00Z",
            })
        };
        let pushed = format!(
            r#"{{"Commits":[{{"Sha1":"{b}","Message":"x"}}],"HeadCommit":null,"CompareURL":"o/n/compare/{a}...{b}","Len":1}}"#
        );
        let first =
            format!(r#"{{"Commits":null,"HeadCommit":{{"Sha1":"{a}"}},"CompareURL":"","Len":0}}"#);
        let feed = serde_json::json!([
            one("commit_repo", "refs/heads/main", &pushed),
            one("commit_repo", "refs/heads/main", &pushed),
            one("commit_repo", "refs/heads/main", &first),
            one("commit_repo", "refs/heads/main", ""),
            one("commit_repo", "refs/heads/other", &pushed),
            one("create_issue", "", "1|x"),
            one("delete_branch", "refs/heads/main", ""),
        ]);
        let read = Gitea.read_pushes(feed.to_string().as_bytes(), "main", now()).expect("read");
        let commits: Vec<(String, String)> =
            read.items.into_iter().map(|push| (push.before, push.after)).collect();
        let none = String::new();
        assert_eq!(commits, [(a.clone(), b), (none.clone(), a), (none.clone(), none)]);
    }

    #[test]
    fn a_cut_tree_has_another_page() {
        let page = |truncated: bool| {
            format!(r#"{{"sha":"x","page":2,"truncated":{truncated},"total_count":5,"tree":[]}}"#)
        };
        let next = |truncated| Gitea.read_tree(page(truncated).as_bytes()).expect("read").next;
        assert!(next(true).expect("a page").ends_with("page=3"));
        assert_eq!(next(false), None);
    }
}
