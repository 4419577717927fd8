use axum::{Json, extract::State};
use platform::{
    Context,
    web::{Body, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::HelpRequest;
use crate::{
    access::Mentor,
    actions,
    model::HelpRequestId,
    reads::{self, HelpPart},
    rules::help::HelpStep,
};

/// Lists the open requests for help, in the order in which teams asked.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/help",
    operation_id = "list_help_requests",
    tag = "Hackathons",
    params(ListQuery),
    responses((status = 200, description = "A page of requests", body = List<HelpRequest>)),
    security(("session" = ["mentor"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    Mentor { hackathon, .. }: Mentor,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<HelpRequest>>, WebError> {
    let limit = query.limit()?;
    let after = match query.cursor.as_deref().map(Uuid::try_parse) {
        None => None,
        Some(Ok(id)) => Some(HelpRequestId::new(id)),
        Some(Err(_)) => return Err(bad_cursor().into()),
    };
    let part = HelpPart::Queue(hackathon.key());
    let found = reads::help_requests(&context.db, part, after, limit + 1).await?;
    let found = List::cut(found, limit, |request| request.id.to_string());
    Ok(Paged(found.map(Into::into)))
}

/// A team that mentors help.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "gannet", "name": "Gannet", "place": "Table 7", "members": ["ada-lovelace"]
}))]
pub(super) struct HelpedTeam {
    /// The slug, unique in the hackathon.
    slug: String,
    /// The name.
    name: String,
    /// The place in its last request for help. Null if it never asked.
    place: Option<String>,
    /// The logins of the members with a place at the hackathon.
    members: Vec<String>,
}

impl From<reads::HelpedTeam> for HelpedTeam {
    fn from(team: reads::HelpedTeam) -> Self {
        Self {
            slug: team.slug,
            name: team.name,
            place: (!team.place.is_empty()).then_some(team.place),
            members: team.members.into_iter().map(|it| it.login).collect(),
        }
    }
}

/// Lists the teams with members who have a place, for mentors and organizers.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/help/teams",
    operation_id = "list_helped_teams",
    tag = "Hackathons",
    params(ListQuery),
    responses((status = 200, description = "A page of teams, by slug", body = List<HelpedTeam>)),
    security(("session" = ["mentor"]), ("bearer" = ["read"]))
)]
pub(super) async fn teams(
    State(context): State<Context>,
    Mentor { hackathon, .. }: Mentor,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<HelpedTeam>>, WebError> {
    let limit = query.limit()?;
    let after = query.cursor.as_deref();
    let found = reads::helped_teams(&context.db, hackathon.key(), after, limit + 1).await?;
    let found = List::cut(found, limit, |team| team.slug.clone());
    Ok(Paged(found.map(Into::into)))
}

/// The state to reach.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "state": "taken" }))]
pub(super) struct HelpStateBody {
    /// `taken`, `waiting` to hand it back, or `answered`.
    #[schema(max_length = 20)]
    state: String,
    /// The answer, which the team reads. An answered request requires it.
    #[schema(max_length = 500)]
    answer: Option<String>,
}

/// Takes a request for help, hands it back, or closes it with an answer. Of mentors who take one at once, one gets it. The team is
/// notified when it is taken.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/help/{id}/state",
    operation_id = "set_help_request_state",
    tag = "Hackathons",
    request_body = HelpStateBody,
    responses(
        (status = 200, description = "The request", body = HelpRequest),
        (status = 409, description = "The request is closed, another mentor has it or no one took it, or the hackathon is over"),
        (status = 422, description = "The state is not one of these, or the answer is missing or not valid")
    ),
    security(("session" = ["mentor"]), ("bearer" = ["write"]))
)]
pub(super) async fn step(
    State(context): State<Context>,
    Mentor { viewer, hackathon, organizes }: Mentor,
    Path((_, id)): Path<(String, Uuid)>,
    Body(body): Body<HelpStateBody>,
) -> Result<Json<HelpRequest>, WebError> {
    let step = HelpStep::to(&body.state)?;
    let answer = body.answer.unwrap_or_default();
    let request = actions::step_help(
        &context,
        viewer.user_id,
        organizes,
        hackathon.slug.as_str(),
        id.into(),
        step,
        &answer,
    )
    .await?;
    Ok(Json(request.into()))
}
