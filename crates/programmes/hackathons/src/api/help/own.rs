use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{All, Body, Created, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::HelpRequest;
use crate::{
    access::{Insider, no_team},
    actions,
    reads::{self, HelpPart, HelpRequestView},
    rules::help::HelpInput,
};

/// The number of requests in the answer.
const MOST: i64 = 50;

/// A request of your team.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "place_in_queue": 2, "id": "01931b6e-6c00-7000-8000-000000000006", "team": "Gannet",
    "topic": "The tide API answers 401.", "place": "Table 7", "state": "waiting", "mentor": null, "answer": null,
    "asked_at": "2026-11-20T10:12:00Z", "state_at": "2026-11-20T10:12:00Z"
}))]
pub(super) struct OwnHelpRequest {
    /// The place among the requests that wait, from 1. Null if it does not wait.
    place_in_queue: Option<i64>,
    #[serde(flatten)]
    request: HelpRequest,
}

async fn own(context: &Context, request: HelpRequestView) -> Result<OwnHelpRequest, WebError> {
    Ok(OwnHelpRequest {
        place_in_queue: reads::place_in_queue(&context.db, &request).await?,
        request: request.into(),
    })
}

/// Lists the last 50 requests for help of your team, latest first, with the place of the open one in the queue.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/help",
    operation_id = "list_own_help_requests",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The requests", body = All<OwnHelpRequest>),
        (status = 409, description = "You have no team")
    ),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(super) async fn get(
    State(context): State<Context>,
    Insider { viewer, hackathon, .. }: Insider,
) -> Result<Json<All<OwnHelpRequest>>, WebError> {
    let db = &context.db;
    let found = reads::team_of(db, hackathon.key(), viewer.user_id).await?;
    let (team, _) = found.ok_or_else(no_team)?;
    let mut items = Vec::new();
    for request in reads::help_requests(db, HelpPart::OfTeam(team.key()), None, MOST).await? {
        items.push(own(&context, request).await?);
    }
    Ok(Json(All::of(items)))
}

/// A request for help.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "topic": "The tide API answers 401.", "place": "Table 7" }))]
pub(super) struct HelpBody {
    /// The topic.
    #[schema(min_length = 1, max_length = 500)]
    topic: String,
    /// The place of your team: a table or an address.
    #[schema(min_length = 1, max_length = 100)]
    place: String,
}

/// Asks mentors for help for your team while submissions are open. A team has one open request at a time.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/help",
    operation_id = "ask_for_help",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = HelpBody,
    responses(
        (status = 201, description = "The request", body = OwnHelpRequest),
        (status = 403, description = "You have no place"),
        (status = 409, description = "You have no team, it has an open request, or submissions are not open"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn ask(
    State(context): State<Context>,
    Insider { viewer, hackathon, .. }: Insider,
    Body(body): Body<HelpBody>,
) -> Result<Created<OwnHelpRequest>, WebError> {
    let input = HelpInput { topic: body.topic, place: body.place };
    let (person, slug) = (viewer.user_id, &hackathon.slug);
    let asked = actions::ask_for_help(&context, person, slug, &input).await?;
    Ok(Created {
        location: format!("/api/v1/me/hackathons/{slug}/help"),
        body: own(&context, asked).await?,
    })
}

/// Withdraws the open request for help of your team.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/help",
    operation_id = "withdraw_help_request",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The request is withdrawn"),
        (status = 409, description = "You have no team, it has no open request, or the hackathon is over")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
pub(super) async fn withdraw(
    State(context): State<Context>,
    Insider { viewer, hackathon, .. }: Insider,
) -> Result<StatusCode, WebError> {
    actions::withdraw_help(&context, viewer.user_id, &hackathon.slug).await?;
    Ok(StatusCode::NO_CONTENT)
}
