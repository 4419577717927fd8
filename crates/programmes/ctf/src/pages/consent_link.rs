//! The page on which a parent consents with a link, without an account. It shows no more than the email with the link, and
//! nothing once the coach who sent it may no longer ask.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Confirmation, Filled, Form, PageError, PageResult, redirect, show};

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
    /// The competitor and the roster; absent if the consent can only be withdrawn.
    asked: Option<Asked>,
    is_released: bool,
    was_withdrawn: bool,
    /// The text that was agreed to, otherwise the present one.
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
    let agreed = competitor.consent_version.filter(|_| competitor.is_released());
    let consent = match agreed {
        Some(version) => reads::consent(&context.db, version).await?,
        None => reads::latest_consent(&context.db).await?,
    };
    show(&ConsentLinkPage {
        token: token.to_owned(),
        is_released: competitor.is_released(),
        was_withdrawn: competitor.release_withdrawn_at.is_some(),
        asked: (link.state == LinkState::Usable)
            .then_some(Asked { first_name: competitor.first_name, roster }),
        consent,
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

/// `GET /ctf/links/{token}/withdraw`: asks before a consent is withdrawn.
pub(super) async fn ask_to_withdraw(
    State(context): State<Context>,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    if let Err(ended) = of_kind(&context, &token, LinkKind::Consent).await? {
        return Ok(ended);
    }
    let page = show(&Confirmation {
        question: "Withdraw your consent?".to_owned(),
        consequence: "The results on the game platform are no longer fetched, and nothing more is sent to it. Your child \
                      can then no longer compete with the team. The coaches get a notice. Results from before stay until \
                      the coach erases them."
            .to_owned(),
        facts: Vec::new(),
        action: format!("/ctf/links/{token}/withdraw"),
        fields: Vec::new(),
        button: "Withdraw consent".to_owned(),
        is_ending: true,
        back: format!("/ctf/links/{token}"),
    })?;
    Ok(page.into_response())
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
