use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use platform::{
    Context,
    web::{All, Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::teams::{OwnTeam, own_team};
use crate::{
    access::{Insider, SeenHackathon},
    actions,
    reads::{self, TeamView},
};

/// An invitation of a team.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "team": "gannet", "name": "Gannet", "members": 2, "is_locked": false }))]
pub(super) struct TeamInvitation {
    /// The slug of the team.
    team: String,
    /// The name of the team.
    name: String,
    /// The number of its members.
    members: i64,
    /// True if the team is locked, so that you cannot join it now.
    is_locked: bool,
}

impl From<TeamView> for TeamInvitation {
    fn from(team: TeamView) -> Self {
        Self {
            is_locked: team.locked_at.is_some(),
            team: team.slug,
            name: team.name,
            members: team.members,
        }
    }
}

/// Lists the teams of a hackathon that invited you.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/invitations",
    operation_id = "list_team_invitations",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The teams, in the order in which they invited you", body = All<TeamInvitation>)
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    seen: SeenHackathon,
) -> Result<Json<All<TeamInvitation>>, WebError> {
    let id = seen.hackathon.key();
    let teams = reads::invitations(&context.db, id, viewer.user_id).await?;
    Ok(Json(All::of(teams)))
}

/// Accepts the invitation of a team. You need an application for the hackathon.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/invitations/{team}/accept",
    operation_id = "accept_team_invitation",
    tag = "Hackathons",
    responses(
        (status = 200, description = "Your team", body = OwnTeam),
        (status = 409, description = "The team is full or locked, you are in a team, or teams can no longer change")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
pub(super) async fn accept(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    seen: SeenHackathon,
    Path((slug, team)): Path<(String, String)>,
) -> Result<Json<OwnTeam>, WebError> {
    actions::accept_invitation(&context, viewer.user_id, &slug, &team).await?;
    own_team(&context, &seen.hackathon, viewer.user_id).await.map(Json)
}

/// Declines the invitation of a team.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/invitations/{team}/decline",
    operation_id = "decline_team_invitation",
    tag = "Hackathons",
    responses((status = 204, description = "The team no longer invites you")),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn decline(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    _: SeenHackathon,
    Path((slug, team)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    actions::decline_invitation(&context, viewer.user_id, &slug, &team).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Invites a friend to your team, if you are its leader or a co-leader. Where friends are off, it invites a person who is looking
/// for a team.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/team/invitations/{login}",
    operation_id = "invite_to_hackathon_team",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The person is invited"),
        (status = 409, description = "The person is not your friend or has a team, your team is full or locked, you have no team, or teams can no longer change")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
pub(super) async fn invite(
    State(context): State<Context>,
    insider: Insider,
    Path((slug, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    actions::invite(&context, insider.viewer.user_id, &slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Cancels the invitation of a person to your team, if you are its leader or a co-leader.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/team/invitations/{login}",
    operation_id = "cancel_team_invitation",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The person is not invited"),
        (status = 409, description = "You have no team, or teams can no longer change")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
pub(super) async fn cancel(
    State(context): State<Context>,
    insider: Insider,
    Path((slug, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    actions::cancel_invitation(&context, insider.viewer.user_id, &slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}
