//! A person's connection to GitHub, with which this server creates the webhooks of their repositories.

use std::sync::Arc;

use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use platform::{Context, web::WebError};
use ui::{Asked, PageError, redirect};

use super::{
    flow::{Return, SignIn},
    link_claim::LIST,
    sign_in_away::begin_connecting,
};
use crate::{access::InPerson, actions, gateway::OauthApp, rules::return_path};

/// `GET /settings/github/connect`: redirects to GitHub.
pub(super) async fn connect(
    State(flow): State<Arc<SignIn>>,
    InPerson(viewer): InPerson,
    headers: HeaderMap,
    Asked(asked): Asked<Return>,
) -> Result<Response, PageError> {
    let path = asked.path.as_deref().unwrap_or(LIST);
    let session = viewer.by.id();
    Ok(begin_connecting(&flow, &headers, session, return_path(Some(path))).await?)
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
