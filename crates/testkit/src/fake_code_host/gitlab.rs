//! The API of GitLab, below `/api/v4`.

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::reply::{HostRequest, Reply, add};
use crate::fake_github::code::{BranchChange, Library, LibraryCode, LibraryCommit, TreeEntry};

/// The usual and the largest page of a list.
const PAGE: (usize, usize) = (20, 100);

const MISSING: &str = "404 Project Not Found";

pub(super) fn answer(library: &Library, ask: &HostRequest) -> Reply {
    let parts: Vec<&str> = ask.parts.iter().map(String::as_str).collect();
    let ["projects", asked, rest @ ..] = &parts[..] else {
        return Reply::missing("404 Not Found");
    };
    let Some((code, moved)) = library.find(asked) else {
        return Reply::missing(MISSING);
    };
    if code.is_private() && !ask.is_known {
        return Reply::missing(MISSING);
    }
    if let Some(present) = moved {
        let encoded = |name: &str| name.replace('/', "%2F");
        let path = ask.with(&[]).replacen(&encoded(asked), &encoded(&present), 1);
        return Reply::Moved(path.trim_end_matches('?').to_owned());
    }
    match rest {
        [] => Reply::ok(project(&code, ask)),
        ["repository", "branches", branch] => branch_of(&code, branch),
        ["repository", "commits"] => commits(&code, ask),
        ["repository", "tree"] => tree(&code, ask),
        ["repository", "archive.tar.gz"] => archive(&code, ask),
        ["events"] if !ask.without_activities => events(&code, ask),
        _ => Reply::missing("404 Not Found"),
    }
}

/// Without a token, GitLab leaves out the visibility and the origin of a fork.
fn project(code: &LibraryCode<'_>, ask: &HostRequest) -> Value {
    let name = code.full_name();
    let mut project = json!({
        "id": code.id(),
        "description": null,
        "name": name.rsplit('/').next(),
        "path_with_namespace": name,
        "created_at": milliseconds(code.created_at()),
        "default_branch": code.default_branch(),
        "tag_list": [],
        "star_count": 0,
        "last_activity_at": milliseconds(code.created_at()),
        "namespace": { "id": 1, "kind": "group", "full_path": name.rsplit_once('/').map(|(group, _)| group) },
    });
    if ask.parameter("license") == Some("true") {
        project["license"] = code
            .license()
            .map_or(Value::Null, |id| json!({ "key": id.to_lowercase(), "name": id }));
    }
    if ask.is_known {
        let visibility = if code.is_private() { "private" } else { "public" };
        project["visibility"] = json!(visibility);
        project["empty_repo"] = json!(code.is_empty());
        if let Some(parent) = code.parent() {
            project["forked_from_project"] = json!({ "path_with_namespace": parent });
        }
    }
    project
}

/// Returns an instant as GitLab writes it.
fn milliseconds(at: kernel::Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn branch_of(code: &LibraryCode<'_>, branch: &str) -> Reply {
    match code.head(branch) {
        Some(sha) => Reply::ok(json!({
            "name": branch, "merged": false, "protected": false, "default": true,
            "commit": { "id": sha, "short_id": &sha[..8] },
        })),
        None => Reply::missing("404 Branch Not Found"),
    }
}

fn commits(code: &LibraryCode<'_>, ask: &HostRequest) -> Reply {
    let start = ask.parameter("ref_name").unwrap_or(code.default_branch());
    let Some(history) = code.history(start) else {
        return Reply::missing("404 Repository Not Found");
    };
    Reply::numbered(ask, &history, ask.size("per_page", PAGE), commit)
}

fn commit(commit: &LibraryCommit) -> Value {
    json!({
        "id": commit.sha,
        "short_id": &commit.sha[..8],
        "created_at": milliseconds(commit.committer.at),
        "parent_ids": commit.parents,
        "title": commit.message.lines().next(),
        "message": format!("{}\n", commit.message),
        "author_name": commit.author.name,
        "author_email": commit.author.email,
        "authored_date": milliseconds(commit.author.at),
        "committer_name": commit.committer.name,
        "committer_email": commit.committer.email,
        "committed_date": milliseconds(commit.committer.at),
        "trailers": {},
        "web_url": "",
    })
}

/// Pages of trees have no numbers: the next one begins after an entry.
fn tree(code: &LibraryCode<'_>, ask: &HostRequest) -> Reply {
    let Some((_, mut entries)) = ask.parameter("ref").and_then(|sha| code.tree(sha)) else {
        return Reply::missing("404 Tree Not Found");
    };
    if ask.parameter("recursive") != Some("true") {
        entries.retain(|entry| !entry.path.contains('/'));
    }
    let place = |entry: &TreeEntry| format!("{}-{}", entry.sha, entry.path.len());
    let after = ask.parameter("page_token");
    let skipped = after.map_or(0, |token| {
        let found = entries.iter().position(|entry| place(entry) == token);
        found.map_or(entries.len(), |at| at + 1)
    });
    let size = ask.size("per_page", PAGE);
    let shown: Vec<&TreeEntry> = entries.iter().skip(skipped).take(size).collect();
    let mut headers = HeaderMap::new();
    if skipped + size < entries.len()
        && let Some(last) = shown.last()
    {
        let url = ask.with(&[("page_token", place(last))]);
        add(&mut headers, "link", Some(format!("<{url}>; rel=\"next\"")));
    }
    let listed: Vec<Value> = shown
        .into_iter()
        .map(|entry| {
            let (kind, mode) = match entry.size {
                Some(_) => ("blob", "100644"),
                None => ("tree", "040000"),
            };
            json!({
                "id": entry.sha, "name": entry.path.rsplit('/').next(), "type": kind,
                "path": entry.path, "mode": mode,
            })
        })
        .collect();
    Reply::Json(Value::from(listed), headers)
}

fn archive(code: &LibraryCode<'_>, ask: &HostRequest) -> Reply {
    if let Some(elsewhere) = &ask.archives_at {
        return Reply::Moved(format!("{elsewhere}/archive.tar.gz"));
    }
    let sha = ask.parameter("sha").unwrap_or(code.default_branch());
    let name = code.full_name();
    let top = format!("{}-{sha}-{sha}", name.rsplit('/').next().unwrap_or_default());
    match code.archive(sha, &top) {
        Some(Ok(packed)) => Reply::Archive(packed),
        Some(Err(error)) => Reply::Refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        None => Reply::missing("404 File Not Found"),
    }
}

fn events(code: &LibraryCode<'_>, ask: &HostRequest) -> Reply {
    let changes = code.changes();
    Reply::numbered(ask, &changes, ask.size("per_page", PAGE), event)
}

fn event(own: &BranchChange) -> Value {
    let (action, name) = match (&own.before, &own.after) {
        (None, _) => ("created", "pushed new"),
        (_, None) => ("removed", "deleted"),
        _ => ("pushed", "pushed to"),
    };
    json!({
        "id": own.id,
        "project_id": 1,
        "action_name": name,
        "target_id": null,
        "target_iid": null,
        "target_type": null,
        "author_id": 1,
        "target_title": null,
        "created_at": milliseconds(own.at),
        "author": { "username": own.by },
        "author_username": own.by,
        "push_data": {
            "commit_count": 1,
            "action": action,
            "ref_type": "branch",
            "commit_from": own.before,
            "commit_to": own.after,
            "ref": own.branch,
            "commit_title": null,
            "ref_count": null,
        },
    })
}
