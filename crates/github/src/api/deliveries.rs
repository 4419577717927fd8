use std::collections::BTreeSet;

use axum::{Json, extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    actions,
    reads::{self, DeliveryDetail, DeliveryFilter, DeliveryState, DeliveryView},
};

/// Routes for admins to list and retry deliveries.
pub fn inbox_routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(deliveries))
        .routes(routes!(retry_dead))
        .routes(routes!(delivery))
        .routes(routes!(retry))
}

/// Filters for deliveries. Empty fields match everything.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct DeliverySearch {
    /// Only the delivery with this GitHub delivery ID.
    #[param(required = false)]
    pub id: String,
    /// Only deliveries of this event, or of an event and action, such as `pull_request.opened`.
    #[param(required = false, example = "pull_request")]
    pub event: String,
    /// Only deliveries for repositories whose full name contains this text (case-insensitive), or with this GitHub ID.
    #[param(required = false)]
    pub repository: String,
    /// Only deliveries whose result or error contains this text.
    #[param(required = false)]
    pub q: String,
    /// Only deliveries in this state: `waiting`, `done` or `dead`.
    #[param(required = false, pattern = "^(waiting|done|dead)?$")]
    pub state: String,
}

impl DeliverySearch {
    /// Converts the search into a filter for deliveries older than the one with the ID `before`.
    ///
    /// # Errors
    /// When the state is unknown.
    pub fn filter(&self, before: Option<Uuid>) -> Result<DeliveryFilter, Problem> {
        Ok(DeliveryFilter {
            delivery_id: self.id.trim().to_owned(),
            event: self.event.trim().to_owned(),
            repository: self.repository.trim().to_owned(),
            words: self.q.trim().to_owned(),
            state: self.state()?,
            before,
            ..DeliveryFilter::default()
        })
    }

    /// Returns whether the search matches every delivery.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.id, &self.event, &self.repository, &self.q, &self.state]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    fn state(&self) -> Result<Option<DeliveryState>, Problem> {
        match self.state.as_str() {
            "" => Ok(None),
            "waiting" => Ok(Some(DeliveryState::Waiting)),
            "done" => Ok(Some(DeliveryState::Done)),
            "dead" => Ok(Some(DeliveryState::Dead)),
            other => {
                let detail = format!("state is '{other}'. Use waiting, done or dead.");
                Err(Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail))
            }
        }
    }
}

/// A delivery and its result.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0b989ba4-242f-11e5-81e1-c7b6966d2516", "event": "pull_request", "action": "opened",
    "repository_github_id": 1, "repository": "octo-org/lantern",
    "received_at": "2026-11-01T08:00:00Z", "attempts": 8,
    "state": "dead", "completed_at": null, "dead_at": "2026-11-01T09:00:00Z",
    "outcome": null, "error": "number: invalid type"
}))]
struct Delivery {
    /// The GitHub delivery ID.
    id: String,
    /// The event, such as `pull_request` or `push`.
    event: String,
    /// The event's action, if it has one.
    action: Option<String>,
    /// The repository's GitHub ID.
    repository_github_id: Option<i64>,
    /// The repository's full name. Null if the repository is not registered on this server.
    repository: Option<String>,
    /// When the delivery was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// The number of attempts since the delivery was last queued.
    attempts: i64,
    /// The state: `waiting`, `done` or `dead`.
    state: &'static str,
    /// When the delivery was processed. Null until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Timestamp>,
    /// When the delivery failed for good. Null if it did not.
    #[schema(value_type = Option<String>, format = DateTime)]
    dead_at: Option<Timestamp>,
    /// The change that the delivery made, or why it made none.
    outcome: Option<String>,
    /// The error of the last attempt.
    error: Option<String>,
}

impl From<DeliveryView> for Delivery {
    fn from(view: DeliveryView) -> Self {
        Self {
            state: match (view.dead_at, view.completed_at) {
                (Some(_), _) => "dead",
                (None, Some(_)) => "done",
                (None, None) => "waiting",
            },
            id: view.delivery_id,
            event: view.event,
            action: view.action,
            repository_github_id: view.repository_github_id,
            repository: view.repository,
            received_at: view.received_at,
            attempts: view.attempts,
            completed_at: view.completed_at,
            dead_at: view.dead_at,
            outcome: view.outcome,
            error: view.last_error,
        }
    }
}

