use axum::{Json, extract::State, http::StatusCode};
use kernel::Problem;
use platform::{
    Context,
    web::{All, Body, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Organizer, SeenHackathon},
    actions::{add_staff, remove_staff, set_judge_tracks},
    model::StaffRole,
    reads,
    rules::invalid,
};

/// A member of the staff.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "login": "ada-lovelace", "role": "judge", "tracks": ["harbors"] }))]
pub(super) struct StaffMember {
    /// The login.
    login: String,
    /// `organizer`, `judge` or `mentor`.
    role: &'static str,
    /// The slugs of the tracks to which a judge is limited; empty if to none. Only organizers and the judge see them.
    tracks: Vec<String>,
}

/// Lists the staff of a hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/staff",
    operation_id = "list_hackathon_staff",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The staff, in the order in which they joined it", body = All<StaffMember>)
    )
)]
pub(super) async fn list(
    State(context): State<Context>,
    seen: SeenHackathon,
) -> Result<Json<All<StaffMember>>, WebError> {
    let staff = reads::staff(&context.db, seen.hackathon.key()).await?;
    let own = seen.viewer.as_ref().map(|viewer| viewer.user_id.0);
    let sees = |person: &reads::StaffView| seen.organizes() || own == Some(person.user_id);
    let item = |person: reads::StaffView| StaffMember {
        tracks: if sees(&person) { person.tracks } else { Vec::new() },
        login: person.login,
        role: person.role.as_str(),
    };
    Ok(Json(All::of(staff.into_iter().map(item))))
}

/// The role of a person in the staff.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "judge" }))]
pub(super) struct StaffRoleInput {
    /// `organizer`, `judge` or `mentor`.
    #[schema(max_length = 20)]
    role: String,
}

/// Returns the role with a name.
pub(super) fn role_named(name: &str) -> Result<StaffRole, Problem> {
    StaffRole::named(name).ok_or_else(|| {
        let detail = format!("'{name}' is not a role. Use organizer, judge or mentor.");
        invalid("role", detail)
    })
}

/// Gives a person a role in the staff of a hackathon. A new role has no tracks.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/staff/{login}",
    operation_id = "set_hackathon_staff",
    tag = "Hackathons",
    request_body = StaffRoleInput,
    responses(
        (status = 204, description = "The person has the role"),
        (status = 409, description = "The person takes part or is the last organizer, several accounts have the login, or the hackathon is over"),
        (status = 422, description = "The role is not one of these")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn set(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, login)): Path<(String, String)>,
    Body(body): Body<StaffRoleInput>,
) -> Result<StatusCode, WebError> {
    let role = role_named(&body.role)?;
    add_staff(&context, viewer.actor(), &hackathon.slug, &login, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The tracks to which a judge is limited.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "tracks": ["harbors"] }))]
pub(super) struct JudgeTracks {
    /// The slugs of tracks of the hackathon; empty to limit the judge to none.
    #[schema(max_items = 20)]
    tracks: Vec<String>,
}

/// Limits a judge of a hackathon to the projects of some tracks. A project that they have now stays with them.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/staff/{login}/tracks",
    operation_id = "set_judge_tracks",
    tag = "Hackathons",
    request_body = JudgeTracks,
    responses(
        (status = 204, description = "The judge scores the projects of these tracks"),
        (status = 409, description = "The person is not a judge, several accounts have the login, or the hackathon is over"),
        (status = 422, description = "The hackathon has no such track")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn set_tracks(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, login)): Path<(String, String)>,
    Body(body): Body<JudgeTracks>,
) -> Result<StatusCode, WebError> {
    set_judge_tracks(
        &context,
        viewer.actor(),
        &hackathon.slug,
        login.as_str(),
        body.tracks.as_slice(),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a person from the staff of a hackathon.
#[utoipa::path(
    delete,
    path = "/api/v1/hackathons/{slug}/staff/{login}",
    operation_id = "remove_hackathon_staff",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The person is not in the staff"),
        (status = 409, description = "The person is the last organizer, several accounts have the login, or the hackathon is over")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    remove_staff(&context, viewer.actor(), &hackathon.slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}
