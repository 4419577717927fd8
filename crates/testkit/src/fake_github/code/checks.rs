use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State},
};
use serde_json::Value;

use super::super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    world::World,
};
use crate::{
    payloads::{Account, RunState, check_suite, workflow_run},
    story::StoryEvent,
};

/// The longest type of a dispatched event, in characters.
const LONGEST_TYPE: usize = 100;

/// `POST /repos/{owner}/{repo}/dispatches`: runs the workflow on the default branch.
pub(in super::super) async fn dispatch(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let event = body["event_type"].as_str();
    let event = event.filter(|event| (1..=LONGEST_TYPE).contains(&event.chars().count()));
    let event = event.ok_or_else(|| Refusal::invalid("event_type is missing or too long"))?;
    let mut world = shared.world();
    let (place, by) = caller.writer(&world, &format!("{owner}/{repo}"))?;
    let payload = body["client_payload"].clone();
    let code = &mut world.places[place].code;
    code.dispatched.push((event.to_owned(), payload));
    let branch = world.places[place].repo.default_branch.clone();
    if let Some(head) = world.places[place].code.branches.get(&branch).cloned() {
        world.run_workflow(place, "repository_dispatch", &branch, &head, &by);
    }
    Ok(Reply::empty())
}

impl World {
    /// Delivers the end of the workflow's run for a commit of a branch, if the repository has a workflow.
    pub(super) fn run_workflow(
        &mut self,
        place: usize,
        event: &str,
        branch: &str,
        sha: &str,
        by: &Account,
    ) {
        let Some(workflow) = self.places[place].code.workflow.clone() else {
            return;
        };
        let run = RunState {
            id: self.id(),
            name: workflow.name,
            event: event.to_owned(),
            branch: branch.to_owned(),
            sha: sha.to_owned(),
            conclusion: workflow.conclusion,
            at: self.now(),
        };
        self.reserve(run.id + 1);
        let repo = Arc::clone(&self.places[place].repo);
        let events = [
            ("check_suite", check_suite(&repo, &run, by)),
            ("workflow_run", workflow_run(&repo, &run, by)),
        ];
        for (name, body) in events {
            self.emit(place, &StoryEvent { name, body });
        }
    }
}
