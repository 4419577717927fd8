use axum::{extract::State, http::StatusCode};
use identity::access::Moderator;
use kernel::Points;
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    actions::{DisputeDecision, decide_dispute},
    rules::disputes::DisputeStage,
};

/// A decision on a dispute or its appeal.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DisputeDecision, example = json!({
    "is_granted": true, "points": 40, "reason": "The label was set by mistake."
}))]
pub(super) struct Decision {
    /// True to change what is contested, false to uphold it.
    is_granted: bool,
    /// True for a decision on the appeal.
    #[serde(default)]
    is_appeal: bool,
    /// The points that the pull request is to have. Only for a dispute about points that is granted.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100_000)]
    points: Option<Points>,
    /// The reason, which everyone who can see the dispute can read.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Decides a dispute, or as an admin its appeal. Granted points are set by an override, granted flags spare the person's
/// pull requests, and granted sanctions and bans are lifted. You cannot decide about your own decision, project or pull
/// request.
#[utoipa::path(
    post,
    path = "/api/v1/admin/disputes/{number}/decision",
    operation_id = "decide_dispute",
    tag = "Disputes",
    request_body = Decision,
    responses(
        (status = 204, description = "The dispute or its appeal is decided"),
        (status = 409, description = "Someone else decided it, there is no appeal, the ban is over, or what was contested cannot be changed"),
        (status = 422, description = "The reason or the points are missing or not valid")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn decide(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Path(number): Path<i64>,
    Body(input): Body<Decision>,
) -> Result<StatusCode, WebError> {
    let decision = DisputeDecision {
        stage: if input.is_appeal { DisputeStage::Appeal } else { DisputeStage::Dispute },
        is_granted: input.is_granted,
        points: input.points,
        reason: input.reason,
    };
    decide_dispute(&context, viewer.user_id, viewer.role, number, &decision).await?;
    Ok(StatusCode::NO_CONTENT)
}
