//! Statements of a person about issues, beside those that they save or dismiss.

use axum::{extract::State, http::StatusCode};
use identity::access::SignedIn;
use platform::{
    Context,
    web::{Path, WebError},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{actions, model::FeedbackKind};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(start, unstart))
        .routes(routes!(mark_helpful, unmark_helpful))
}

/// States that you started on an issue, with a claim or without. It is proposed to fewer others.
#[utoipa::path(
    post,
    path = "/api/v1/opportunities/{id}/started",
    operation_id = "start_opportunity",
    tag = "Discovery",
    responses((status = 204, description = "The statement is stored")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn start(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::start(&context, viewer.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraws that you started on an issue.
#[utoipa::path(
    delete,
    path = "/api/v1/opportunities/{id}/started",
    operation_id = "unstart_opportunity",
    tag = "Discovery",
    responses((status = 204, description = "The statement is withdrawn")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn unstart(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::withdraw(&context, viewer.user_id, id, FeedbackKind::Started).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// States that an issue was worth proposing to you.
#[utoipa::path(
    post,
    path = "/api/v1/opportunities/{id}/helpful",
    operation_id = "mark_opportunity_helpful",
    tag = "Discovery",
    responses((status = 204, description = "The statement is stored")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn mark_helpful(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::mark_helpful(&context, viewer.user_id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraws that an issue was worth proposing to you.
#[utoipa::path(
    delete,
    path = "/api/v1/opportunities/{id}/helpful",
    operation_id = "unmark_opportunity_helpful",
    tag = "Discovery",
    responses((status = 204, description = "The statement is withdrawn")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn unmark_helpful(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, WebError> {
    actions::withdraw(&context, viewer.user_id, id, FeedbackKind::Helpful).await?;
    Ok(StatusCode::NO_CONTENT)
}
