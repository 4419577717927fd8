//! The page on which a parent consents with a link, without an account.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, redirect, show};

use super::{
    links::of_kind,
    profile_link::{actor, of_link},
};
use crate::{
    actions,
    model::LinkKind,
    reads::{self, CompetitorView, ConsentText, LinkView, RosterView},
    rules::{consent::agreed, rosters::PERSON_NAME},
};

#[derive(Template)]
#[template(path = "ctf_consent_link.html")]
struct ConsentLinkPage {
    token: String,
    competitor: CompetitorView,
    roster: RosterView,
    consent: Option<ConsentText>,
    form: Form,
}

/// Renders the page of a usable link.
pub(super) async fn page(
    context: &Context,
    link: &LinkView,
    token: &str,
    form: Form,
) -> PageResult {
    let (competitor, roster) = of_link(context, link).await?;
    show(&ConsentLinkPage {
        token: token.to_owned(),
        competitor,
        roster,
        consent: reads::latest_consent(&context.db).await?,
        form,
    })
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConsentFields {
    parent_name: String,
    agreed: String,
}

/// `POST /ctf/links/{token}/consent`.
pub(super) async fn give(
    State(context): State<Context>,
    viewer: Result<SignedIn, WebError>,
    Address(token): Address<String>,
    Filled(fields, form): Filled<ConsentFields>,
) -> Result<Response, PageError> {
    let link = match of_kind(&context, &token, LinkKind::Consent).await? {
        Ok(link) => link,
        Err(ended) => return Ok(ended),
    };
    let (actor, agreed) = (actor(viewer), agreed(&fields.agreed));
    match actions::give_consent(&context, actor, &token, &fields.parent_name, agreed).await {
        Ok(()) => Ok(back(&token, "Your consent is on record. Thank you")),
        Err(error) => {
            let again = |form| page(&context, &link, &token, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /ctf/links/{token}/withdraw`.
pub(super) async fn withdraw(
    State(context): State<Context>,
    viewer: Result<SignedIn, WebError>,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    if let Err(ended) = of_kind(&context, &token, LinkKind::Consent).await? {
        return Ok(ended);
    }
    let withdrawn = actions::withdraw_consent(&context, actor(viewer), &token).await;
    withdrawn.map_err(WebError::from)?;
    Ok(back(&token, "Your consent is withdrawn"))
}

fn back(token: &str, said: &str) -> Response {
    redirect(&format!("/ctf/links/{token}"), said)
}
