use axum::{extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{Body, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{self, PullAdmin},
    actions::{OverrideInput, lift_score_override, override_score},
    model::OverrideKind,
    reads::OverrideView,
};

/// A decision that overrides the points of a pull request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ScoreOverride)]
pub(super) struct ScoreOverrideView {
    /// The kind.
    kind: OverrideKind,
    /// The points that it sets. Null for other kinds.
    #[schema(value_type = Option<i64>)]
    points: Option<Points>,
    /// The reason.
    reason: String,
    /// When it was decided.
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
    /// The number of the dispute that led to it. Null if an admin decided without one.
    dispute: Option<i64>,
}

impl From<OverrideView> for ScoreOverrideView {
    fn from(view: OverrideView) -> Self {
        Self {
            kind: view.kind,
            points: view.points,
            reason: view.reason,
            decided_at: view.at,
            dispute: view.dispute,
        }
    }
}

/// An override to decide on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScoreOverrideInput, example = json!({
    "kind": "set", "points": 40, "reason": "The file list was incomplete."
}))]
pub(super) struct Input {
    /// The kind: `freeze` keeps the points as they are, `set` sets the total, and `none` gives none.
    kind: OverrideKind,
    /// The points of the pull request, only for `set`.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100_000)]
    points: Option<Points>,
    /// The reason, which everyone can read.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Overrides the points of a pull request, in place of an earlier override. The points of the author's other pull requests
/// do not change.
#[utoipa::path(
    put,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}/override",
    operation_id = "override_score",
    tag = "Pull requests",
    request_body = Input,
    responses(
        (status = 204, description = "The points are overridden"),
        (status = 409, description = "The pull request is not scored yet"),
        (status = 422, description = "The reason or the points are missing or not valid")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn decide(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path((owner, repository, number)): Path<(String, String, i64)>,
    Body(input): Body<Input>,
) -> Result<StatusCode, WebError> {
    let full_name = format!("{owner}/{repository}");
    let (pull, _) = access::pull_request(&context, &full_name, &number.to_string()).await?;
    let input = OverrideInput { kind: input.kind, points: input.points, reason: input.reason };
    override_score(&context, viewer.actor(), pull.id.into(), &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The reason for lifting an override.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Lifting {
    /// The reason.
    #[serde(default)]
    #[param(
        required = true,
        min_length = 1,
        max_length = 2000,
        example = "The file list is complete now."
    )]
    reason: String,
}

/// Lifts the override of the points of a pull request, which follow the rules again.
#[utoipa::path(
    delete,
    path = "/api/v1/pull-requests/{owner}/{repository}/{number}/override",
    operation_id = "lift_score_override",
    tag = "Pull requests",
    params(Lifting),
    responses(
        (status = 204, description = "The points follow the rules"),
        (status = 404, description = "The pull request does not belong to a project, or nothing overrides its points"),
        (status = 422, description = "The reason is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn lift(
    State(context): State<Context>,
    Path(_): Path<(String, String, i64)>,
    PullAdmin { viewer, pull }: PullAdmin,
    Query(lifting): Query<Lifting>,
) -> Result<StatusCode, WebError> {
    lift_score_override(&context, viewer.actor(), pull.id.into(), &lifting.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
