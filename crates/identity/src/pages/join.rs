//! Joining by the link of an emailed invitation. Opening the link changes nothing, because mail scanners also open links: the button
//! on its page creates the account.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::{
    Context,
    web::{Cookies, WebError},
};
use ui::{
    Address, PageError, PageResult,
    format::{segment, tame},
    redirect, show,
};

use super::sign_in_link::CREATED;
use crate::{
    access::{self, MaybePerson, Visitor},
    actions, reads,
};

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    /// Percent-encoded.
    token: String,
    address: String,
    /// The login of the viewer, who has an account already.
    login: Option<String>,
}

/// `GET /invitations/{token}`: shows the button that creates the account.
pub(super) async fn page(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
    Address(token): Address<String>,
) -> PageResult {
    let found = reads::linked_invitation(&context.db, &token, context.now()).await?;
    let found = found.ok_or_else(actions::dead_invitation)?;
    show(&InvitationPage {
        token: segment(&token),
        address: tame(&found.address),
        login: viewer.map(|viewer| viewer.login),
    })
}

/// `POST /invitations/{token}`: creates the account, and asks for the name before it leads to the page of the invitation.
pub(super) async fn join(
    State(context): State<Context>,
    Extension(cookies): Extension<Cookies>,
    visitor: Visitor,
    Address(token): Address<String>,
) -> Result<Response, PageError> {
    let former = access::token(cookies, &visitor.headers);
    let device = visitor.device();
    let joined = actions::join_by_invitation(&context, &token, &device, former).await;
    let (welcome, path) = joined.map_err(WebError::from)?;
    let profile = format!("/settings/profile?return={}", segment(&path));
    let page = redirect(&profile, CREATED);
    Ok(access::with_session(cookies, &welcome.token, page))
}
