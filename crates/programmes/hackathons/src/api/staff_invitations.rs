//! Invitations to the staff of a hackathon by email.

use axum::{Extension, Json, extract::State, http::StatusCode};
use kernel::Timestamp;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    outbox::Post,
    web::{All, Body, Created, Path, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::staff::role_named;
use crate::{
    access::Organizer,
    actions::{invite_staff, withdraw_staff_invitation},
    model::StaffInvitationId,
    reads::{self, StaffInvitationView},
};

pub(super) fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::default().routes(routes!(list, send)).routes(routes!(withdraw))
}

/// An open invitation to the staff.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-00000000000b", "address": "judge@harbor.example", "role": "judge",
    "invited_by": "ada-lovelace", "created_at": "2026-11-15T10:12:00Z", "expires_at": "2026-12-15T10:12:00Z"
}))]
struct StaffInvitation {
    /// The ID.
    id: Uuid,
    /// The email address that it was sent to.
    address: String,
    /// `organizer`, `judge` or `mentor`.
    role: &'static str,
    /// The login of the person who sent it. Null if an operator did.
    invited_by: Option<String>,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The end of its lifetime.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<StaffInvitationView> for StaffInvitation {
    fn from(view: StaffInvitationView) -> Self {
        Self {
            id: view.id,
            role: view.role.as_str(),
            address: view.address,
            invited_by: view.invited_by,
            created_at: view.created_at,
            expires_at: view.expires_at,
        }
    }
}

/// Lists the open invitations to the staff of a hackathon, in the order in which they were sent. There are at most 100.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/staff-invitations",
    operation_id = "list_staff_invitations",
    tag = "Hackathons",
    responses((status = 200, description = "The invitations", body = All<StaffInvitation>)),
    security(("session" = ["organizer"]), ("bearer" = ["read"]))
)]
async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> Result<Json<All<StaffInvitation>>, WebError> {
    let open = reads::staff_invitations(&context.db, hackathon.key(), context.now()).await?;
    Ok(Json(All::of(open)))
}

/// An invitation to send.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "address": "judge@harbor.example", "role": "judge" }))]
struct NewStaffInvitationInput {
    /// The email address of a person, who need not have an account.
    #[schema(min_length = 1, max_length = 254)]
    address: String,
    /// `organizer`, `judge` or `mentor`.
    #[schema(max_length = 20)]
    role: String,
}

/// Invites a person to the staff of a hackathon by email. Only who signs in with the address, or has verified it, can accept. An open
/// invitation to the same address is replaced.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/staff-invitations",
    operation_id = "send_staff_invitation",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = NewStaffInvitationInput,
    responses(
        (status = 201, description = "The invitation", body = StaffInvitation),
        (status = 409, description = "This server cannot send email, 100 invitations are open, or the hackathon is over"),
        (status = 422, description = "The address is not valid, or the role is not one of these"),
        (status = 429, description = "The address got 6 such emails in 24 hours, or you caused 200")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn send(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<NewStaffInvitationInput>,
) -> Result<Created<StaffInvitation>, WebError> {
    let (role, slug) = (role_named(&body.role)?, &hackathon.slug);
    let sent = invite_staff(&context, &post, viewer.actor(), slug, &body.address, role).await?;
    Ok(Created {
        location: format!("/api/v1/hackathons/{slug}/staff-invitations/{}", sent.id),
        body: StaffInvitation {
            id: sent.id.0,
            address: sent.address,
            role: role.as_str(),
            invited_by: Some(viewer.login),
            created_at: sent.created_at,
            expires_at: sent.expires_at,
        },
    })
}

/// Withdraws an invitation to the staff of a hackathon: its link no longer works.
#[utoipa::path(
    delete,
    path = "/api/v1/hackathons/{slug}/staff-invitations/{id}",
    operation_id = "withdraw_staff_invitation",
    tag = "Hackathons",
    responses((status = 204, description = "The invitation has ended")),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
async fn withdraw(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Path((_, id)): Path<(String, Uuid)>,
) -> Result<StatusCode, WebError> {
    let id = StaffInvitationId::new(id);
    withdraw_staff_invitation(&context, viewer.actor(), &hackathon.slug, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
