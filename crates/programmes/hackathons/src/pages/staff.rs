//! The staff of a hackathon.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, redirect, show};

use super::{HackathonCard, tracks::TrackFields};
use crate::{
    access::{Organizer, unknown_judge},
    actions::{add_staff, remove_staff, set_judge_tracks},
    model::StaffRole,
    reads::{self, HackathonView, StaffView},
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
    form: Form,
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

    fn address_of(&self, person: &StaffView) -> String {
        let login = ui::format::segment(&person.login);
        format!("{}/staff/{login}", self.card.address())
    }
}

/// `GET /hackathons/{slug}/staff`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    render(&context, &hackathon, Form::default()).await
}

async fn render(context: &Context, hackathon: &HackathonView, form: Form) -> PageResult {
    show(&StaffPage {
        card: HackathonCard::of(hackathon, context.now()),
        staff: reads::staff(&context.db, hackathon.key()).await?,
        tracks: reads::tracks(&context.db, hackathon.key()).await?,
        form,
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
            let again = |form| render(&context, &hackathon, form);
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
