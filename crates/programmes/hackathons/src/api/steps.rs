use axum::{Json, extract::State};
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{detail, views::HackathonDetail};
use crate::{access::Organizer, actions};

/// The reason of a cancellation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "The harbor is closed." }))]
pub(super) struct Cancellation {
    /// One sentence, which everyone sees.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Publishes a draft: people see it, and can apply in its dates.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/publish",
    operation_id = "publish_hackathon",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The hackathon", body = HackathonDetail),
        (status = 409, description = "The hackathon is not a draft, or its applications would be closed already")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn publish(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Json<HackathonDetail>, WebError> {
    let stepped = actions::publish(&context, viewer.actor(), &hackathon.slug).await?;
    detail(&context, &stepped, true).await.map(Json)
}

/// Cancels a hackathon. Everyone with an open application is notified of the reason.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/cancel",
    operation_id = "cancel_hackathon",
    tag = "Hackathons",
    request_body = Cancellation,
    responses(
        (status = 200, description = "The hackathon", body = HackathonDetail),
        (status = 409, description = "The hackathon is completed, archived or canceled"),
        (status = 422, description = "The text is missing or not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn cancel(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<Cancellation>,
) -> Result<Json<HackathonDetail>, WebError> {
    let stepped = actions::cancel(&context, viewer.actor(), &hackathon.slug, &body.reason).await?;
    detail(&context, &stepped, true).await.map(Json)
}

/// Archives a completed hackathon. Its pages stay.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/archive",
    operation_id = "archive_hackathon",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The hackathon", body = HackathonDetail),
        (status = 409, description = "The hackathon has no results, or is archived or canceled")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn archive(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Json<HackathonDetail>, WebError> {
    let stepped = actions::archive(&context, viewer.actor(), &hackathon.slug).await?;
    detail(&context, &stepped, true).await.map(Json)
}
