use axum::{Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    web::{All, Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Organizer,
    actions,
    reads::{self, DecisionView},
    rules::judging::decisions::Decision,
};

/// A decision about a tie.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "round": 1, "projects": ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"],
    "is_settled": true, "reason": "The jury met and voted.", "decided_by": "ada-lovelace",
    "decided_at": "2026-11-29T18:30:00Z"
}))]
pub(super) struct TieDecision {
    /// The round of judging, from 1.
    round: i64,
    /// The IDs of the submissions, the best first.
    projects: Vec<Uuid>,
    /// True if their order settles the tie. False if they stay tied, which undoes an earlier decision.
    is_settled: bool,
    /// The reason; empty 180 days after the results.
    reason: String,
    /// The login of the organizer. Null if an operator decided.
    decided_by: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    decided_at: Timestamp,
}

impl From<DecisionView> for TieDecision {
    fn from(view: DecisionView) -> Self {
        Self {
            round: view.round,
            projects: view.decision.projects,
            is_settled: view.decision.is_settled,
            reason: view.reason,
            decided_by: view.decided_by,
            decided_at: view.decided_at,
        }
    }
}

/// Lists the decisions about ties of a hackathon, latest first.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/judging/decisions",
    operation_id = "list_tie_decisions",
    tag = "Hackathons",
    responses((status = 200, description = "The decisions", body = All<TieDecision>)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Json<All<TieDecision>>, WebError> {
    let found = reads::tie_decisions(&context.db, hackathon.key()).await?;
    Ok(Json(All::of(found)))
}

/// A decision about a tie, to record.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "projects": ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"],
    "reason": "The jury met and voted."
}))]
pub(super) struct TieDecisionInput {
    /// The IDs of all submissions of the tie, the best first.
    #[schema(min_items = 2, max_items = 10_000)]
    projects: Vec<Uuid>,
    /// The reason, which organizers read.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
    /// The round of judging. Null for the current one.
    #[serde(default)]
    #[schema(minimum = 1)]
    round: Option<i64>,
    /// False to leave them tied, which undoes an earlier decision.
    #[serde(default = "settled")]
    is_settled: bool,
}

fn settled() -> bool {
    true
}

/// Settles a tie in the results of judging: orders the projects that are tied. The decision has no effect once other projects are
/// tied, and a later one about the same projects replaces it.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/judging/decisions",
    operation_id = "settle_tie",
    tag = "Hackathons",
    request_body = TieDecisionInput,
    responses(
        (status = 204, description = "The decision is recorded"),
        (status = 409, description = "The projects are not those of one tie, one of them went forward to the next round, or the hackathon is over"),
        (status = 422, description = "The reason is missing or too long")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn settle(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<TieDecisionInput>,
) -> Result<StatusCode, WebError> {
    let decision = Decision { projects: body.projects, is_settled: body.is_settled };
    actions::settle_tie(
        &context,
        viewer.actor(),
        &hackathon.slug,
        body.round,
        &decision,
        body.reason.as_str(),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
