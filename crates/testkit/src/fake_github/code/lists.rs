use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, Path, State},
};

use super::{
    super::{
        Shared,
        answer::{Answer, Refusal, Reply, parameter},
        guard::Caller,
        world::{HostedRepository, World},
    },
    git::{self, Signature, TreeNode},
    objects::{Commit, RecordedChange},
};
use crate::payloads::{API, Object, instant, user_object};

/// Returns GitHub's refusal of requests for commits of a repository without any.
fn empty() -> Refusal {
    Refusal::new(409, "Git Repository is empty.")
}

/// Finds a commit by its SHA or its branch.
pub(super) fn found<'a>(
    place: &'a HostedRepository,
    reference: &str,
) -> Result<&'a Arc<Commit>, Refusal> {
    if place.code.branches.is_empty() {
        return Err(empty());
    }
    let unknown = || Refusal::invalid(format!("No commit found for SHA: {reference}"));
    place.code.find(reference).ok_or_else(unknown)
}

/// `GET /repos/{owner}/{repo}/commits`: the commits that lead to `sha`, or to the newest of the default branch.
pub(in super::super) async fn commits(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let place = &world.places[place];
    let asked = parameter(&uri, "sha");
    let start = asked.as_deref().unwrap_or(&place.repo.default_branch);
    let missing = |refusal: Refusal| match refusal.status {
        422 => Refusal::not_found(),
        _ => refusal,
    };
    let start = found(place, start).map_err(missing)?;
    let listed = place.code.history(&start.sha);
    Ok(Reply::page(&shared.base, &uri, &listed, |commit| {
        shared.rebased(&shown(&world, place, commit).done())
    }))
}

/// `GET /repos/{owner}/{repo}/commits/{ref}`
pub(in super::super) async fn commit(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, reference)): Path<(String, String, String)>,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let place = &world.places[place];
    let commit = found(place, &reference)?;
    let object = shown(&world, place, commit)
        .raw("stats", r#"{"additions":1,"deletions":0,"total":1}"#)
        .raw("files", "[]");
    Ok(Reply::ok(shared.rebased(&object.done())))
}

fn shown(world: &World, place: &HostedRepository, commit: &Commit) -> Object {
    let name = place.repo.full_name();
    let (sha, git) = (&commit.sha, format!("{API}/repos/{name}/git"));
    let url = |sha: &str| format!("{API}/repos/{name}/commits/{sha}");
    let tree = Object::new()
        .text("url", &format!("{git}/trees/{}", commit.tree))
        .text("sha", &commit.tree);
    let verification = Object::new()
        .flag("verified", commit.is_verified)
        .text("reason", if commit.is_verified { "valid" } else { "unsigned" })
        .raw("signature", "null")
        .raw("payload", "null")
        .raw("verified_at", "null");
    let written = Object::new()
        .text("url", &format!("{git}/commits/{sha}"))
        .object("author", signature(&commit.author))
        .object("committer", signature(&commit.committer))
        .text("message", &commit.message)
        .object("tree", tree)
        .number("comment_count", 0)
        .object("verification", verification);
    let parents: Vec<String> = commit
        .parents
        .iter()
        .map(|sha| Object::new().text("sha", sha).text("url", &url(sha)).done())
        .collect();
    Object::with_capacity(4_000)
        .text("sha", sha)
        .text("node_id", &format!("C_{sha}"))
        .object("commit", written)
        .text("url", &url(sha))
        .text("html_url", &format!("https://github.com/{name}/commit/{sha}"))
        .raw("author", &account(world, commit.author.account))
        .raw("committer", &account(world, commit.committer.account))
        .raw("parents", &format!("[{}]", parents.join(",")))
}

fn signature(signature: &Signature) -> Object {
    Object::new()
        .text("name", &signature.name)
        .text("email", &signature.email)
        .text("date", &instant(signature.at))
}

/// Returns an account; null if there is none.
fn account(world: &World, id: Option<i64>) -> String {
    let account = id.and_then(|id| world.person_by_id(id).ok());
    account.map_or_else(|| String::from("null"), |account| user_object(account).done())
}

/// `GET /repos/{owner}/{repo}/git/trees/{sha}`: the files and folders of a commit or its tree, cut as the switch says.
pub(in super::super) async fn tree(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, sha)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let place = &world.places[place];
    if place.code.branches.is_empty() {
        return Err(empty());
    }
    let mut all = place.code.commits.values();
    let commit = place.code.find(&sha);
    let commit = commit.or_else(|| all.find(|commit| commit.tree == sha));
    let commit = commit.ok_or_else(Refusal::not_found)?;
    let (_, mut nodes) = git::tree(&commit.files);
    if parameter(&uri, "recursive").is_none() {
        nodes.retain(|node| !node.path.contains('/'));
    }
    let most = world.switches.largest_tree;
    let is_cut = nodes.len() > most;
    nodes.truncate(most);
    let base = format!("{API}/repos/{}/git", place.repo.full_name());
    let listed: Vec<String> = nodes.iter().map(|node| listed(&base, node)).collect();
    let object = Object::new()
        .text("sha", &commit.tree)
        .text("url", &format!("{base}/trees/{}", commit.tree))
        .raw("tree", &format!("[{}]", listed.join(",")))
        .flag("truncated", is_cut);
    Ok(Reply::ok(shared.rebased(&object.done())))
}

fn listed(base: &str, node: &TreeNode) -> String {
    let (kind, mode) = match node.size {
        Some(_) => ("blob", "100644"),
        None => ("tree", "040000"),
    };
    let object = Object::new()
        .text("path", &node.path)
        .text("mode", mode)
        .text("type", kind)
        .text("sha", &node.sha)
        .text("url", &format!("{base}/{kind}s/{}", node.sha));
    match node.size {
        Some(size) => object.number("size", size as i64).done(),
        None => object.done(),
    }
}

/// `GET /repos/{owner}/{repo}/activity`: the changes of branches, or of the one in `ref`, newest first.
pub(in super::super) async fn activity(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let asked = parameter(&uri, "ref");
    let branch = asked.as_deref();
    let branch = branch.map(|name| name.strip_prefix("refs/heads/").unwrap_or(name));
    let changes = world.places[place].code.changes.iter();
    let mut changes: Vec<&RecordedChange> =
        changes.filter(|own| branch.is_none_or(|branch| own.branch == branch)).collect();
    changes.sort_by_key(|own| (own.at, own.id));
    changes.reverse();
    Ok(Reply::part(&shared.base, &uri, &changes, |own| {
        let object = Object::new()
            .number("id", own.id)
            .text("node_id", &format!("PSH_{}", own.id))
            .text("before", &own.before)
            .text("after", &own.after)
            .text("ref", &format!("refs/heads/{}", own.branch))
            .at("timestamp", own.at)
            .text("activity_type", own.kind)
            .raw("actor", &account(&world, Some(own.by)));
        shared.rebased(&object.done())
    }))
}
