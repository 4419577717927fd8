//! GitLab (docs.gitlab.com/api/rest).

use github::rules::{
    code::{MOST_PARENTS, in_url, is_sha, sha},
    instant,
    payload::{self, Unexpected},
};
use kernel::Timestamp;
use serde::{Deserialize, de::IgnoredAny};

use super::{
    super::checks::{Commit, File, Push},
    Dialect, Hosted, Paged, by_address, claimed, co_authors_of, default_branch, newest_of,
};

/// The items of a page, which is the most that GitLab allows.
const PAGE: usize = 100;

/// Git's mode of a symbolic link.
const LINK: &str = "120000";

/// GitLab.
#[derive(Debug)]
pub(super) struct Gitlab;

/// A project (docs.gitlab.com/api/projects). Without a token, GitLab states neither the visibility nor the origin of a fork.
#[derive(Deserialize)]
struct Project {
    path_with_namespace: String,
    visibility: Option<String>,
    default_branch: Option<String>,
    #[serde(deserialize_with = "instant::of_text")]
    created_at: Timestamp,
    forked_from_project: Option<IgnoredAny>,
    license: Option<IgnoredAny>,
}

/// A commit (docs.gitlab.com/api/commits).
#[derive(Deserialize)]
struct StatedCommit {
    #[serde(deserialize_with = "sha")]
    id: String,
    #[serde(default)]
    parent_ids: Vec<String>,
    author_email: Option<String>,
    #[serde(default, deserialize_with = "instant::of_anybody")]
    authored_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "instant::of_anybody")]
    committed_date: Option<Timestamp>,
    #[serde(default)]
    message: String,
}

/// A file or folder (docs.gitlab.com/api/repositories).
#[derive(Deserialize)]
struct TreeEntry {
    #[serde(deserialize_with = "sha")]
    id: String,
    r#type: String,
    #[serde(default)]
    mode: String,
    path: String,
}

/// An event (docs.gitlab.com/api/events).
#[derive(Deserialize)]
struct ActivityEvent {
    #[serde(default, deserialize_with = "instant::of_text_if_any")]
    created_at: Option<Timestamp>,
    push_data: Option<PushData>,
}

#[derive(Deserialize)]
struct PushData {
    #[serde(default)]
    ref_type: String,
    r#ref: Option<String>,
    /// Absent for a new branch.
    commit_from: Option<String>,
    /// Absent for a deleted branch.
    commit_to: Option<String>,
}

/// Returns a text as one part of a path.
fn part(text: &str) -> String {
    in_url(text).replace('/', "%2F")
}

impl Dialect for Gitlab {
    fn api(&self, address: &str) -> String {
        format!("{address}/api/v4")
    }

    fn repository(&self, path: &str) -> String {
        format!("/projects/{}?license=true", part(path))
    }

    fn read_repository(
        &self,
        body: &[u8],
        now: Timestamp,
        has_token: bool,
    ) -> Result<Hosted, Unexpected> {
        let stated: Project = payload::read(body)?;
        let is_private = match stated.visibility.as_deref() {
            Some(visibility) => visibility != "public",
            None => has_token,
        };
        Ok(Hosted {
            path: stated.path_with_namespace,
            is_private,
            is_fork: stated.forked_from_project.is_some(),
            has_license: stated.license.is_some(),
            created_at: stated.created_at.min(now),
            default_branch: default_branch(stated.default_branch),
        })
    }

    fn branch(&self, path: &str, branch: &str) -> String {
        format!("/projects/{}/repository/branches/{}", part(path), part(branch))
    }

    fn read_branch(&self, body: &[u8]) -> Result<String, Unexpected> {
        newest_of(body)
    }

    fn commits(&self, path: &str, sha: &str) -> String {
        format!("/projects/{}/repository/commits?ref_name={sha}&per_page={PAGE}", part(path))
    }

    fn read_commits(&self, body: &[u8], now: Timestamp) -> Result<Paged<Commit>, Unexpected> {
        let stated: Vec<StatedCommit> = payload::read(body)?;
        let commit = |own: StatedCommit| Commit {
            sha: own.id,
            parents: (own.parent_ids.into_iter())
                .filter(|sha| is_sha(sha))
                .take(MOST_PARENTS)
                .collect(),
            author: by_address(own.author_email.as_deref().unwrap_or_default()),
            co_authors: co_authors_of(&own.message),
            authored_at: claimed(own.authored_date.map(|at| at.min(now))),
            committed_at: claimed(own.committed_date.map(|at| at.min(now))),
        };
        Ok(Paged::by_header(stated.into_iter().map(commit)))
    }

    fn tree(&self, path: &str, sha: &str) -> Option<String> {
        Some(format!(
            "/projects/{}/repository/tree?ref={sha}&recursive=true&pagination=keyset&per_page={PAGE}",
            part(path)
        ))
    }

    fn read_tree(&self, body: &[u8]) -> Result<Paged<File>, Unexpected> {
        let stated: Vec<TreeEntry> = payload::read(body)?;
        // Archives are read without links, so that their sizes are not known.
        let is_file = |entry: &TreeEntry| entry.r#type == "blob" && entry.mode != LINK;
        let files = stated.into_iter().filter(is_file);
        let file = |entry: TreeEntry| File {
            path: payload::path(&entry.path),
            blob_sha: entry.id,
            size: 0,
        };
        Ok(Paged::by_header(files.map(file)))
    }

    fn has_sizes(&self) -> bool {
        false
    }