/// A delivery with its payload and result.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0b989ba4-242f-11e5-81e1-c7b6966d2516", "event": "ping", "action": null,
    "repository_github_id": 1, "repository": "octo-org/lantern",
    "received_at": "2026-11-01T08:00:00Z", "attempts": 1,
    "state": "done", "completed_at": "2026-11-01T08:00:01Z", "dead_at": null,
    "outcome": "ping", "error": null, "hook_id": 7, "body_size": 14,
    "payload": "{\"zen\":\"Yes.\"}"
}))]
struct DeliveryWithPayload {
    #[serde(flatten)]
    delivery: Delivery,
    /// The GitHub ID of the webhook that sent the delivery.
    hook_id: Option<i64>,
    /// The size of the body in bytes.
    body_size: i64,
    /// The body exactly as received. Null if it is no longer stored or is not text.
    payload: Option<String>,
}

/// The result of a retry.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "retried": 1 }))]
struct Retried {
    /// The number of deliveries that were queued again.
    retried: u64,
}

/// Lists deliveries, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/deliveries",
    operation_id = "list_deliveries",
    tag = "Admin",
    params(DeliverySearch, ListQuery),
    responses(
        (status = 200, description = "A page of deliveries", body = List<Delivery>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
async fn deliveries(
    State(context): State<Context>,
    _: Admin,
    Query(search): Query<DeliverySearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Delivery>>, WebError> {
    let limit = query.limit()?;
    let before = query.cursor.as_deref().map(Uuid::try_parse).transpose();
    let filter = search.filter(before.map_err(|_| bad_cursor())?)?;
    let found = reads::find_deliveries(&context.db, &filter, limit + 1).await?;
    let found = List::cut(found, limit, |view| view.id.to_string());
    Ok(Paged(found.map(Into::into)))
}

/// Returns a delivery with its payload and result.
#[utoipa::path(
    get,
    path = "/api/v1/admin/deliveries/{id}",
    operation_id = "get_delivery",
    tag = "Admin",
    responses(
        (status = 200, description = "The delivery", body = DeliveryWithPayload)
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
async fn delivery(
    State(context): State<Context>,
    _: Admin,
    Path(id): Path<String>,
) -> Result<Json<DeliveryWithPayload>, WebError> {
    let unknown = || {
        let detail = "Unknown delivery. Search at GET /api/v1/admin/deliveries.";
        Problem::not_found(detail)
    };
    let detail = reads::delivery(&context.db, &id).await?;
    let DeliveryDetail { view, hook_id, body_size, body } = detail.ok_or_else(unknown)?;
    Ok(Json(DeliveryWithPayload { delivery: view.into(), hook_id, body_size, payload: body }))
}

/// Retries a failed delivery.
#[utoipa::path(
    post,
    path = "/api/v1/admin/deliveries/{id}/retry",
    operation_id = "retry_delivery",
    tag = "Admin",
    responses(
        (status = 202, description = "The delivery is queued again", body = Retried),
        (status = 409, description = "The delivery did not fail")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
async fn retry(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Retried>), WebError> {
    let actor = viewer.actor();
    let retried = actions::retry(&context, actor, &BTreeSet::from([id])).await?;
    Ok((StatusCode::ACCEPTED, Json(Retried { retried })))
}

/// Retries all failed deliveries.
#[utoipa::path(
    post,
    path = "/api/v1/admin/deliveries/retry-dead",
    operation_id = "retry_dead_deliveries",
    tag = "Admin",
    responses(
        (status = 202, description = "The failed deliveries are queued again", body = Retried),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
async fn retry_dead(
    State(context): State<Context>,
    Admin(viewer): Admin,
) -> Result<(StatusCode, Json<Retried>), WebError> {
    let actor = viewer.actor();
    let retried = actions::retry_all_dead(&context, actor).await?;
    Ok((StatusCode::ACCEPTED, Json(Retried { retried })))
}
