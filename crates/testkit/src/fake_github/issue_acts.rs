//! The REST API of issues.

use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
};
use serde_json::Value;

use super::{
    Shared,
    answer::{Answer, Refusal, Reply, parameter},
    guard::Caller,
    issues::{IssueAct, listed},
    pulls::PullAddress,
    world::{Role, World},
};
use crate::payloads::{Account, Label, Object, Shape, issue_object, pull_object};

/// `GET /repos/{owner}/{repo}/issues`: issues and pull requests.
pub(in crate::fake_github) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let asked = |name: &str, usual: &str| parameter(&uri, name).unwrap_or_else(|| usual.to_owned());
    let state = asked("state", "open");
    let is_wanted = |closed: bool| match state.as_str() {
        "open" => !closed,
        "closed" => closed,
        _ => true,
    };
    if !["open", "closed", "all"].contains(&state.as_str()) {
        return Err(Refusal::field("Issue", "state", "invalid"));
    }
    let place = &world.places[place];
    let mut found: Vec<_> = listed(place).into_iter().filter(|own| is_wanted(own.2)).collect();
    match asked("sort", "created").as_str() {
        "updated" => found.sort_by_key(|own| (own.0, own.3)),
        _ => found.sort_by_key(|own| (own.1, own.3)),
    }
    if asked("direction", "desc") == "desc" {
        found.reverse();
    }
    Ok(Reply::page(&shared.base, &uri, &found, |(_, _, _, number)| {
        let json = match place.issues.get(number) {
            Some(issue) => issue_object(&place.repo, &issue.state).done(),
            None => {
                pull_as_issue(&pull_object(&place.pulls[number].story.pull, Shape::Bare).done())
            }
        };
        shared.rebased(&json)
    }))
}

/// Marks a pull request in a list of issues.
fn pull_as_issue(pull: &str) -> String {
    let mark = Object::new().raw("pull_request", "{}").done();
    format!("{},{}", pull.trim_end_matches('}'), mark.trim_start_matches('{'))
}

/// `GET /repos/{owner}/{repo}/issues/{number}`
pub(in crate::fake_github) async fn show(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    shared.issue(&world, place, number).map(Reply::ok)
}

