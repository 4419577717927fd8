//! Invitations to the staff of a hackathon by e-mail.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use platform::{Context, outbox::Post};
use ui::{Address, PageError, format::tame, redirect, show};
use uuid::Uuid;

use super::HackathonCard;
use crate::{
    access::{Invited, Organizer, unknown_staff_invitation},
    actions::{
        accept_staff_invitation, check_invited, send_staff_invitation_again,
        withdraw_staff_invitation,
    },
    model::{StaffInvitationId, StaffRole},
    reads::{self, HackathonView},
};

#[derive(Template)]
#[template(path = "hackathon_invitation.html")]
struct InvitationPage {
    card: HackathonCard,
    role: StaffRole,
    token: String,
}

impl InvitationPage {
    fn heading(&self) -> String {
        let title = &self.card.title;
        match self.role {
            StaffRole::Organizer => format!("Organize {title}"),
            StaffRole::Judge => format!("Judge {title}"),
            StaffRole::Mentor => format!("Be a mentor at {title}"),
        }
    }

    fn explanation(&self) -> &'static str {
        match self.role {
            StaffRole::Organizer => {
                "As an organizer, you manage the hackathon together with its other organizers, and cannot take part in it."
            }
            StaffRole::Judge => "As a judge, you score its projects, and cannot take part in it.",
            StaffRole::Mentor => "As a mentor, you see its teams, and help those that ask.",
        }
    }
}

/// `GET /hackathon-invitations/{token}`.
pub(super) async fn page(
    State(context): State<Context>,
    Invited(viewer): Invited,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    let found = reads::staff_invitation(&context.db, &token, context.now()).await?;
    let invitation = found.ok_or_else(unknown_staff_invitation)?;
    check_invited(&context.db, &invitation, viewer.user_id).await?;
    let page = show(&InvitationPage {
        card: HackathonCard::of(&invitation.hackathon, context.now()),
        role: invitation.role,
        token,
    })?;
    Ok(page.into_response())
}

/// `POST /hackathon-invitations/{token}`.
pub(super) async fn accept(
    State(context): State<Context>,
    Invited(viewer): Invited,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    let (hackathon, role) = accept_staff_invitation(&context, viewer.user_id, &token).await?;
    let role = role.heading().to_lowercase();
    let said = format!("You are now in the staff of {}: {role}", tame(&hackathon.title));
    Ok(redirect(&hackathon.address(), &said))
}

/// `POST /hackathons/{slug}/staff-invitations/{id}/send`.
pub(super) async fn send(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
) -> Result<Response, PageError> {
    let (actor, id) = (viewer.actor(), StaffInvitationId::new(id));
    let slug = &hackathon.slug;
    let sent = send_staff_invitation_again(&context, &post, actor, slug, id).await?;
    Ok(back(
        &hackathon,
        &format!("{} is invited again. The former link no longer works", sent.address),
    ))
}

/// `POST /hackathons/{slug}/staff-invitations/{id}/withdraw`.
pub(super) async fn withdraw(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, id)): Address<(String, Uuid)>,
) -> Result<Response, PageError> {
    let (actor, id) = (viewer.actor(), StaffInvitationId::new(id));
    withdraw_staff_invitation(&context, actor, &hackathon.slug, id).await?;
    Ok(back(&hackathon, "The invitation is withdrawn"))
}

/// Leads back to the staff of a hackathon.
fn back(hackathon: &HackathonView, said: &str) -> Response {
    redirect(&format!("{}/staff", hackathon.address()), said)
}
