//! Many repositories with open issues at once.

use std::sync::Arc;

use axum::{body::Bytes, extract::State};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    world::World,
};
use crate::payloads::{Label, Repo};

/// The most repositories of one request.
const MOST: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockedRepository {
    /// The login of its owner, who is known.
    owner: String,
    name: String,
    description: String,
    language: String,
    topics: Vec<String>,
    stars: i64,
    /// The days since the last push.
    quiet_days: i64,
    has_guidelines: bool,
    issues: Vec<StockedIssue>,
}

/// An open issue of its owner.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockedIssue {
    title: String,
    body: String,
    labels: Vec<String>,
    comments: i64,
    reactions: i64,
    /// The hours since it was opened, and since something last happened to it.
    hours: (i64, i64),
}

/// `POST /_stock` with a list of repositories: adds them with their open issues, without deliveries.
pub(super) async fn add(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let wanted: Vec<StockedRepository> =
        serde_json::from_slice(&body).map_err(|error| Refusal::invalid(error.to_string()))?;
    if wanted.len() > MOST {
        let limit = format!("Add at most {MOST} repositories at once.");
        return Err(Refusal::invalid(limit));
    }
    let mut world = shared.world();
    let mut added = Vec::with_capacity(wanted.len());
    for repository in wanted {
        added.push(world.stock(repository)?);
    }
    Ok(Reply::created(json!(added).to_string()))
}

impl World {
    /// Adds a repository with its issues, and returns its ID.
    fn stock(&mut self, wanted: StockedRepository) -> Result<i64, Refusal> {
        let owner = self.person(&wanted.owner)?.clone();
        if self.place(&format!("{}/{}", wanted.owner, wanted.name)).is_ok() {
            return Err(Refusal::custom("Repository", "name already exists on this account"));
        }
        let (id, now) = (self.id(), self.now());
        let mut repo = Repo::new(id, owner.clone(), wanted.name, now);
        repo.description = Some(wanted.description);
        repo.language = Some(wanted.language);
        repo.topics = wanted.topics;
        repo.stars = wanted.stars;
        repo.created_at = now - TimeDelta::days(900);
        repo.pushed_at = now - TimeDelta::days(wanted.quiet_days);
        self.add_repo(repo).has_guidelines = wanted.has_guidelines;
        let place = self.places.len() - 1;
        for issue in wanted.issues {
            self.open_issue(place, &owner, |state| {
                state.title = issue.title;
                state.body = Some(issue.body);
                state.labels = issue.labels.into_iter().map(Label::named).collect();
                state.comments = issue.comments;
                state.reactions = issue.reactions;
                state.created_at = now - TimeDelta::hours(issue.hours.0);
                state.updated_at = now - TimeDelta::hours(issue.hours.1);
            });
        }
        Ok(id)
    }
}