/// `POST /repos/{owner}/{repo}/issues`
pub(in crate::fake_github) async fn create(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let title = body["title"].as_str().filter(|title| !title.is_empty());
    let title = title.ok_or_else(|| Refusal::field("Issue", "title", "missing_field"))?;
    let mut world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let author = caller.account(&world)?;
    let may_label = world.places[place].role(author.id) >= Some(Role::Triage);
    let number = world.open_issue(place, &author, |issue| {
        title.clone_into(&mut issue.title);
        issue.body = body["body"].as_str().map(str::to_owned);
        // GitHub leaves out the labels of people who may not set them.
        if may_label {
            issue.labels = texts(&body["labels"]).map(Label::named).collect();
        }
    });
    shared.issue(&world, place, number).map(Reply::created)
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// `PATCH /repos/{owner}/{repo}/issues/{number}`: changes title, description and state; labels and assignees as a whole.
pub(in crate::fake_github) async fn change(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let (place, by) = writer(&world, &caller, &format!("{owner}/{repo}"), number)?;
    for act in acts(&world, place, number, &body)? {
        world.act_on_issue(place, number, &act, &by)?;
    }
    shared.issue(&world, place, number).map(Reply::ok)
}

fn acts(world: &World, place: usize, number: i64, body: &Value) -> Result<Vec<IssueAct>, Refusal> {
    let issue = world.places[place].issues.get(&number).ok_or_else(Refusal::not_found)?;
    let state = &issue.state;
    let mut acts = Vec::new();
    if body.get("title").is_some() || body.get("body").is_some() {
        let title = body["title"].as_str().unwrap_or(&state.title).to_owned();
        let text = body["body"].as_str().map(str::to_owned);
        acts.push(IssueAct::Edited(title, text.or_else(|| state.body.clone())));
    }
    if body["labels"].is_array() {
        let wanted: Vec<&str> = texts(&body["labels"]).collect();
        let known = |name: &&&str| state.labels.iter().any(|label| label.name == **name);
        acts.extend(
            wanted
                .iter()
                .filter(|name| !known(name))
                .map(|name| IssueAct::Labeled((*name).to_owned())),
        );
        let lost = state.labels.iter().filter(|label| !wanted.contains(&label.name.as_str()));
        acts.extend(lost.map(|label| IssueAct::Unlabeled(label.name.clone())));
    }
    if body["assignees"].is_array() {
        let wanted: Vec<&str> = texts(&body["assignees"]).collect();
        let known = |login: &&&str| state.assignees.iter().any(|account| account.login == **login);
        acts.extend(
            wanted
                .iter()
                .filter(|login| !known(login))
                .map(|login| IssueAct::Assigned((*login).to_owned())),
        );
        let lost =
            state.assignees.iter().filter(|account| !wanted.contains(&account.login.as_str()));
        acts.extend(lost.map(|account| IssueAct::Unassigned(account.login.clone())));
    }
    match body["state"].as_str() {
        Some("closed") => acts.push(IssueAct::Closed(body["state_reason"] != "not_planned")),
        Some("open") => acts.push(IssueAct::Reopened),
        Some(_) => return Err(Refusal::field("Issue", "state", "invalid")),
        None => {}
    }
    Ok(acts)
}

/// `POST /repos/{owner}/{repo}/issues/{number}/comments`
pub(in crate::fake_github) async fn comment(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let text = body["body"].as_str().filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Refusal::field("IssueComment", "body", "missing_field"))?;
    let mut world = shared.world();
    let (place, by) = caller.actor(&world, &format!("{owner}/{repo}"))?;
    match world.places[place].pulls.get_mut(&number) {
        Some(pull) => pull.comments.push(text.to_owned()),
        None => world.act_on_issue(place, number, &IssueAct::Commented(text.to_owned()), &by)?,
    }
    Ok(Reply::created(Object::new().text("body", text).done()))
}

/// `PUT /repos/{owner}/{repo}/issues/{number}/lock`
pub(in crate::fake_github) async fn lock(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(path): PullAddress,
) -> Answer {
    set_locked(&shared, &caller, path, &IssueAct::Locked)
}

/// `DELETE /repos/{owner}/{repo}/issues/{number}/lock`
pub(in crate::fake_github) async fn unlock(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(path): PullAddress,
) -> Answer {
    set_locked(&shared, &caller, path, &IssueAct::Unlocked)
}

fn set_locked(
    shared: &Shared,
    caller: &Caller,
    (owner, repo, number): (String, String, i64),
    act: &IssueAct,
) -> Answer {
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Triage)?;
    world.act_on_issue(place, number, act, &by)?;
    Ok(Reply::empty())
}

/// Returns the place and the account of a caller who may change an issue: its author, and people with the role triage.
fn writer(
    world: &World,
    caller: &Caller,
    full_name: &str,
    number: i64,
) -> Result<(usize, Account), Refusal> {
    let place = caller.place(world, full_name)?;
    let by = caller.account(world)?;
    let issue = world.places[place].issues.get(&number).ok_or_else(Refusal::not_found)?;
    let is_own = issue.state.author.as_ref().is_some_and(|author| author.id == by.id);
    if is_own || world.places[place].role(by.id) >= Some(Role::Triage) {
        Ok((place, by))
    } else {
        Err(Refusal::new(403, "Must have admin rights to Repository."))
    }
}

impl Shared {
    fn issue(&self, world: &World, place: usize, number: i64) -> Result<String, Refusal> {
        let place = &world.places[place];
        let issue = place.issues.get(&number).ok_or_else(Refusal::not_found)?;
        Ok(self.rebased(&issue_object(&place.repo, &issue.state).done()))
    }
}
