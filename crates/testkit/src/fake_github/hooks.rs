use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    world::{HookRecord, SentDelivery, World},
};
use crate::payloads::{Account, Hook, hook_object, instant};

/// How long GitHub lists a delivery.
const LISTED: TimeDelta = TimeDelta::days(3);

/// The path of a hook: owner, repository, hook.
type HookPath = Path<(String, String, i64)>;

/// `GET /repos/{owner}/{repo}/hooks`
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let (place, _) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    let place = &world.places[place];
    Ok(Reply::page(&shared.base, &uri, &place.hooks, |record| {
        shared.rebased(&hook_object(&place.repo, &record.hook).done())
    }))
}

/// `POST /repos/{owner}/{repo}/hooks`: creates a hook and pings it.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let (place, by) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    let config = &body["config"];
    let url = config["url"].as_str().filter(|url| url.starts_with("http"));
    let url = url.ok_or_else(|| Refusal::custom("Hook", "url is missing or not http(s)"))?;
    let events = texts(&body["events"]).unwrap_or_else(|| vec![String::from("push")]);
    let secret = config["secret"].as_str().map(str::to_owned);
    let id = world.add_hook(place, url, events, secret, &by)?;
    if body["active"] == false {
        world.hook(place, id)?.hook.active = false;
    }
    let record = world.hook(place, id)?.hook.clone();
    let repo = &world.places[place].repo;
    Ok(Reply::created(shared.rebased(&hook_object(repo, &record).done())))
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let texts = value.as_array()?.iter().filter_map(Value::as_str);
    Some(texts.map(str::to_owned).collect())
}

impl World {
    /// Creates a hook, pings it and returns its ID.
    pub(super) fn add_hook(
        &mut self,
        place: usize,
        url: &str,
        events: Vec<String>,
        secret: Option<String>,
        by: &Account,
    ) -> Result<i64, Refusal> {
        if self.places[place].hooks.iter().any(|record| record.hook.url == url) {
            return Err(Refusal::custom("Hook", "Hook already exists on this repository"));
        }
        let (id, created_at) = (self.id(), self.now());
        let hook = Hook { id, url: url.to_owned(), events, active: true, created_at };
        self.places[place].hooks.push(HookRecord { hook, secret, sent: Vec::new() });
        self.ping(place, id, by);
        Ok(id)
    }

    fn hook(&mut self, place: usize, id: i64) -> Result<&mut HookRecord, Refusal> {
        let mut hooks = self.places[place].hooks.iter_mut();
        hooks.find(|record| record.hook.id == id).ok_or_else(Refusal::not_found)
    }
}

/// `GET /repos/{owner}/{repo}/hooks/{hook}`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, id)): HookPath,
) -> Answer {
    let mut world = shared.world();
    let (place, _) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    let hook = world.hook(place, id)?.hook.clone();
    Ok(Reply::ok(shared.rebased(&hook_object(&world.places[place].repo, &hook).done())))
}

/// `PATCH /repos/{owner}/{repo}/hooks/{hook}`: changes events, activity, address or secret.
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, id)): HookPath,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let (place, _) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    let record = world.hook(place, id)?;
    if let Some(events) = texts(&body["events"]) {
        record.hook.events = events;
    }
    if let Some(active) = body["active"].as_bool() {
        record.hook.active = active;
    }
    if let Some(url) = body["config"]["url"].as_str() {
        url.clone_into(&mut record.hook.url);
    }
    if let Some(secret) = body["config"]["secret"].as_str() {
        record.secret = Some(secret.to_owned());
    }
    let hook = record.hook.clone();
    Ok(Reply::ok(shared.rebased(&hook_object(&world.places[place].repo, &hook).done())))
}

/// `DELETE /repos/{owner}/{repo}/hooks/{hook}`
pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, id)): HookPath,
) -> Answer {
    let mut world = shared.world();
    let (place, _) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    world.hook(place, id)?;
    world.places[place].hooks.retain(|record| record.hook.id != id);
    Ok(Reply::empty())
}

/// `POST /repos/{owner}/{repo}/hooks/{hook}/pings`
pub(super) async fn ping(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, id)): HookPath,
) -> Answer {
    let mut world = shared.world();
    let (place, by) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    world.hook(place, id)?;
    world.ping(place, id, &by);
    Ok(Reply::empty())
}

/// `GET /repos/{owner}/{repo}/hooks/{hook}/deliveries`: those of the last three days, newest first.
pub(super) async fn deliveries(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, id)): HookPath,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let mut world = shared.world();
    let (place, _) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    let (repo_id, since) = (world.places[place].repo.id, world.now() - LISTED);
    let sent = world.hook(place, id)?.sent.iter().rev();
    let sent: Vec<&SentDelivery> = sent.filter(|sent| sent.at >= since).collect();
    Ok(Reply::page(&shared.base, &uri, &sent, |sent| summary(sent, Some(repo_id)).to_string()))
}

/// `GET /repos/{owner}/{repo}/hooks/{hook}/deliveries/{delivery}`: includes the request that was sent.
pub(super) async fn delivery(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, id, delivery)): Path<(String, String, i64, i64)>,
) -> Answer {
    let mut world = shared.world();
    let (place, _) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    let repo_id = world.places[place].repo.id;
    let record = world.hook(place, id)?;
    let sent = record.sent.iter().find(|sent| sent.id == delivery);
    let sent = sent.ok_or_else(Refusal::not_found)?;
    let mut answer = summary(sent, Some(repo_id));
    answer["url"] = json!(record.hook.url);
    let payload: Value = serde_json::from_str(&sent.body).unwrap_or_default();
    let headers = json!({ "X-GitHub-Delivery": sent.guid, "X-GitHub-Event": sent.event });
    answer["request"] = json!({ "headers": headers, "payload": payload });
    answer["response"] = json!({ "headers": {}, "payload": null });
    Ok(Reply::ok(answer.to_string()))
}

/// `POST /repos/{owner}/{repo}/hooks/{hook}/deliveries/{delivery}/attempts`: redelivers with the same UUID.
pub(super) async fn redeliver(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, id, delivery)): Path<(String, String, i64, i64)>,
) -> Answer {
    let mut world = shared.world();
    let (place, _) = caller.with_hooks(&world, &format!("{owner}/{repo}"))?;
    let sent = world.hook(place, id)?.sent.iter().find(|sent| sent.id == delivery);
    let sent = sent.ok_or_else(Refusal::not_found)?;
    let (guid, event, body) = (sent.guid, sent.event.clone(), Arc::clone(&sent.body));
    world.send(place, id, guid, &event, body, true);
    Ok(Reply::new(202, "{}"))
}

pub(super) fn summary(sent: &SentDelivery, repository: Option<i64>) -> Value {
    let body: Value = serde_json::from_str(&sent.body).unwrap_or_default();
    let status = match sent.status {
        0 => String::from("failed to connect to host"),
        200..300 => String::from("OK"),
        other => format!("Invalid HTTP Response: {other}"),
    };
    json!({
        "id": sent.id,
        "guid": sent.guid,
        "delivered_at": instant(sent.at),
        "redelivery": sent.redelivery,
        "duration": 0.01,
        "status": status,
        "status_code": sent.status,
        "event": sent.event,
        "action": body["action"],
        "installation_id": null,
        "repository_id": repository,
    })
}
