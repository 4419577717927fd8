use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
};
use serde_json::Value;

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    pulls::Number,
    world::Role,
};
use crate::{
    payloads::{Label, label},
    story::Act,
};

/// `GET /repos/{owner}/{repo}/issues/{number}/labels`
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): Number,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let pull = &world.pull(place, number)?.story.pull;
    Ok(Reply::page(&shared.base, &uri, &pull.labels, |own| {
        shared.rebased(&label(&pull.repo, own))
    }))
}

/// `POST /repos/{owner}/{repo}/issues/{number}/labels`
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): Number,
    OriginalUri(uri): OriginalUri,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    // GitHub accepts a bare list or an object with the field `labels`.
    let names = body.as_array().or_else(|| body["labels"].as_array());
    let names = names.ok_or_else(|| Refusal::field("Label", "labels", "missing_field"))?;
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Triage)?;
    world.pull(place, number)?;
    for name in names.iter().filter_map(Value::as_str) {
        let act = Act::Labeled(Label::named(name));
        // Adding a label twice is not an error.
        if world.pull(place, number)?.story.allows(&act) {
            world.act(place, number, act, &by)?;
        }
    }
    let pull = &world.pull(place, number)?.story.pull;
    Ok(Reply::page(&shared.base, &uri, &pull.labels, |own| {
        shared.rebased(&label(&pull.repo, own))
    }))
}

/// `DELETE /repos/{owner}/{repo}/issues/{number}/labels/{name}`
pub(super) async fn remove(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number, name)): Path<(String, String, i64, String)>,
) -> Answer {
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Triage)?;
    world.pull(place, number)?;
    let missing = |_| Refusal::new(404, "Label does not exist");
    world
        .act(place, number, Act::Unlabeled(Label::named(name)), &by)
        .map_err(missing)?;
    Ok(Reply::ok("[]"))
}
