use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{InPerson, SignedIn},
    actions::{ask_to_verify, remove_email, verify_email},
    reads::{self, Email},
};
use platform::{
    Context,
    outbox::{EMAIL, Post},
    web::WebError,
};
use serde::Deserialize;
use ui::{Asked, Filled, PageError, PageResult, show};

use super::Done;

#[derive(Template)]
#[template(path = "email.html")]
struct EmailPage {
    email: Email,
    can_send: bool,
    said: &'static str,
}

/// `GET /settings/email`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
    Asked(done): Asked<Done>,
) -> PageResult {
    show(&EmailPage {
        email: reads::email(&context.db, viewer.user_id).await?,
        can_send: post.channels.has(EMAIL),
        said: match done.done.as_str() {
            "asked" => "A link is on its way. Open it in this browser within 15 minutes.",
            "verified" => "The address is yours.",
            "removed" => "The address is forgotten.",
            _ => "",
        },
    })
}

/// Where the link is mailed.
#[derive(Debug, Deserialize)]
pub(super) struct New {
    address: String,
}

/// `POST /settings/email`.
pub(super) async fn ask(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    Filled(new, _): Filled<New>,
) -> Result<Response, PageError> {
    let asked = ask_to_verify(&context, &post, &viewer, &new.address).await;
    asked.map_err(WebError::from)?;
    Ok(back("asked"))
}

/// What a mailed link carries.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "email_verify.html")]
struct VerifyPage {
    login: String,
    token: String,
}

/// `GET /settings/email/verify`: asks once more, because programs that look at mail open links as well.
pub(super) async fn confirm(SignedIn(viewer): SignedIn, Asked(link): Asked<Link>) -> PageResult {
    show(&VerifyPage {
        login: viewer.login,
        token: link.token,
    })
}

/// `POST /settings/email/verify`.
pub(super) async fn verify(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    InPerson(viewer): InPerson,
    Filled(link, _): Filled<Link>,
) -> Result<Response, PageError> {
    let verified = verify_email(&context, &post, &viewer, &link.token).await;
    verified.map_err(WebError::from)?;
    Ok(back("verified"))
}

/// `POST /settings/email/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<Response, PageError> {
    let removed = remove_email(&context, &viewer).await;
    removed.map_err(WebError::from)?;
    Ok(back("removed"))
}

fn back(done: &str) -> Response {
    Redirect::to(&format!("/settings/email?done={done}")).into_response()
}
