use axum::{Json, extract::State};
use kernel::Timestamp;
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Organizer,
    actions,
    reads::{self, RoundView},
};

/// A closed round of judging.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "round": 1, "carried": 8, "forward": ["01900000-0000-7000-8000-000000000001"],
    "closed_by": "ada-lovelace", "closed_at": "2026-11-27T18:30:00Z"
}))]
struct ClosedRound {
    /// The number, from 1.
    round: i64,
    /// The number of ranks that went forward.
    carried: i64,
    /// The IDs of the submissions that went forward, with all of a tie at the border.
    forward: Vec<Uuid>,
    /// The login of the organizer. Null if an operator closed it.
    closed_by: Option<String>,
    /// When it was closed.
    #[schema(value_type = String, format = DateTime)]
    closed_at: Timestamp,
}

impl From<RoundView> for ClosedRound {
    fn from(view: RoundView) -> Self {
        Self {
            round: view.number,
            carried: view.carried,
            forward: view.forward,
            closed_by: view.closed_by,
            closed_at: view.closed_at,
        }
    }
}

/// The rounds of the judging of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "current": 1, "closed": [] }))]
pub(super) struct Rounds {
    /// The number of the current round, from 1.
    current: i64,
    /// The closed rounds, in order.
    closed: Vec<ClosedRound>,
}

async fn rounds(
    context: &Context,
    hackathon: &reads::HackathonView,
) -> Result<Json<Rounds>, WebError> {
    let (db, id) = (&context.db, hackathon.key());
    let closed = reads::closed_rounds(db, id).await?;
    Ok(Json(Rounds {
        current: closed.last().map_or(1, |it| it.number + 1),
        closed: closed.into_iter().map(ClosedRound::from).collect(),
    }))
}

/// Returns the rounds of the judging of a hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/judging/rounds",
    operation_id = "get_judging_rounds",
    tag = "Hackathons",
    responses((status = 200, description = "The rounds", body = Rounds)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Json<Rounds>, WebError> {
    rounds(&context, &hackathon).await
}

/// A round to close.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "round": 1, "carried": 8 }))]
pub(super) struct RoundInput {
    /// The number of the current round.
    #[schema(minimum = 1)]
    round: i64,
    /// The number of ranks that move on. A tie at the border moves on as a whole, unless you decide it first.
    #[schema(minimum = 1, maximum = 1_000)]
    carried: i64,
    /// True to close the round although projects have fewer scores than planned.
    #[serde(default)]
    is_confirmed: bool,
}

/// Closes the current round of judging, and carries its first ranks forward. Judges then get only these projects. This cannot be
/// undone.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/judging/rounds",
    operation_id = "close_judging_round",
    tag = "Hackathons",
    request_body = RoundInput,
    responses(
        (status = 200, description = "The rounds", body = Rounds),
        (status = 409, description = "Judging is not open, the round is closed already, nothing is judged, all projects would move on, or projects lack scores"),
        (status = 422, description = "The number is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn close(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<RoundInput>,
) -> Result<Json<Rounds>, WebError> {
    let input = actions::RoundInput {
        round: body.round,
        carried: body.carried,
        is_confirmed: body.is_confirmed,
    };
    actions::close_round(&context, viewer.actor(), &hackathon.slug, input).await?;
    rounds(&context, &hackathon).await
}
