//! Invitations to teams.

use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, PageError, format::tame, redirect};

use super::team::{address, render};
use crate::{
    access::{Insider, SeenHackathon},
    actions,
};

/// The field of the form that invites a person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InvitationFields {
    login: String,
}

/// `POST /hackathons/{slug}/team/invitations`.
pub(super) async fn invite(
    State(context): State<Context>,
    insider: Insider,
    Filled(fields, form): Filled<InvitationFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (insider.viewer.user_id, &insider.hackathon.slug);
    match actions::invite(&context, person, slug, fields.login.trim()).await {
        Ok(login) => Ok(redirect(&address(slug), &format!("{login} is invited"))),
        Err(error) => form.refused(error, |form| render(&context, &insider, form)).await,
    }
}

/// `POST /hackathons/{slug}/team/invitations/{login}/cancel`.
pub(super) async fn cancel(
    State(context): State<Context>,
    insider: Insider,
    Address((slug, login)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let person = insider.viewer.user_id;
    let canceled = actions::cancel_invitation(&context, person, &slug, &login).await;
    let login = canceled.map_err(WebError::from)?;
    let said = format!("The invitation of {login} is canceled");
    Ok(redirect(&address(&slug), &said))
}

/// `POST /hackathons/{slug}/invitations/{team}/accept`.
pub(super) async fn accept(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    _: SeenHackathon,
    Address((slug, team)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let accepted = actions::accept_invitation(&context, viewer.user_id, &slug, &team).await;
    let team = accepted.map_err(WebError::from)?;
    let said = format!("You are in {}", tame(&team.name));
    Ok(redirect(&address(&slug), &said))
}

/// `POST /hackathons/{slug}/invitations/{team}/decline`.
pub(super) async fn decline(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    seen: SeenHackathon,
    Address((slug, team)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let declined = actions::decline_invitation(&context, viewer.user_id, &slug, &team).await;
    let team = declined.map_err(WebError::from)?;
    let said = format!("You declined the invitation of {}", tame(&team.name));
    Ok(redirect(&seen.hackathon.address(), &said))
}
