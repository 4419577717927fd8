//! The staff of a hackathon.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::actions::no_mail;
use platform::{
    Context,
    outbox::{EMAIL, Post},
    web::WebError,
};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, pick::MOST_CHOICES, redirect, show};

use super::{HackathonCard, tracks::TrackFields};
use crate::{
    access::{Organizer, unknown_judge},
    actions::{add_staff, invite_staff, remove_staff, set_judge_tracks},
    model::StaffRole,
    reads::{self, HackathonView, StaffInvitationView, StaffView},
    rules::{
        invalid,
        tracks::{Track, names},
    },
};

#[derive(Template)]
#[template(path = "hackathon_staff.html")]
struct StaffPage {
    card: HackathonCard,
    staff: Vec<StaffView>,
    tracks: Vec<Track>,
    /// The logins that the form offers.
    people: Vec<String>,
    form: Form,
    invitations: Vec<StaffInvitationView>,
    /// True if the server sends email.
    can_send: bool,
    /// The form that invites by email.
    invitation: Form,
}

/// The forms of the page, at most one of which was refused.
#[derive(Default)]
struct Forms {
    staff: Form,
    invitation: Form,
}

impl StaffPage {
    /// Returns the tracks of a judge in words.
    fn tracks_of(&self, judge: &StaffView) -> String {
        if judge.tracks.is_empty() {
            "All tracks".to_owned()
        } else {
            names(&self.tracks, &judge.tracks).join(", ")
        }
    }

    /// Returns the address of what is done with an invitation.
    fn invitation_path(&self, invitation: &StaffInvitationView) -> String {
        format!("{}/staff-invitations/{}", self.card.address(), invitation.id)
    }

    /// Returns the sentence about who sent an invitation, and how long it works.
    fn note(&self, invitation: &StaffInvitationView) -> String {
        let until = self.card.at(&invitation.expires_at);
        match &invitation.invited_by {
            Some(login) => format!("Invited by {login}, works until {until}"),
            None => format!("Works until {until}"),
        }
    }

    fn address_of(&self, person: &StaffView) -> String {
        let login = ui::format::segment(&person.login);
        format!("{}/staff/{login}", self.card.address())
    }
}

/// `GET /hackathons/{slug}/staff`.
pub(super) async fn list(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    render(&context, &post, &hackathon, Forms::default()).await
}

async fn render(
    context: &Context,
    post: &Post,
    hackathon: &HackathonView,
    forms: Forms,
) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    show(&StaffPage {
        card: HackathonCard::of(hackathon, context.now()),
        staff: reads::staff(db, id).await?,
        tracks: reads::tracks(db, id).await?,
        people: identity::reads::likely_logins(db, MOST_CHOICES).await?,
        form: forms.staff,
        invitations: reads::staff_invitations(db, id, context.now()).await?,
        can_send: post.channels.has(EMAIL),
        invitation: forms.invitation,
    })
}

/// The fields of the form that adds a person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StaffFields {
    login: String,
    role: String,
}

/// `POST /hackathons/{slug}/staff`.
pub(super) async fn add(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<StaffFields>,
) -> Result<Response, PageError> {
    let role = StaffRole::named(&fields.role);
    let added = match role {
        Some(role) => {
            add_staff(&context, viewer.actor(), &hackathon.slug, fields.login.trim(), role).await
        }
        None => Err(invalid("role", "Choose a role.".to_owned()).into()),
    };
    match added {
        Ok(login) => {
            let role = role.map_or("", StaffRole::heading).to_lowercase();
            let said = format!("{login} is now in the staff: {role}");
            Ok(redirect(&format!("{}/staff", hackathon.address()), &said))
        }
        Err(error) => {
            let again =
                |staff| render(&context, &post, &hackathon, Forms { staff, ..Forms::default() });
            form.refused(error, again).await
        }
    }
}

/// The fields of the form that invites by email.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InvitationFields {
    address: String,
    invited_role: String,
}

/// `POST /hackathons/{slug}/staff-invitations`.
pub(super) async fn invite(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<InvitationFields>,
) -> Result<Response, PageError> {
    if !post.channels.has(EMAIL) {
        // The page has no form for it then.
        return Err(no_mail().into());
    }
    let (actor, slug) = (viewer.actor(), &hackathon.slug);
    let sent = match StaffRole::named(&fields.invited_role) {
        Some(role) => invite_staff(&context, &post, actor, slug, &fields.address, role).await,
        None => Err(invalid("invited_role", "Choose a role.".to_owned()).into()),
    };
    match sent {
        Ok(sent) => {
            let said = format!("{} is invited", sent.address);
            Ok(redirect(&format!("{}/staff", hackathon.address()), &said))
        }
        Err(error) => {
            let again = |invitation| {
                render(&context, &post, &hackathon, Forms { invitation, ..Forms::default() })
            };
            form.refused(error, again).await
        }
    }
}

#[derive(Template)]
#[template(path = "judge_tracks.html")]
struct JudgeTracksPage {
    card: HackathonCard,
    judge: StaffView,
    tracks: Vec<Track>,
    form: Form,
}

impl JudgeTracksPage {
    fn is_chosen(&self, track: &Track) -> bool {
        self.judge.tracks.contains(&track.slug)
    }

    fn address(&self) -> String {
        let login = ui::format::segment(&self.judge.login);
        format!("{}/staff/{login}/tracks", self.card.address())
    }
}

/// `GET /hackathons/{slug}/staff/{login}/tracks`.
pub(super) async fn tracks(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Address((_, login)): Address<(String, String)>,
) -> PageResult {
    render_tracks(&context, &hackathon, &login, Form::default()).await
}

async fn render_tracks(
    context: &Context,
    hackathon: &HackathonView,
    login: &str,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    let staff = reads::staff(db, id).await?.into_iter();
    let mut judges = staff.filter(|it| it.role == StaffRole::Judge);
    let judge = judges.find(|it| it.login.eq_ignore_ascii_case(login));
    show(&JudgeTracksPage {
        card: HackathonCard::of(hackathon, context.now()),
        judge: judge.ok_or_else(|| WebError::from(unknown_judge()))?,
        tracks: reads::tracks(db, id).await?,
        form,
    })
}

/// `POST /hackathons/{slug}/staff/{login}/tracks`.
pub(super) async fn limit(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, login)): Address<(String, String)>,
    Filled(_, form): Filled<TrackFields>,
) -> Result<Response, PageError> {
    let boxes = form.fields().iter().filter(|(name, _)| name == "tracks");
    let tracks: Vec<String> = boxes.map(|(_, slug)| slug.clone()).collect();
    match set_judge_tracks(
        &context,
        viewer.actor(),
        &hackathon.slug,
        login.as_str(),
        tracks.as_slice(),
    )
    .await
    {
        Ok(login) => {
            let back = format!("{}/staff", hackathon.address());
            Ok(redirect(&back, &format!("The tracks of {login} are saved")))
        }
        Err(error) => {
            let again = |form| render_tracks(&context, &hackathon, &login, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /hackathons/{slug}/staff/{login}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, login)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let removed = remove_staff(&context, viewer.actor(), &hackathon.slug, &login).await;
    let login = removed.map_err(WebError::from)?;
    let said = format!("{login} is no longer in the staff");
    // People who remove themselves no longer see the list.
    let is_self = login == viewer.login;
    let back =
        if is_self { "/hackathons".to_owned() } else { format!("{}/staff", hackathon.address()) };
    Ok(redirect(&back, &said))
}
