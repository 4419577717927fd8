//! The choice of a color scheme, by people and by visitors.

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
};
use platform::{
    Context,
    web::{Cookies, came_from},
};
use serde::Deserialize;
use ui::{Filled, PageError, PageResult, show, theme};

use crate::{access::MaybePerson, actions, model::Credential, rules};

#[derive(Template)]
#[template(path = "choose_theme.html")]
struct ThemePage;

/// `GET /theme`.
pub(super) async fn page() -> PageResult {
    show(&ThemePage)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ThemeInput {
    #[serde(default)]
    theme: String,
}

/// `POST /theme`: stores the choice with the person, and otherwise in the browser, and returns to where it was made.
pub(super) async fn choose(
    State(context): State<Context>,
    Extension(cookies): Extension<Cookies>,
    MaybePerson(viewer): MaybePerson,
    headers: HeaderMap,
    Filled(input, _): Filled<ThemeInput>,
) -> Result<Response, PageError> {
    let chosen = rules::theme_named(&input.theme)?;
    let mut kept = chosen;
    if let Some(viewer) = viewer.filter(|viewer| matches!(viewer.by, Credential::Session(_))) {
        actions::set_theme(&context, viewer.user_id, chosen).await?;
        // The person's own choice counts from now on, in each of their browsers.
        kept = None;
    }
    let mut response = Redirect::to(rules::return_path(came_from(&headers, None))).into_response();
    response.headers_mut().append(header::SET_COOKIE, theme::cookie(cookies, kept));
    Ok(response)
}
