use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
};
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    pulls::PullAddress,
    world::{Role, World},
};
use crate::{
    payloads::{Account, PullState, ReviewState, Verdict, review_object},
    story::{Act, NewReview},
};

/// The path of a review: owner, repository, number, review.
type Review = Path<(String, String, i64, i64)>;

/// `GET /repos/{owner}/{repo}/pulls/{number}/reviews`
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let story = &world.pull(place, number)?.story;
    Ok(Reply::page(&shared.base, &uri, &story.reviews, |own| shared.review(&story.pull, own)))
}

/// `POST /repos/{owner}/{repo}/pulls/{number}/reviews`
pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number)): PullAddress,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let verdict = match body["event"].as_str() {
        Some("APPROVE") => Verdict::Approved,
        Some("REQUEST_CHANGES") => Verdict::ChangesRequested,
        Some("COMMENT") => Verdict::Commented,
        _ => return Err(Refusal::field("PullRequestReview", "event", "invalid")),
    };
    let words = body["body"].as_str().map(str::to_owned);
    if verdict != Verdict::Approved && words.as_ref().is_none_or(String::is_empty) {
        return Err(Refusal::field("PullRequestReview", "body", "missing_field"));
    }
    let mut world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let by = caller.account(&world)?;
    let id = world.submit(place, number, &by, verdict, words)?;
    shared.shown(&world, place, number, id)
}

impl World {
    /// Submits a review and returns its ID.
    pub(super) fn submit(
        &mut self,
        place: usize,
        number: i64,
        by: &Account,
        verdict: Verdict,
        body: Option<String>,
    ) -> Result<i64, Refusal> {
        let pull = &self.pull(place, number)?.story.pull;
        let own = pull.author.as_ref().is_some_and(|author| author.id == by.id);
        let why = match verdict {
            Verdict::Approved => "Can not approve your own pull request",
            _ => "Can not request changes on your own pull request",
        };
        if own && verdict != Verdict::Commented {
            return Err(Refusal {
                errors: Some(json!([why])),
                ..Refusal::new(422, "Unprocessable Entity")
            });
        }
        let association = self.association(place, by);
        let id = self.id();
        let review = NewReview { id, verdict, body, association, bare: false };
        self.act(place, number, Act::Reviewed(review), by)?;
        Ok(id)
    }

    /// Returns a person's association with a repository, in GitHub's words.
    pub(super) fn association(&self, place: usize, account: &Account) -> &'static str {
        let place = &self.places[place];
        match place.roles.get(&account.id) {
            _ if place.repo.owner.id == account.id => "OWNER",
            Some(role) if *role >= Role::Maintain => "MEMBER",
            Some(_) => "COLLABORATOR",
            None => "CONTRIBUTOR",
        }
    }
}

/// `PUT /repos/{owner}/{repo}/pulls/{number}/reviews/{review}`
pub(super) async fn edit(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number, id)): Review,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let words = body["body"].as_str();
    let words =
        words.ok_or_else(|| Refusal::field("PullRequestReview", "body", "missing_field"))?;
    let mut world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let by = caller.account(&world)?;
    let review = world.review(place, number, id)?.1;
    if review.user.as_ref().is_none_or(|user| user.id != by.id) {
        return Err(Refusal::new(403, "Must be the author of the review."));
    }
    world.act(place, number, Act::ReviewEdited(id, words.to_owned()), &by)?;
    shared.shown(&world, place, number, id)
}

/// `PUT /repos/{owner}/{repo}/pulls/{number}/reviews/{review}/dismissals`
pub(super) async fn dismiss(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, number, id)): Review,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    if !body["message"].is_string() {
        return Err(Refusal::field("PullRequestReview", "message", "missing_field"));
    }
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Write)?;
    if world.review(place, number, id)?.1.verdict == Verdict::Commented {
        return Err(Refusal::invalid("Can not dismiss a commented pull request review"));
    }
    world.act(place, number, Act::ReviewDismissed(id), &by)?;
    shared.shown(&world, place, number, id)
}

impl World {
    fn review(
        &self,
        place: usize,
        number: i64,
        id: i64,
    ) -> Result<(&PullState, &ReviewState), Refusal> {
        let story = &self.pull(place, number)?.story;
        let review = story.reviews.iter().find(|review| review.id == id);
        Ok((&story.pull, review.ok_or_else(Refusal::not_found)?))
    }
}

impl Shared {
    /// Renders a review; the API writes the verdict in capitals.
    fn review(&self, pull: &PullState, review: &ReviewState) -> String {
        let state = review.verdict.name().to_ascii_uppercase();
        self.rebased(&review_object(pull, review, &state).done())
    }

    fn shown(&self, world: &World, place: usize, number: i64, id: i64) -> Answer {
        let (pull, review) = world.review(place, number, id)?;
        Ok(Reply::ok(self.review(pull, review)))
    }
}
