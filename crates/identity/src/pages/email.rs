use askama::Template;
use axum::{Extension, extract::State, response::Response};
use platform::{
    Context,
    outbox::{EMAIL, Post},
    web::WebError,
};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, QueryString, format::tame, redirect, show};

use crate::{
    access::{ProvenInPerson, SignedIn},
    actions::{ask_to_verify, remove_email, verify_email},
    model::{Role, Viewer},
    reads::{self, Email},
    rules,
};

const PAGE: &str = "/settings/email";

#[derive(Template)]
#[template(path = "email.html")]
struct EmailPage {
    email: Email,
    can_send: bool,
    is_admin: bool,
    is_fresh: bool,
    form: Form,
}

/// `GET /settings/email`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
) -> PageResult {
    render(&context, &post, &viewer, Form::default()).await
}

async fn render(context: &Context, post: &Post, viewer: &Viewer, form: Form) -> PageResult {
    let signed_in_at = reads::signed_in_at(&context.db, viewer).await?;
    show(&EmailPage {
        is_fresh: signed_in_at.is_some_and(|at| rules::is_fresh(at, context.now())),
        email: reads::email(&context.db, viewer.user_id).await?,
        can_send: post.channels.has(EMAIL),
        is_admin: viewer.acts_as(Role::Admin),
        form,
    })
}

/// An address to verify.
#[derive(Debug, Deserialize)]
pub(super) struct AddressInput {
    address: String,
}

/// `POST /settings/email`.
pub(super) async fn ask(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(new, form): Filled<AddressInput>,
) -> Result<Response, PageError> {
    match ask_to_verify(&context, &post, &viewer, &new.address).await {
        Ok(()) => Ok(redirect(PAGE, "Link sent. Open it in this browser within 15 minutes.")),
        Err(error) => {
            let page = async |form| render(&context, &post, &viewer, form).await;
            form.refused(error, page).await
        }
    }
}

/// The token of an emailed link, and the path that it leads to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Link {
    token: String,
    #[serde(rename = "return")]
    path: Option<String>,
}

impl Link {
    fn back(&self) -> &str {
        let path = self.path.as_deref();
        path.map_or(PAGE, |path| rules::return_path(Some(path)))
    }
}

#[derive(Template)]
#[template(path = "email_verify.html")]
struct VerifyPage {
    login: String,
    /// The address that the link verifies, if it is one of the viewer's session.
    address: Option<String>,
    link: Link,
}

/// `GET /settings/email/verify`: asks for confirmation, because mail scanners also open links.
pub(super) async fn confirm(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(link): QueryString<Link>,
) -> PageResult {
    let address = reads::address_of_link(&context.db, &viewer, &link.token, context.now()).await?;
    show(&VerifyPage { login: viewer.login, address: address.as_deref().map(tame), link })
}

/// `POST /settings/email/verify`.
pub(super) async fn verify(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(link, _): Filled<Link>,
) -> Result<Response, PageError> {
    let verified = verify_email(&context, &post, &viewer, &link.token).await;
    verified.map_err(WebError::from)?;
    Ok(redirect(link.back(), "Email address verified"))
}

/// `POST /settings/email/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    ProvenInPerson(viewer): ProvenInPerson,
) -> Result<Response, PageError> {
    let removed = remove_email(&context, &post, &viewer).await;
    removed.map_err(WebError::from)?;
    Ok(redirect(PAGE, "Email address removed"))
}
