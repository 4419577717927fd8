use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
    http::Uri,
};
use serde_json::Value;

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    issues::IssueAct,
    pulls::PullAddress,
    world::{Role, World},
};
use crate::{
    payloads::{Label, label},
    story::Act,
};

/// `GET /repos/{owner}/{repo}/issues/{number}/labels`
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    labels(&shared, &world, place, number, &uri)
}

/// Lists the labels of an issue or a pull request.
fn labels(shared: &Shared, world: &World, place: usize, number: i64, uri: &Uri) -> Answer {
    let known = &world.places[place];
    let own = match known.issues.get(&number) {
        Some(issue) => &issue.state.labels,
        None => &world.pull(place, number)?.story.pull.labels,
    };
    Ok(Reply::page(&shared.base, uri, own, |own| shared.rebased(&label(&known.repo, own))))
}

/// `POST /repos/{owner}/{repo}/issues/{number}/labels`
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    OriginalUri(uri): OriginalUri,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    // GitHub accepts a bare list or an object with the field `labels`.
    let names = body.as_array().or_else(|| body["labels"].as_array());
    let names = names.ok_or_else(|| Refusal::field("Label", "labels", "missing_field"))?;
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Triage)?;
    let is_issue = world.places[place].issues.contains_key(&number);
    for name in names.iter().filter_map(Value::as_str) {
        if is_issue {
            world.act_on_issue(place, number, &IssueAct::Labeled(name.to_owned()), &by)?;
            continue;
        }
        let act = Act::Labeled(Label::named(name));
        // Adding a label twice is not an error.
        if world.pull(place, number)?.story.allows(&act) {
            world.act(place, number, act, &by)?;
        }
    }
    labels(&shared, &world, place, number, &uri)
}

/// `DELETE /repos/{owner}/{repo}/issues/{number}/labels/{name}`
pub(super) async fn remove(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number, name)): Path<(String, String, i64, String)>,
) -> Answer {
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Triage)?;
    if world.places[place].issues.contains_key(&number) {
        world.act_on_issue(place, number, &IssueAct::Unlabeled(name), &by)?;
        return Ok(Reply::ok("[]"));
    }
    world.pull(place, number)?;
    let missing = |_| Refusal::new(404, "Label does not exist");
    world.act(place, number, Act::Unlabeled(Label::named(name)), &by).map_err(missing)?;
    Ok(Reply::ok("[]"))
}
