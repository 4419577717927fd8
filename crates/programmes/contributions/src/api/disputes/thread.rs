use axum::{Json, extract::State, http::StatusCode};
use identity::access::EvenBanned;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Path, WebError},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::DisputeWithThread;
use crate::{
    access::{self, DisputeParty},
    actions::{self, write_message},
    reads,
};

/// Returns a dispute with its thread, for the person who opened it, the person whose decision it contests, moderators,
/// admins, and the maintainers of the project of a pull request.
#[utoipa::path(
    get,
    path = "/api/v1/disputes/{number}",
    operation_id = "get_dispute",
    tag = "Disputes",
    responses((status = 200, description = "The dispute", body = DisputeWithThread)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn one(
    State(context): State<Context>,
    Path(_): Path<i64>,
    DisputeParty { dispute, .. }: DisputeParty,
) -> Result<Json<DisputeWithThread>, WebError> {
    let thread = reads::thread(&context.db, dispute.id).await?;
    Ok(Json(DisputeWithThread {
        dispute: dispute.into(),
        messages: thread.into_iter().map(Into::into).collect(),
    }))
}

/// A text for the thread of a dispute.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DisputeText, example = json!({ "text": "The label was set by mistake." }))]
pub(super) struct TextInput {
    /// The text, which everyone who can see the dispute can read.
    #[schema(min_length = 1, max_length = 5000)]
    text: String,
}

/// Adds a message to the thread of a dispute that is open, or whose appeal is.
#[utoipa::path(
    post,
    path = "/api/v1/disputes/{number}/messages",
    operation_id = "write_dispute_message",
    tag = "Disputes",
    params(IdempotencyKey),
    request_body = TextInput,
    responses(
        (status = 204, description = "The message is added"),
        (status = 409, description = "The dispute is no longer open, or its thread is full"),
        (status = 422, description = "The text is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn write(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    Path(number): Path<i64>,
    Body(input): Body<TextInput>,
) -> Result<StatusCode, WebError> {
    let party = access::party(&context, viewer, &number.to_string()).await?;
    let (person, number) = (party.viewer.user_id, party.dispute.number);
    write_message(&context, person, number, &input.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Appeals the decision of your dispute to an admin, once and within 14 days.
#[utoipa::path(
    post,
    path = "/api/v1/disputes/{number}/appeal",
    operation_id = "appeal_dispute",
    tag = "Disputes",
    params(IdempotencyKey),
    request_body = TextInput,
    responses(
        (status = 204, description = "The decision is appealed"),
        (status = 404, description = "You have no dispute with this number"),
        (status = 409, description = "The dispute is not decided, the time or the ban is over, or you appealed before"),
        (status = 422, description = "The text is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn appeal(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    Path(number): Path<i64>,
    Body(input): Body<TextInput>,
) -> Result<StatusCode, WebError> {
    actions::appeal(&context, viewer.user_id, number, &input.text).await?;
    Ok(StatusCode::NO_CONTENT)
}
