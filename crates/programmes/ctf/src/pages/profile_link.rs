//! The page on which a competitor completes their profile with a link, without an account. It shows nothing of the profile:
//! whoever has the link can open it.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::{
    access::{SignedIn, Visitor, token as session, with_session},
    model::Viewer,
    reads::{owner_of, verified_email},
    rules::check_addressee,
};
use platform::{
    Context,
    audit::Actor,
    web::{Cookies, WebError},
};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, redirect, show};

use super::{competitors::ProfileFields, links::of_kind};
use crate::{
    access,
    actions::{self, CompletedProfile, MailedAnswer},
    model::LinkKind,
    reads::{self, CompetitorView, ConsentText, LinkView, RosterView},
    rules::{consent::agreed, profile::MOST_YEARS, rosters::PERSON_NAME},
};

#[derive(Template)]
#[template(path = "ctf_profile_link.html")]
struct ProfileLinkPage {
    token: String,
    roster: RosterView,
    consent: Option<ConsentText>,
    /// The login of the account that the competitor can be connected with, or the address that a visitor can sign in to.
    account: Option<String>,
    is_visitor: bool,
    form: Form,
}

/// Returns the competitor of a link, and the roster.
pub(super) async fn of_link(
    context: &Context,
    link: &LinkView,
) -> Result<(CompetitorView, RosterView), WebError> {
    let id = link.competitor_id.ok_or_else(access::unknown_link)?;
    let found = reads::competitor(&context.db, id.into()).await?;
    let competitor = found.filter(|found| found.erased_at.is_none());
    let competitor = competitor.ok_or_else(access::unknown_link)?;
    let roster = reads::roster(&context.db, competitor.roster()).await?;
    Ok((competitor, roster.ok_or_else(access::unknown_link)?))
}

/// Renders the page of a usable link.
pub(super) async fn page(
    context: &Context,
    viewer: Result<SignedIn, WebError>,
    link: &LinkView,
    token: &str,
) -> PageResult {
    render(context, signed_in(viewer).as_ref(), link, token, Form::default()).await
}

async fn render(
    context: &Context,
    viewer: Option<&Viewer>,
    link: &LinkView,
    token: &str,
    form: Form,
) -> PageResult {
    let (competitor, roster) = of_link(context, link).await?;
    let account = match viewer {
        Some(viewer) if may_connect(context, viewer, link, &competitor).await? => {
            Some(viewer.login.clone())
        }
        Some(_) => None,
        None => offered_address(context, link, &competitor).await?,
    };
    show(&ProfileLinkPage {
        token: token.to_owned(),
        roster,
        consent: reads::latest_consent(&context.db).await?,
        account,
        is_visitor: viewer.is_none(),
        form,
    })
}

/// Returns the address that a visitor proves, if its owner can be connected with the competitor of the link.
async fn offered_address(
    context: &Context,
    link: &LinkView,
    competitor: &CompetitorView,
) -> Result<Option<String>, WebError> {
    let Some(address) = &link.proves else {
        return Ok(None);
    };
    let is_free = match owner_of(&context.db, address).await? {
        Some(owner) => reads::is_free(&context.db, competitor, owner).await?,
        None => competitor.user_id.is_none(),
    };
    Ok(is_free.then(|| address.clone()))
}

/// Returns whether a person can connect their account with the competitor of a link.
async fn may_connect(
    context: &Context,
    viewer: &Viewer,
    link: &LinkView,
    competitor: &CompetitorView,
) -> Result<bool, WebError> {
    let (db, person) = (&context.db, viewer.user_id);
    let own = verified_email(db, person).await?;
    let is_own = |invited: &str| check_addressee(invited, own.as_deref()).is_ok();
    let is_addressee = link.email.as_deref().is_none_or(is_own);
    Ok(is_addressee && reads::is_free(db, competitor, person).await?)
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct LinkFields {
    #[serde(flatten)]
    profile: ProfileFields,
    #[serde(default)]
    agreed: String,
    #[serde(default)]
    connect: String,
}

fn signed_in(viewer: Result<SignedIn, WebError>) -> Option<Viewer> {
    viewer.ok().map(|SignedIn(viewer)| viewer)
}

/// Returns who acts: the person who is signed in, or a visitor.
pub(super) fn actor(viewer: Result<SignedIn, WebError>) -> Actor {
    signed_in(viewer).map_or(Actor::Visitor, |viewer| viewer.actor())
}

/// `POST /ctf/links/{token}/profile`: a visitor whose link proves the address can sign in with it, too.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(cookies): Extension<Cookies>,
    visitor: Visitor,
    viewer: Result<SignedIn, WebError>,
    Address(token): Address<String>,
    Filled(fields, form): Filled<LinkFields>,
) -> Result<Response, PageError> {
    let link = match of_kind(&context, &token, LinkKind::Profile).await? {
        Ok(link) => link,
        Err(ended) => return Ok(ended),
    };
    let viewer = signed_in(viewer);
    let connects = fields.connect == "yes";
    let connected = viewer.as_ref().filter(|_| connects);
    let completed = CompletedProfile {
        profile: fields.profile.input(),
        agreed: agreed(&fields.agreed),
        connect: connected.map(|viewer| viewer.user_id),
    };
    let saved = if connects && viewer.is_none() && link.proves.is_some() {
        let (device, former) = (visitor.device(), session(cookies, &visitor.headers));
        let answer = MailedAnswer::Profile(&completed);
        let entered = actions::accept_by_mail(&context, &token, answer, &device, former).await;
        entered.map(|(welcome, _)| Some(welcome.token))
    } else {
        let actor = viewer.as_ref().map_or(Actor::Visitor, Viewer::actor);
        actions::complete_profile(&context, actor, &token, &completed).await.map(|_| None)
    };
    match saved {
        Ok(entered) => {
            let is_connected = connected.is_some() || entered.is_some();
            let to = if is_connected { "/ctf/me" } else { "/" };
            let response = redirect(to, "Your profile is complete. Thank you");
            Ok(match entered {
                Some(token) => with_session(cookies, &token, response),
                None => response,
            })
        }
        Err(error) => {
            let again = |form| render(&context, viewer.as_ref(), &link, &token, form);
            form.refused(error, again).await
        }
    }
}
