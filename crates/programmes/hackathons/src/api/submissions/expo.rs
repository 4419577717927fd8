use axum::{Json, extract::State, http::StatusCode};
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{access::Organizer, actions};

/// The place of a submission at the demos.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "place": "B12" }))]
pub(in super::super) struct ExpoPlace {
    /// A table of up to 40 characters, which one submission has, or a link. Empty for none.
    #[schema(max_length = 500)]
    place: String,
}

/// Gives a submission a table or a link for the demos. Its team and the staff see it.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/submissions/{id}/place",
    operation_id = "set_submission_place",
    tag = "Hackathons",
    request_body = ExpoPlace,
    responses(
        (status = 204, description = "The submission has the place"),
        (status = 409, description = "Another submission has the table, or the hackathon is completed, archived or canceled"),
        (status = 422, description = "The place is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(in super::super) async fn set(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, submission)): Path<(String, Uuid)>,
    Body(body): Body<ExpoPlace>,
) -> Result<StatusCode, WebError> {
    actions::set_place(
        &context,
        viewer.actor(),
        &hackathon.slug,
        submission.into(),
        body.place.as_str(),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The number of submissions that got a table.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "placed": 12 }))]
pub(in super::super) struct NumberedTables {
    /// The number.
    placed: usize,
}

/// Gives each judged submission without a place a numbered table: those of one track beside each other. Those with a place keep it,
/// so it can be repeated.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/submissions/tables",
    operation_id = "number_tables",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The number of submissions that got a table", body = NumberedTables),
        (status = 409, description = "The hackathon is completed, archived or canceled")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(in super::super) async fn number(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Json<NumberedTables>, WebError> {
    let placed = actions::number_tables(&context, viewer.actor(), &hackathon.slug).await?;
    Ok(Json(NumberedTables { placed }))
}
