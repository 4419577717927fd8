//! Claims of people to issues.

use axum::{Json, extract::State};
use identity::access::SignedIn;
use kernel::Timestamp;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    actions,
    reads::claims::{self as reads, OwnClaim},
    rules::claims::{place, ratings},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(claim))
        .routes(routes!(release))
        .routes(routes!(list))
        .routes(routes!(rate))
}

/// Your claim to an issue.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000021", "opportunity_id": "01931b6e-6c00-7000-8000-000000000020",
    "repository": "octo-org/lantern", "number": 12, "title": "Sort the stations by name", "status": "queued",
    "place_in_queue": 2, "queued_at": "2026-11-20T10:12:00Z", "claimed_at": null, "expires_at": null,
    "is_extended": false, "ended_at": null, "end_reason": null, "pull_request": null, "outcome": null,
    "hours": null, "difficulty": null, "learning": null
}))]
pub(super) struct Claim {
    /// The ID.
    id: Uuid,
    /// The ID of the opportunity.
    opportunity_id: Uuid,
    /// The repository: `owner/name`.
    repository: String,
    /// The number of the issue.
    number: i64,
    /// The title of the issue.
    title: String,
    /// `queued`, `active`, `completed`, `released` or `expired`.
    status: &'static str,
    /// The place in the queue, from 1. Null if the claim is not queued.
    place_in_queue: Option<i64>,
    /// When you claimed the issue.
    #[schema(value_type = String, format = DateTime)]
    queued_at: Timestamp,
    /// When the issue became yours. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    claimed_at: Option<Timestamp>,
    /// When the claim expires, or would have. Null before it is active.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// True if an open pull request of yours gave you more time.
    is_extended: bool,
    /// When the claim ended. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Why it ended, if the issue can no longer be done.
    end_reason: Option<String>,
    /// The pull request that completed it: `owner/name#number`.
    pull_request: Option<String>,
    /// `merged` or `closed`: the fate of your pull request. Null if the claim has not ended, or had none.
    outcome: Option<String>,
    /// The hours that it took.
    hours: Option<f64>,
    /// How difficult it was, 1 to 5.
    difficulty: Option<i64>,
    /// How much you learned, 1 to 5.
    learning: Option<i64>,
}

impl From<OwnClaim> for Claim {
    fn from(own: OwnClaim) -> Self {
        Self {
            id: own.id,
            opportunity_id: own.opportunity_id,
            status: own.status.as_str(),
            place_in_queue: own.place(),
            hours: own.hours(),
            repository: own.repository,
            number: own.number,
            title: own.title,
            queued_at: own.queued_at,
            claimed_at: own.claimed_at,
            expires_at: own.expires_at,
            is_extended: own.extended,
            ended_at: own.ended_at,
            end_reason: own.end_reason,
            pull_request: own.pull_request,
            outcome: own.outcome,
            difficulty: own.difficulty,
            learning: own.learning,
        }
    }
}

/// Claims an issue: it is yours for 7 days, or you are at the end of its queue. Nothing is posted on GitHub.
#[utoipa::path(
    post,
    path = "/api/v1/opportunities/{id}/claim",
    operation_id = "claim_opportunity",
    tag = "Discovery",
    params(IdempotencyKey),
    responses(
        (status = 201, description = "The claim", body = Claim),
        (status = 409, description = "You claimed it already, it cannot be done, or you reached the limit of claims or of queues")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn claim(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Created<Claim>, WebError> {
    let claimed = actions::claim(&context, viewer.user_id, id).await?;
    Ok(Created { location: "/api/v1/me/claims".to_owned(), body: claimed.into() })
}

/// Releases an issue that you claimed, or your place in its queue.
#[utoipa::path(
    post,
    path = "/api/v1/opportunities/{id}/release",
    operation_id = "release_opportunity",
    tag = "Discovery",
    responses(
        (status = 200, description = "The released claim", body = Claim),
        (status = 409, description = "You have no open claim to it")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn release(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Json<Claim>, WebError> {
    let released = actions::release(&context, viewer.user_id, id).await?;
    Ok(Json(released.into()))
}

/// Lists your claims: active ones first, then places in queues, then those that ended, each latest first.
#[utoipa::path(
    get,
    path = "/api/v1/me/claims",
    operation_id = "list_own_claims",
    tag = "Discovery",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of claims", body = List<Claim>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Claim>>, WebError> {
    let limit = query.limit()?;
    let read = |cursor: &str| place(cursor).ok_or_else(bad_cursor);
    let after = query.cursor.as_deref().map(read).transpose()?;
    let found = reads::own_claims(&context.db, viewer.user_id, after, limit + 1).await?;
    let found = List::cut(found, limit, OwnClaim::cursor);
    Ok(Paged(found.map(Claim::from)))
}

/// The outcome of a claim. What is absent or null is removed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "hours": 2.5, "difficulty": 3, "learning": 4 }))]
pub(super) struct OutcomeInput {
    /// The hours that it took.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    hours: Option<f64>,
    /// How difficult it was, 1 to 5.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    difficulty: Option<i64>,
    /// How much you learned, 1 to 5.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 5)]
    learning: Option<i64>,
}

/// States the outcome of a claim of yours after its end, in place of what you stated before.
#[utoipa::path(
    put,
    path = "/api/v1/claims/{id}/outcome",
    operation_id = "set_claim_outcome",
    tag = "Discovery",
    request_body = OutcomeInput,
    responses(
        (status = 200, description = "The claim", body = Claim),
        (status = 409, description = "The claim has not ended, or the issue was never yours"),
        (status = 422, description = "A value is out of range")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn rate(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
    Body(input): Body<OutcomeInput>,
) -> Result<Json<Claim>, WebError> {
    let ratings = ratings(input.hours, input.difficulty, input.learning)?;
    let rated = actions::rate_claim(&context, viewer.user_id, id, ratings).await?;
    Ok(Json(rated.into()))
}
