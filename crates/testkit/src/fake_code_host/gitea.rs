//! The API of Gitea and Forgejo, below `/api/v1`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::reply::{HostRequest, Reply};
use crate::fake_github::code::{BranchChange, CommitPerson, Library, LibraryCode, LibraryCommit};

/// The usual and the largest page of a list.
const PAGE: (usize, usize) = (30, 50);

/// The usual and the largest page of a tree.
const TREE: (usize, usize) = (1_000, 1_000);

const MISSING: &str = "The target couldn't be found.";

pub(super) fn answer(library: &Library, ask: &HostRequest) -> Reply {
    let parts: Vec<&str> = ask.parts.iter().map(String::as_str).collect();
    let ["repos", owner, name, rest @ ..] = &parts[..] else {
        return Reply::missing(MISSING);
    };
    let asked = format!("{owner}/{name}");
    let Some((code, moved)) = library.find(&asked) else {
        return Reply::missing(MISSING);
    };
    if code.is_private() && !ask.is_known {
        return Reply::missing(MISSING);
    }
    if let Some(present) = moved {
        let path = ask.with(&[]).replacen(&asked, &present, 1);
        return Reply::Moved(path.trim_end_matches('?').to_owned());
    }
    match rest {
        [] => Reply::ok(repository(&code)),
        ["branches", branch @ ..] => branch_of(&code, &branch.join("/")),
        ["commits"] => commits(&code, ask),
        ["git", "trees", sha] => tree(&code, ask, sha),
        ["activities", "feeds"] if !ask.without_activities => feed(&code, ask),
        ["archive", file] => archive(&code, ask, file),
        _ => Reply::missing(MISSING),
    }
}

fn repository(code: &LibraryCode<'_>) -> Value {
    let name = code.full_name();
    let owner = name.split('/').next().unwrap_or_default();
    json!({
        "id": code.id(),
        "owner": { "id": code.id() + 1, "login": owner, "username": owner },
        "name": name.rsplit('/').next(),
        "full_name": name,
        "description": "",
        "empty": code.is_empty(),
        "private": code.is_private(),
        "internal": false,
        "fork": code.parent().is_some(),
        "template": false,
        "parent": code.parent().map(|parent| json!({ "full_name": parent })),
        "mirror": false,
        "size": 24,
        "default_branch": code.default_branch(),
        "archived": false,
        "created_at": code.created_at().to_rfc3339(),
        "updated_at": code.created_at().to_rfc3339(),
        "licenses": code.license().into_iter().collect::<Vec<_>>(),
    })
}

fn branch_of(code: &LibraryCode<'_>, branch: &str) -> Reply {
    match code.head(branch) {
        Some(sha) => Reply::ok(json!({
            "name": branch,
            "commit": { "id": sha, "message": "", "url": "" },
            "protected": false,
        })),
        None => Reply::missing(MISSING),
    }
}

fn commits(code: &LibraryCode<'_>, ask: &HostRequest) -> Reply {
    if code.is_empty() {
        return Reply::Refused(StatusCode::CONFLICT, "Git Repository is empty.".to_owned());
    }
    let start = ask.parameter("sha").unwrap_or(code.default_branch());
    let Some(history) = code.history(start) else {
        return Reply::missing(MISSING);
    };
    Reply::numbered(ask, &history, ask.size("limit", PAGE), commit)
}

fn commit(commit: &LibraryCommit) -> Value {
    let person = |own: &CommitPerson| json!({ "name": own.name, "email": own.email, "date": own.at.to_rfc3339() });
    let parents: Vec<Value> = commit
        .parents
        .iter()
        .map(|sha| json!({ "sha": sha, "url": "", "created": "0001-01-01T00:00:00Z" }))
        .collect();
    json!({
        "url": "",
        "sha": commit.sha,
        "created": commit.committer.at.to_rfc3339(),
        "html_url": "",
        "commit": {
            "url": "",
            "author": person(&commit.author),
            "committer": person(&commit.committer),
            "message": format!("{}\n", commit.message),
            "tree": null,
            "verification": null,
        },
        "author": { "id": 7, "login": "seven", "email": commit.author.email },
        "committer": null,
        "parents": parents,
        "files": null,
        "stats": null,
    })
}

fn tree(code: &LibraryCode<'_>, ask: &HostRequest, sha: &str) -> Reply {
    let Some((tree, mut entries)) = code.tree(sha) else {
        return Reply::missing(MISSING);
    };
    if ask.parameter("recursive").is_none() {
        entries.retain(|entry| !entry.path.contains('/'));
    }
    let (page, size) = (ask.page(), ask.size("per_page", TREE));
    let shown: Vec<Value> = entries
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|entry| {
            let (kind, mode) = match entry.size {
                Some(_) => ("blob", "100644"),
                None => ("tree", "040000"),
            };
            json!({
                "path": entry.path, "mode": mode, "type": kind, "size": entry.size.unwrap_or(0),
                "sha": entry.sha, "url": "",
            })
        })
        .collect();
    Reply::ok(json!({
        "sha": tree,
        "url": "",
        "tree": shown,
        "truncated": page * size < entries.len(),
        "page": page,
        "total_count": entries.len(),
    }))
}

fn feed(code: &LibraryCode<'_>, ask: &HostRequest) -> Reply {
    let name = code.full_name();
    let changes = code.changes();
    Reply::numbered(ask, &changes, ask.size("limit", PAGE), |own| activity(&name, own))
}

fn activity(name: &str, own: &BranchChange) -> Value {
    let (kind, content) = match &own.after {
        None => ("delete_branch", String::new()),
        Some(after) => {
            let commit =
                json!({ "Sha1": after, "Message": "", "AuthorEmail": "", "Timestamp": own.at });
            let compared =
                own.before.as_ref().map(|before| format!("{name}/compare/{before}...{after}"));
            let content = json!({
                "Commits": [commit], "HeadCommit": commit,
                "CompareURL": compared.unwrap_or_default(), "Len": 1,
            });
            ("commit_repo", content.to_string())
        }
    };
    json!({
        "id": own.id,
        "user_id": 1,
        "op_type": kind,
        "act_user_id": 1,
        "act_user": { "login": own.by },
        "repo_id": 1,
        "comment_id": 0,
        "comment": null,
        "ref_name": format!("refs/heads/{}", own.branch),
        "is_private": false,
        "content": content,
        "created": own.at.to_rfc3339(),
    })
}

fn archive(code: &LibraryCode<'_>, ask: &HostRequest, file: &str) -> Reply {
    if let Some(elsewhere) = &ask.archives_at {
        return Reply::Moved(format!("{elsewhere}/{file}"));
    }
    let Some(reference) = file.strip_suffix(".tar.gz") else {
        return Reply::missing(MISSING);
    };
    let name = code.full_name();
    let top = name.rsplit('/').next().unwrap_or_default();
    match code.archive(reference, top) {
        Some(Ok(packed)) => Reply::Archive(packed),
        Some(Err(error)) => Reply::Refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        None => Reply::missing(MISSING),
    }
}
