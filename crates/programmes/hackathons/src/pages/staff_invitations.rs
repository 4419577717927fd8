//! Invitations to the staff of a hackathon by email.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Response},
};
use identity::access::{self, Invitee, Visitor};
use platform::{
    Context,
    outbox::Post,
    web::{Cookies, WebError},
};
use ui::{Address, PageError, format::tame, redirect, show};
use uuid::Uuid;

use super::HackathonCard;
use crate::{
    FLAG,
    access::{Invited, Organizer, unknown_staff_invitation},
    actions::{
        accept_staff_invitation, accept_staff_invitation_by_mail, check_invited,
        send_staff_invitation_again, withdraw_staff_invitation,
    },
    model::{StaffInvitationId, StaffRole},
    reads::{self, HackathonView, SentInvitation},
};

#[derive(Template)]
#[template(path = "hackathon_invitation.html")]
struct InvitationPage {
    card: HackathonCard,
    role: StaffRole,
    token: String,
    /// The address that a visitor signs in to by accepting.
    address: Option<String>,
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

/// Returns who sent a request with an invitation; a visitor is the owner of its address if the link proves it.
fn invitee(
    context: &Context,
    person: Result<Invited, WebError>,
    found: Option<&SentInvitation>,
) -> Result<Invitee<Invited>, WebError> {
    let proves = found.and_then(|found| found.proves.as_deref());
    Invitee::of(person, proves.filter(|_| context.flags.is_on_for_anyone(FLAG)))
}

/// `GET /hackathon-invitations/{token}`.
pub(super) async fn page(
    State(context): State<Context>,
    person: Result<Invited, WebError>,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    let found = reads::staff_invitation(&context.db, &token, context.now()).await?;
    let invitee = invitee(&context, person, found.as_ref())?;
    let invitation = found.ok_or_else(unknown_staff_invitation)?;
    match &invitee {
        Invitee::Person(Invited(viewer)) => {
            check_invited(&context.db, &invitation, viewer.user_id).await?;
        }
        Invitee::Owner(_) => invitation.state.check()?,
    }
    let page = show(&InvitationPage {
        card: HackathonCard::of(&invitation.hackathon, context.now()),
        role: invitation.role,
        token,
        address: invitee.address().map(str::to_owned),
    })?;
    Ok(page.into_response())
}

/// `POST /hackathon-invitations/{token}`: a visitor whose link proves the address is signed in, too.
pub(super) async fn accept(
    State(context): State<Context>,
    Extension(cookies): Extension<Cookies>,
    visitor: Visitor,
    person: Result<Invited, WebError>,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    let found = reads::staff_invitation(&context.db, &token, context.now()).await?;
    match invitee(&context, person, found.as_ref())? {
        Invitee::Person(Invited(viewer)) => {
            let (hackathon, role) =
                accept_staff_invitation(&context, viewer.user_id, &token).await?;
            Ok(joined(&hackathon, role))
        }
        Invitee::Owner(_) => {
            let former = access::token(cookies, &visitor.headers);
            let device = visitor.device();
            let accepted = accept_staff_invitation_by_mail(&context, &token, &device, former);
            let (welcome, hackathon, role) = accepted.await?;
            Ok(access::with_session(cookies, &welcome.token, joined(&hackathon, role)))
        }
    }
}

fn joined(hackathon: &HackathonView, role: StaffRole) -> Response {
    let role = role.heading().to_lowercase();
    let said = format!("You are now in the staff of {}: {role}", tame(&hackathon.title));
    redirect(&hackathon.address(), &said)
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
