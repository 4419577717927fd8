//! A person's connection to GitHub, with which this server creates the webhooks of their repositories.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use platform::{Context, web::WebError};
use ui::{PageError, QueryString, redirect, show};

use super::{
    flow::{Return, SignIn, failed, set},
    link_claim::LIST,
    sign_in_away::begin_connecting,
};
use crate::{
    access::{InPerson, ProvenInPerson},
    actions,
    gateway::OauthApp,
    rules::return_path,
};

/// The page that leads on to GitHub. Browsers block forms that redirect to another site, so the response to the form does
/// not redirect.
#[derive(Template)]
#[template(path = "github_away.html")]
struct AwayPage {
    to: String,
}

/// `POST /settings/github/connect`: leads on to GitHub.
pub(super) async fn connect(
    State(flow): State<Arc<SignIn>>,
    ProvenInPerson(viewer): ProvenInPerson,
    headers: HeaderMap,
    QueryString(asked): QueryString<Return>,
) -> Result<Response, PageError> {
    let path = asked.path.as_deref().unwrap_or(LIST);
    let session = viewer.by.id();
    let away = begin_connecting(&flow, &headers, session, return_path(Some(path))).await?;
    let refresh = HeaderValue::try_from(format!("0; url={}", away.to)).map_err(failed)?;
    let page = show(&AwayPage { to: away.to })?;
    Ok((set(away.cookie), [(header::REFRESH, refresh)], page).into_response())
}

/// `POST /settings/github/disconnect`.
pub(super) async fn disconnect(
    State(context): State<Context>,
    Extension(app): Extension<OauthApp>,
    InPerson(viewer): InPerson,
) -> Result<Response, PageError> {
    let gone = actions::disconnect_github(&context, &app, &viewer).await;
    let said = match gone.map_err(WebError::from)? {
        None => "GitHub was not connected",
        Some(true) => "GitHub is disconnected",
        Some(false) => {
            "GitHub is disconnected here, but did not confirm it. End the access in your settings on GitHub too"
        }
    };
    Ok(redirect(LIST, said))
}
