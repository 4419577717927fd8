use axum::{Json, extract::State};
use identity::access::Admin;
use kernel::{Points, Timestamp};
use platform::{
    Context,
    web::{Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{actions::approve_points, rules::points::PointValues};

/// The points of a hackathon to approve.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "submission_points": 150, "finalist_points": 400, "winner_points": 1200 }))]
pub(super) struct PointsBody {
    /// The points for a submission that was judged; 150 if left out.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 10_000)]
    submission_points: Option<Points>,
    /// The points for a finalist besides those for the submission; 400 if left out.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 10_000)]
    finalist_points: Option<Points>,
    /// The points for a winner besides those for the submission; 1,200 if left out.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 10_000)]
    winner_points: Option<Points>,
}

/// The approved points of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "submission_points": 150, "finalist_points": 400, "winner_points": 1200, "approved_at": "2026-10-01T08:00:00Z"
}))]
pub(super) struct HackathonPoints {
    /// The points for a submission that was judged.
    #[schema(value_type = i64)]
    submission_points: Points,
    /// The points for a finalist besides those for the submission.
    #[schema(value_type = i64)]
    finalist_points: Points,
    /// The points for a winner besides those for the submission.
    #[schema(value_type = i64)]
    winner_points: Points,
    /// When an admin approved them.
    #[schema(value_type = String, format = DateTime)]
    approved_at: Timestamp,
}

/// Approves that a hackathon gives points. They are posted with the results, or at once if results are published.
#[utoipa::path(
    put,
    path = "/api/v1/admin/hackathons/{slug}/points",
    operation_id = "approve_hackathon_points",
    tag = "Hackathons",
    request_body = PointsBody,
    responses(
        (status = 200, description = "The points", body = HackathonPoints),
        (status = 409, description = "The hackathon is canceled, or its points were posted with other numbers"),
        (status = 422, description = "A number is not in its range")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn approve(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(slug): Path<String>,
    Body(body): Body<PointsBody>,
) -> Result<Json<HackathonPoints>, WebError> {
    let given = [body.submission_points, body.finalist_points, body.winner_points];
    let values = PointValues::read(given)?;
    let approved = approve_points(&context, viewer.actor(), &slug, values).await?;
    let values = approved.values();
    Ok(Json(HackathonPoints {
        submission_points: values.submission,
        finalist_points: values.finalist,
        winner_points: values.winner,
        approved_at: approved.approved_at,
    }))
}
