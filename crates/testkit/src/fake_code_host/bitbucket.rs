//! The API of Bitbucket Cloud, below `/2.0`, and its archives, which are beside it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::reply::{HostRequest, Reply};
use crate::fake_github::code::{Library, LibraryCode, LibraryCommit};

/// The usual and the largest page of a list.
const PAGE: (usize, usize) = (30, 100);

pub(super) fn answer(library: &Library, ask: &HostRequest) -> Reply {
    let parts: Vec<&str> = ask.parts.iter().map(String::as_str).collect();
    let (workspace, slug, rest, is_page) = match &parts[..] {
        ["2.0", "repositories", workspace, slug, rest @ ..] => (workspace, slug, rest, false),
        [workspace, slug, rest @ ..] => (workspace, slug, rest, true),
        _ => return Reply::missing("Resource not found"),
    };
    let asked = format!("{workspace}/{slug}");
    let missing = || Reply::missing(&format!("Repository {asked} not found"));
    let Some((code, moved)) = library.find(&asked) else {
        return missing();
    };
    if code.is_private() && !ask.is_known {
        let says = "Access denied. You must have write or admin access.";
        return Reply::Refused(StatusCode::FORBIDDEN, says.to_owned());
    }
    if let Some(present) = moved {
        let path = ask.with(&[]).replacen(&asked, &present, 1);
        return Reply::Moved(path.trim_end_matches('?').to_owned());
    }
    match (is_page, rest) {
        (false, []) => Reply::ok(repository(&code)),
        (false, ["refs", "branches", branch @ ..]) => branch_of(&code, &branch.join("/")),
        (false, ["commits", sha]) => commits(&code, ask, sha),
        (true, ["get", file]) => archive(&code, ask, file),
        _ => Reply::missing("Resource not found"),
    }
}

fn repository(code: &LibraryCode<'_>) -> Value {
    let name = code.full_name();
    let branch = if code.is_empty() {
        Value::Null
    } else {
        json!({ "type": "branch", "name": code.default_branch() })
    };
    let mut repository = json!({
        "type": "repository",
        "uuid": format!("{{{:032x}}}", code.id()),
        "full_name": name,
        "name": name.rsplit('/').next(),
        "slug": name.rsplit('/').next(),
        "description": "",
        "is_private": code.is_private(),
        "scm": "git",
        "created_on": code.created_at().to_rfc3339(),
        "updated_on": code.created_at().to_rfc3339(),
        "size": 1_024,
        "language": "",
        "mainbranch": branch,
        "owner": { "type": "team", "display_name": name.split('/').next() },
    });
    if let Some(parent) = code.parent() {
        repository["parent"] = json!({ "type": "repository", "full_name": parent });
    }
    repository
}

fn branch_of(code: &LibraryCode<'_>, branch: &str) -> Reply {
    match code.head(branch) {
        Some(sha) => Reply::ok(json!({
            "type": "branch", "name": branch, "target": { "type": "commit", "hash": sha },
        })),
        None => Reply::missing(&format!("Branch {branch} not found")),
    }
}

/// Pages of commits are linked by `next`, with a context that means nothing to callers.
fn commits(code: &LibraryCode<'_>, ask: &HostRequest, sha: &str) -> Reply {
    let Some(history) = code.history(sha) else {
        return Reply::missing(&format!("Commit not found: {sha}"));
    };
    let (page, size) = (ask.page(), ask.size("pagelen", PAGE));
    let values: Vec<Value> =
        history.iter().skip((page - 1) * size).take(size).map(commit).collect();
    let mut listed = json!({ "pagelen": size, "values": values, "page": page });
    if page * size < history.len() {
        let context = ("ctx", format!("{:08x}", code.id()));
        listed["next"] = json!(ask.with(&[context, ("page", (page + 1).to_string())]));
    }
    Reply::ok(listed)
}

fn commit(commit: &LibraryCommit) -> Value {
    let parents: Vec<Value> =
        commit.parents.iter().map(|sha| json!({ "type": "commit", "hash": sha })).collect();
    json!({
        "type": "commit",
        "hash": commit.sha,
        "date": commit.author.at.to_rfc3339(),
        "author": {
            "type": "author",
            "raw": format!("{} <{}>", commit.author.name, commit.author.email),
        },
        "message": format!("{}\n", commit.message),
        "summary": { "type": "rendered", "raw": commit.message },
        "parents": parents,
    })
}

fn archive(code: &LibraryCode<'_>, ask: &HostRequest, file: &str) -> Reply {
    if let Some(elsewhere) = &ask.archives_at {
        return Reply::Moved(format!("{elsewhere}/{file}"));
    }
    let Some(sha) = file.strip_suffix(".tar.gz").filter(|sha| sha.len() >= 12) else {
        return Reply::missing("Resource not found");
    };
    let top = format!("{}-{}", code.full_name().replace('/', "-"), &sha[..12]);
    match code.archive(sha, &top) {
        Some(Ok(packed)) => Reply::Archive(packed),
        Some(Err(error)) => Reply::Refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        None => Reply::missing("Resource not found"),
    }
}
