use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
};
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply, parameter},
    guard::Caller,
    world::{ChangedFile, HostedPull, Role, World},
};
use crate::{
    payloads::{Object, PullState, Shape, pull_object},
    story::{Act, Diff},
};

/// The path of a pull request: owner, repository, number.
pub(super) type PullAddress = Path<(String, String, i64)>;

/// `GET /repos/{owner}/{repo}/pulls`
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let asked = |name: &str, usual: &str| parameter(&uri, name).unwrap_or_else(|| usual.to_owned());
    let state = asked("state", "open");
    if !["open", "closed", "all"].contains(&state.as_str()) {
        return Err(Refusal::field("PullRequest", "state", "invalid"));
    }
    let base = parameter(&uri, "base");
    let pulls = world.places[place].pulls.values().map(|pull| &pull.story.pull);
    let mut pulls: Vec<&PullState> = pulls
        .filter(|pull| state == "all" || state == pull.state())
        .filter(|pull| base.as_ref().is_none_or(|base| *base == pull.base_ref))
        .collect();
    let by_update = asked("sort", "created") == "updated";
    pulls.sort_by_key(|pull| {
        (if by_update { pull.updated_at } else { pull.created_at }, pull.number)
    });
    if asked("direction", if by_update { "asc" } else { "desc" }) == "desc" {
        pulls.reverse();
    }
    Ok(Reply::page(&shared.base, &uri, &pulls, |pull| {
        shared.rebased(&pull_object(pull, Shape::Partial).done())
    }))
}

/// `GET /repos/{owner}/{repo}/pulls/{number}`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    Ok(Reply::ok(shared.full(world.pull(place, number)?)))
}

/// `POST /repos/{owner}/{repo}/pulls`
pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let need = |name: &str| {
        let text = body[name].as_str().filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::field("PullRequest", name, "missing_field"))
    };
    let mut world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let author = caller.account(&world)?;
    let (title, head, base) = (need("title")?, need("head")?, need("base")?);
    let number = world.open(place, &author, |pull| {
        title.clone_into(&mut pull.title);
        head.rsplit(':').next().unwrap_or(head).clone_into(&mut pull.head_ref);
        base.clone_into(&mut pull.base_ref);
        pull.body = body["body"].as_str().map(str::to_owned);
        pull.draft = body["draft"] == true;
    })?;
    Ok(Reply::created(shared.full(world.pull(place, number)?)))
}

/// `PATCH /repos/{owner}/{repo}/pulls/{number}`: changes the title, closes or reopens.
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let (place, by) = caller.actor(&world, &format!("{owner}/{repo}"))?;
    let pull = &world.pull(place, number)?.story.pull;
    let own = pull.author.as_ref().is_some_and(|author| author.id == by.id);
    let is_app = caller.installation().is_ok();
    if !is_app && !own && world.places[place].role(by.id) < Some(Role::Write) {
        return Err(Refusal::new(403, "Must have push access to the repository."));
    }
    if let Some(title) = body["title"].as_str() {
        world.act(place, number, Act::Edited(title.to_owned()), &by)?;
    }
    match body["state"].as_str() {
        Some("closed") => world.act(place, number, Act::Closed, &by)?,
        Some("open") => world.act(place, number, Act::Reopened, &by)?,
        Some(_) => return Err(Refusal::field("PullRequest", "state", "invalid")),
        None => {}
    }
    Ok(Reply::ok(shared.full(world.pull(place, number)?)))
}

/// `PUT /repos/{owner}/{repo}/pulls/{number}/merge`
pub(super) async fn merge(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Write)?;
    let pull = &world.pull(place, number)?.story.pull;
    if pull.draft && pull.closed_at.is_none() {
        return Err(Refusal::new(405, "Pull Request is still a draft"));
    }
    if body["sha"].as_str().is_some_and(|sha| sha != pull.head_sha) {
        return Err(Refusal::new(409, "Head branch was modified. Review and try the merge again."));
    }
    let sha: String = pull.head_sha.chars().rev().collect();
    let refused = |_| Refusal::new(405, "Pull Request is not mergeable");
    world.act(place, number, Act::Merged, &by).map_err(refused)?;
    let answer =
        json!({ "sha": sha, "merged": true, "message": "Pull Request successfully merged" });
    Ok(Reply::ok(answer.to_string()))
}

