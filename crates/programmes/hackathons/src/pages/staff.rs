//! The staff of a hackathon.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, redirect, show};

use super::HackathonCard;
use crate::{
    access::Organizer,
    actions::{add_staff, remove_staff},
    model::StaffRole,
    reads::{self, HackathonView, StaffView},
    rules::invalid,
};

#[derive(Template)]
#[template(path = "hackathon_staff.html")]
struct StaffPage {
    card: HackathonCard,
    staff: Vec<StaffView>,
    form: Form,
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
            let who = (fields.login.trim(), role);
            add_staff(&context, viewer.actor(), &hackathon.slug, who).await
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
    let back = match is_self {
        true => "/hackathons".to_owned(),
        false => format!("{}/staff", hackathon.address()),
    };
    Ok(redirect(&back, &said))
}
