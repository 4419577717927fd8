//! The page on which a parent consents with a link, without an account. It shows no more than the e-mail with the link, and
//! nothing once the coach who sent it may no longer ask.

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
    reads::{self, ConsentText, LinkView, RosterView},
    rules::{consent::agreed, links::LinkState, rosters::PERSON_NAME},
};

#[derive(Template)]
#[template(path = "ctf_consent_link.html")]
struct ConsentLinkPage {
    token: String,
    /// The text of the consent; absent if it can only be withdrawn.
    asked: Option<Asked>,
    is_released: bool,
    was_withdrawn: bool,
    consent: Option<ConsentText>,
    form: Form,
}

/// The competitor and the roster for which a parent is asked.
struct Asked {
    first_name: String,
    roster: RosterView,
}

/// Renders the page of an open link.
pub(super) async fn page(
    context: &Context,
    link: &LinkView,
    token: &str,
    form: Form,
) -> PageResult {
    let (competitor, roster) = of_link(context, link).await?;
    show(&ConsentLinkPage {
        token: token.to_owned(),
        is_released: competitor.is_released(),
        was_withdrawn: competitor.release_withdrawn_at.is_some(),
        asked: (link.state == LinkState::Usable)
            .then_some(Asked { first_name: competitor.first_name, roster }),
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