/// `GET /repos/{owner}/{repo}/pulls/{number}/files`
pub(super) async fn files(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let pull = world.pull(place, number)?;
    let files = files_of(pull);
    Ok(Reply::page(&shared.base, &uri, &files, |file| {
        Object::new()
            .text("sha", &pull.story.pull.head_sha)
            .text("filename", &file.filename)
            .text("status", "modified")
            .number("additions", file.additions)
            .number("deletions", file.deletions)
            .number("changes", file.additions + file.deletions)
            .text("patch", &patch_of(file))
            .done()
    }))
}

pub(super) fn files_of(pull: &HostedPull) -> Vec<ChangedFile> {
    let known = pull.files.clone();
    known.unwrap_or_else(|| invented_files(&pull.story.pull))
}

/// Returns the hunks of a file, or as many invented lines.
fn patch_of(file: &ChangedFile) -> String {
    let lines = |sign: char, count: i64| {
        (0..count.clamp(0, 1_000)).map(move |line| format!("\n{sign}line {line} of {sign}"))
    };
    let invented = || {
        let header = format!("@@ -1,{} +1,{} @@", file.deletions, file.additions);
        let removed = lines('-', file.deletions);
        header + &removed.chain(lines('+', file.additions)).collect::<String>()
    };
    file.patch.clone().unwrap_or_else(invented)
}

/// Generates files whose line counts add up to those of the pull request.
fn invented_files(pull: &PullState) -> Vec<ChangedFile> {
    let count = pull.changed_files.clamp(0, 3000);
    let share = |total: i64, index: i64| total / count + i64::from(index < total % count);
    let name = |index: i64| match index % 4 {
        1 => format!("tests/part_{index}.rs"),
        3 => format!("docs/part_{index}.md"),
        _ => format!("src/part_{index}.rs"),
    };
    (0..count)
        .map(|index| ChangedFile {
            filename: name(index),
            additions: share(pull.additions, index),
            deletions: share(pull.deletions, index),
            patch: None,
        })
        .collect()
}

/// `POST /_acts/{owner}/{repo}/{number}`: acts that the real GitHub offers only through GraphQL or git.
/// `{"act": "ready_for_review" | "convert_to_draft" | "enable_auto_merge" | "disable_auto_merge" | "enqueue" |
/// "dequeue" | "push", "by": LOGIN}`
pub(super) async fn act(
    State(shared): State<Arc<Shared>>,
    Path((owner, repo, number)): PullAddress,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let place = world.place(&format!("{owner}/{repo}"))?;
    let by = world.person(body["by"].as_str().unwrap_or_default())?.clone();
    let act = match body["act"].as_str() {
        Some("ready_for_review") => Act::ReadyForReview,
        Some("convert_to_draft") => Act::ConvertedToDraft,
        Some("enable_auto_merge") => Act::AutoMergeEnabled,
        Some("disable_auto_merge") => Act::AutoMergeDisabled,
        Some("enqueue") => Act::Enqueued,
        Some("dequeue") => Act::Dequeued("MANUAL"),
        Some("push") => {
            let head_sha = world.rng.sha();
            let pull = &world.pull(place, number)?.story.pull;
            let count = |name: &str, now: i64| body[name].as_i64().unwrap_or(now);
            Act::Synchronized(Diff {
                additions: count("additions", pull.additions + 10),
                deletions: count("deletions", pull.deletions),
                changed_files: count("changed_files", pull.changed_files),
                head_sha,
            })
        }
        _ => {
            let message = "Set act to ready_for_review, convert_to_draft, enable_auto_merge, disable_auto_merge, enqueue, dequeue or push.";
            return Err(Refusal::invalid(message));
        }
    };
    world.act(place, number, act, &by)?;
    Ok(Reply::ok(shared.full(world.pull(place, number)?)))
}

impl World {
    pub(super) fn pull(&self, place: usize, number: i64) -> Result<&HostedPull, Refusal> {
        self.places[place].pulls.get(&number).ok_or_else(Refusal::not_found)
    }
}

impl Shared {
    fn full(&self, pull: &HostedPull) -> String {
        self.rebased(&pull_object(&pull.story.pull, Shape::Full).done())
    }
}