    fn pushes(&self, path: &str) -> Option<String> {
        Some(format!("/projects/{}/events?action=pushed&per_page={PAGE}", part(path)))
    }

    fn read_pushes(
        &self,
        body: &[u8],
        branch: &str,
        now: Timestamp,
    ) -> Result<Paged<Push>, Unexpected> {
        let stated: Vec<ActivityEvent> = payload::read(body)?;
        let push = |event: ActivityEvent| {
            let (at, data) = (event.created_at?, event.push_data?);
            let is_own = data.ref_type == "branch" && data.r#ref.as_deref() == Some(branch);
            // A push of many branches at once names no commits.
            let is_known = data.commit_from.is_some() || data.commit_to.is_some();
            let commit = |sha: Option<String>| sha.filter(|sha| is_sha(sha)).unwrap_or_default();
            (is_own && is_known).then(|| Push {
                at: at.min(now),
                before: commit(data.commit_from),
                after: commit(data.commit_to),
                is_forced: false,
            })
        };
        Ok(Paged::by_header(stated.into_iter().filter_map(push)))
    }

    fn archive(&self, address: &str, path: &str, sha: &str) -> String {
        format!("{}/projects/{}/repository/archive.tar.gz?sha={sha}", self.api(address), part(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-16T08:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn a_group_is_part_of_the_path() {
        let path = "gannets/crew/berthlist";
        assert_eq!(Gitlab.repository(path), "/projects/gannets%2Fcrew%2Fberthlist?license=true");
        assert!(Gitlab.branch(path, "feature/x").ends_with("/feature%2Fx"));
    }

    #[test]
    fn only_a_token_makes_a_silent_project_private() {
        let project = |visibility: &str| {
            format!(
                r#"{{"id":7,"path_with_namespace":"gannets/crew/berthlist","created_at":"2026-11-14T18:30:00.123Z",
                "default_branch":"main"{visibility}}}"#
            )
        };
        for (visibility, has_token, is_private) in [
            ("", false, false),
            ("", true, true),
            (r#","visibility":"public""#, true, false),
            (r#","visibility":"internal""#, true, true),
        ] {
            let body = project(visibility);
            let read = Gitlab.read_repository(body.as_bytes(), now(), has_token).expect("read");
            assert_eq!(read.is_private, is_private, "{visibility}");
        }
    }

    #[test]
    fn commits_have_their_people_and_times() {
        let body = format!(
            r#"[{{"id":"{}","short_id":"a","parent_ids":["{}"],"title":"Keep","message":"Keep\n\nCo-authored-by: Bo <BO@guild.example>",
            "author_name":"Ada","author_email":"Ada@guild.example","authored_date":"2026-11-15T07:00:00.000+01:00",
            "committer_name":"Ada","committer_email":"ada@guild.example","committed_date":"2999-01-01T00:00:00Z",
            "created_at":"2026-11-15T07:00:00Z"}}]"#,
            "a".repeat(40),
            "b".repeat(40)
        );
        let read = Gitlab.read_commits(body.as_bytes(), now()).expect("read");
        let commit = &read.items[0];
        assert_eq!(commit.author.email, "ada@guild.example");
        assert_eq!(commit.co_authors[0].email, "bo@guild.example");
        assert_eq!(commit.parents, ["b".repeat(40)]);
        let authored: Timestamp = "2026-11-15T06:00:00Z".parse().expect("an instant");
        assert_eq!((commit.authored_at, commit.committed_at), (authored, now()));
    }

    #[test]
    fn a_tree_has_its_files_only() {
        let entry = |kind: &str, mode: &str, path: &str| {
            let id = "a".repeat(40);
            serde_json::json!({ "id": id, "name": path, "type": kind, "path": path, "mode": mode })
        };
        let tree = serde_json::json!([
            entry("tree", "040000", "src"),
            entry("blob", "100644", "src/main.rs"),
            entry("blob", LINK, "latest"),
            entry("commit", "160000", "vendor"),
        ]);
        let read = Gitlab.read_tree(tree.to_string().as_bytes()).expect("read");
        let paths: Vec<&str> = read.items.iter().map(|file| &*file.path).collect();
        assert_eq!(paths, ["src/main.rs"]);
    }

    #[test]
    fn pushes_are_events_of_the_branch() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let event = |data: serde_json::Value| {
            serde_json::json!({
                "id": 1, "action_name": "pushed to", "created_at": "2026-11-15T07:00:00.100Z",
                "push_data": data,
            })
        };
        let data = |kind: &str, name: &str, from: Option<&str>, to: Option<&str>| {
            serde_json::json!({
                "commit_count": 1, "action": "pushed", "ref_type": kind, "ref": name,
                "commit_from": from, "commit_to": to, "commit_title": "x",
            })
        };
        let events = serde_json::json!([
            event(data("branch", "main", Some(&a), Some(&b))),
            event(data("branch", "main", None, Some(&a))),
            event(data("branch", "main", Some(&a), None)),
            event(data("branch", "main", None, None)),
            event(data("branch", "other", Some(&a), Some(&b))),
            event(data("tag", "main", None, Some(&a))),
            event(serde_json::Value::Null),
        ]);
        let read = Gitlab.read_pushes(events.to_string().as_bytes(), "main", now()).expect("read");
        let commits: Vec<(String, String)> =
            read.items.into_iter().map(|push| (push.before, push.after)).collect();
        let none = String::new();
        assert_eq!(commits, [(a.clone(), b), (none.clone(), a.clone()), (a, none)]);
    }
}
