use askama::Template;
use axum::{extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, Undo, pick::MOST_CHOICES, redirect,
    redirect_with_undo, show,
};

use super::SeasonCard;
use crate::{
    access::{Organizer, SeasonAdmin},
    actions::{add_organizer, remove_organizer},
    reads::{self, MaintainerView, SeasonView},
};

#[derive(Template)]
#[template(path = "season_organizers.html")]
struct OrganizersPage {
    season: SeasonCard,
    organizers: Vec<MaintainerView>,
    is_admin: bool,
    /// The logins that the form offers.
    people: Vec<String>,
    form: Form,
}

/// `GET /seasons/{slug}/organizers`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
) -> PageResult {
    let is_admin = viewer.acts_as(identity::model::Role::Admin);
    render(&context, &season, is_admin, Form::default()).await
}

async fn render(context: &Context, season: &SeasonView, is_admin: bool, form: Form) -> PageResult {
    show(&OrganizersPage {
        season: SeasonCard::of(season, context.now()),
        organizers: reads::organizers(&context.db, season.id.into()).await?,
        is_admin,
        people: identity::reads::likely_logins(&context.db, MOST_CHOICES).await?,
        form,
    })
}

/// The fields of the form that adds an organizer.
#[derive(Debug, Deserialize)]
pub(super) struct NewOrganizer {
    login: String,
}

/// `POST /seasons/{slug}/organizers`.
pub(super) async fn add(
    State(context): State<Context>,
    SeasonAdmin { viewer, season }: SeasonAdmin,
    Filled(new, form): Filled<NewOrganizer>,
) -> Result<Response, PageError> {
    let login = new.login.trim();
    match add_organizer(&context, viewer.actor(), &season.slug, login).await {
        Ok(login) => {
            let said = format!("{login} now organizes {}", season.name);
            Ok(back(&season.slug, &said))
        }
        Err(error) => {
            let again = |form| render(&context, &season, true, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /seasons/{slug}/organizers/{login}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    SeasonAdmin { viewer, season }: SeasonAdmin,
    Address((_, login)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let removed = remove_organizer(&context, viewer.actor(), &season.slug, &login).await;
    let login = removed.map_err(WebError::from)?;
    let said = format!("{login} no longer organizes {}", season.name);
    let path = format!("/seasons/{}/organizers", season.slug);
    let undo = Undo::by(&path).with("login", login);
    Ok(redirect_with_undo(&path, &said, &undo))
}

fn back(slug: &str, said: &str) -> Response {
    redirect(&format!("/seasons/{slug}/organizers"), said)
}
