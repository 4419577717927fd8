//! Help by mentors, for teams, mentors and organizers.

mod own;
mod queue;

use kernel::Timestamp;
use platform::Context;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::reads::HelpRequestView;

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default()
        .routes(routes!(own::get, own::ask, own::withdraw))
        .routes(routes!(queue::list))
        .routes(routes!(queue::teams))
        .routes(routes!(queue::step))
}

/// A request of a team for help.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-000000000006", "team": "Gannet", "topic": "The tide API answers 401.",
    "place": "Table 7", "state": "taken", "mentor": "mo", "answer": null,
    "asked_at": "2026-11-20T10:12:00Z", "state_at": "2026-11-20T10:14:00Z"
}))]
pub(super) struct HelpRequest {
    /// The ID.
    id: Uuid,
    /// The name of the team.
    team: String,
    /// The topic.
    topic: String,
    /// The place of the team: a table or an address.
    place: String,
    /// `waiting`, `taken`, `answered` or `withdrawn`.
    state: &'static str,
    /// The login of the mentor who took it. Null before.
    mentor: Option<String>,
    /// The answer of the mentor. Null before.
    answer: Option<String>,
    /// When the team asked.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// When the state was reached.
    #[schema(value_type = String, format = DateTime)]
    state_at: Timestamp,
}

impl From<HelpRequestView> for HelpRequest {
    fn from(request: HelpRequestView) -> Self {
        Self {
            id: request.id,
            state: request.state.as_str(),
            answer: (!request.answer.is_empty()).then_some(request.answer),
            team: request.team,
            topic: request.topic,
            place: request.place,
            mentor: request.mentor,
            asked_at: request.created_at,
            state_at: request.state_at,
        }
    }
}
