use std::collections::BTreeSet;

use axum::{Json, extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    web::{List, ListQuery, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    actions,
    reads::{self, DeliveryDetail, DeliveryFilter, DeliveryState, DeliveryView},
};

/// Routes by which admins list the inbox and retry its deliveries.
pub fn inbox_routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(deliveries))
        .routes(routes!(retry_dead))
        .routes(routes!(delivery))
        .routes(routes!(retry))
}

/// Which deliveries are looked for; what is empty says nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct DeliverySearch {
    /// GitHub's id of the delivery, whole.
    #[param(required = false)]
    pub id: String,
    /// The event, or event and action as in `pull_request.opened`.
    #[param(required = false, example = "pull_request")]
    pub event: String,
    /// The repository's full name or GitHub's id of it.
    #[param(required = false)]
    pub repository: String,
    /// Words of the outcome or the error.
    #[param(required = false)]
    pub words: String,
    /// Result: `waiting`, `done` or `dead`.
    #[param(required = false)]
    pub state: String,
}

impl DeliverySearch {
    /// The deliveries meant that are older than the one with the id `before`.
    ///
    /// # Errors
    /// A sentence when the state is none.
    pub fn filter(&self, before: Option<Uuid>) -> Result<DeliveryFilter, Problem> {
        Ok(DeliveryFilter {
            delivery_id: self.id.trim().to_owned(),
            event: self.event.trim().to_owned(),
            repository: self.repository.trim().to_owned(),
            words: self.words.trim().to_owned(),
            state: self.state()?,
            before,
        })
    }

    /// Returns true when the filter matches every delivery.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [
            &self.id,
            &self.event,
            &self.repository,
            &self.words,
            &self.state,
        ]
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
    /// GitHub's id of it.
    id: String,
    /// `pull_request`, `push` …
    event: String,
    /// The event's action, when the body names one.
    action: Option<String>,
    /// GitHub's id of the repository.
    repository_github_id: Option<i64>,
    /// The repository's full name; null when it is not known here.
    repository: Option<String>,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// How often it was tried since it last became pending.
    attempts: i64,
    /// `waiting`, `done` or `dead`.
    state: &'static str,
    /// When it was done, if it is.
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Timestamp>,
    /// When it was given up, if it was.
    #[schema(value_type = Option<String>, format = DateTime)]
    dead_at: Option<Timestamp>,
    /// Change it made, or the reason why it made none.
    outcome: Option<String>,
    /// Why the last attempt failed.
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

/// A delivery with its payload and its result.
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
    /// The hook that sent it.
    hook_id: Option<i64>,
    /// Bytes of its body.
    body_size: i64,
    /// Its body as it came, byte for byte; absent once it was forgotten or when it is no text.
    payload: Option<String>,
}

/// The result of a retry.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "retried": 1 }))]
struct Retried {
    /// Number of deliveries that are pending again.
    retried: u64,
}

/// Deliveries, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/deliveries",
    operation_id = "deliveries",
    tag = "Admin",
    params(DeliverySearch, ListQuery),
    responses(
        (status = 200, description = "A page of the list", body = List<Delivery>),
        (status = 400, description = "The query string is malformed"),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
async fn deliveries(
    State(context): State<Context>,
    _: Admin,
    Query(search): Query<DeliverySearch>,
    Query(query): Query<ListQuery>,
) -> Result<Json<List<Delivery>>, WebError> {
    let limit = query.limit()?;
    let before = query.cursor.as_deref().map(Uuid::try_parse).transpose();
    let filter = search.filter(before.map_err(|_| bad_cursor())?)?;
    let found = reads::find_deliveries(&context.db, &filter, limit + 1).await?;
    let found = List::cut(found, limit, |view| view.id.to_string());
    Ok(Json(found.map(Into::into)))
}

/// A delivery with its payload and its result.
#[utoipa::path(
    get,
    path = "/api/v1/admin/deliveries/{id}",
    operation_id = "delivery",
    tag = "Admin",
    params(("id" = String, Path, description = "GitHub's id of it", example = "0b989ba4-242f-11e5-81e1-c7b6966d2516")),
    responses(
        (status = 200, description = "The delivery", body = DeliveryWithPayload),
        (status = 400, description = "The path is malformed"),
        (status = 404, description = "Unknown delivery")
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
    let DeliveryDetail {
        view,
        hook_id,
        body_size,
        body,
    } = detail.ok_or_else(unknown)?;
    Ok(Json(DeliveryWithPayload {
        delivery: view.into(),
        hook_id,
        body_size,
        payload: body,
    }))
}

/// Retries a dead letter.
#[utoipa::path(
    post,
    path = "/api/v1/admin/deliveries/{id}/retry",
    operation_id = "retry_delivery",
    tag = "Admin",
    params(("id" = String, Path, description = "GitHub's id of it", example = "0b989ba4-242f-11e5-81e1-c7b6966d2516")),
    responses(
        (status = 202, description = "The delivery is pending again", body = Retried),
        (status = 400, description = "The path is malformed"),
        (status = 409, description = "The delivery is not a dead letter")
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

/// Retries every dead letter.
#[utoipa::path(
    post,
    path = "/api/v1/admin/deliveries/retry-dead",
    operation_id = "retry_dead_deliveries",
    tag = "Admin",
    responses(
        (status = 202, description = "The dead letters are pending again", body = Retried),
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
