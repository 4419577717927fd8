//! The creation of a GitHub App for this server: the admin's browser takes a manifest to GitHub, and returns with a code.

use std::time::Duration;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use github::{
    actions::{ping_again, settings_of, take_app},
    rules::{
        manifest::{is_out_of_reach, manifest},
        names::is_login,
    },
};
use identity::{access::AdminInPerson, model::Viewer};
use kernel::{Problem, ProblemKind};
use platform::{ActionError, Context, config::Config, settings::SettingChange, web::Patience};
use serde::Deserialize;
use ui::{Filled, Form, PageError, QueryString, leading_to, redirect, show};

use super::{
    attempt::{AppAttempt, Attempts},
    frame::{Frame, again},
    github::{PAGE, refuse},
    shown::{is_outdated, must_be_fresh, set_by},
};
use crate::server_settings::{SavedSettings, ServerSettings};

/// The path of the page of an account on GitHub that creates an App.
const NEW: &str = "settings/apps/new";

/// How long GitHub may take to hand over an App, whose code works once only.
const TAKING: Duration = Duration::from_secs(40);

/// The number of times that an App is saved while others save settings.
const TRIES: u32 = 3;

/// The page that leads to GitHub.
#[derive(Template)]
#[template(path = "setup_github_leave.html")]
struct LeavePage {
    frame: Frame,
    /// The URL on GitHub that takes the manifest.
    target: String,
    manifest: String,
}

/// `POST /setup/github`: begins an App for the chosen account.
pub(super) async fn begin(
    State(context): State<Context>,
    Extension(attempts): Extension<Attempts>,
    settings: ServerSettings,
    AdminInPerson(viewer): AdminInPerson,
    Filled(_, form): Filled<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    match prepare(&context, &attempts, &settings, &viewer, &form).await {
        Ok((page, cookie)) => {
            let mut response = leading_to(show(&page)?, &settings.config.github_url);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => refuse(&context, &settings, &viewer, form, error).await,
    }
}

/// Returns the page that leads to GitHub, and the cookie with the attempt.
async fn prepare(
    context: &Context,
    attempts: &Attempts,
    settings: &ServerSettings,
    viewer: &Viewer,
    form: &Form,
) -> Result<(LeavePage, HeaderValue), ActionError> {
    must_be_fresh(context, viewer).await?;
    let config = settings.newest().await?;
    may_create(settings, &config)?;
    let (account, from) = (account(form.value("owner"))?, form.value("from"));
    let attempt = AppAttempt::new(viewer.user_id.0, from, context.now())?;
    let page = LeavePage {
        frame: Frame::of(PAGE, &config).opened(from),
        target: format!("{}/{account}{NEW}?state={}", config.github_url, attempt.state),
        manifest: manifest(&config.community_name, &config.site(), PAGE),
    };
    Ok((page, attempts.cookie(&attempt)?))
}

/// Checks that GitHub can lead this browser back, and reach the server.
fn may_create(settings: &ServerSettings, config: &Config) -> Result<(), Problem> {
    if let Some(setting) = config.fixed_by("github_app_id") {
        return Err(Problem::new(ProblemKind::Conflict, "SETTING_FIXED", set_by(setting)));
    }
    let (site, github) = (config.site(), &config.github_url);
    let detail = if is_out_of_reach(&site, github) {
        format!(
            "GitHub cannot reach {site}: only this machine or its network knows this address. Change it at /setup/community."
        )
    } else if settings.is_elsewhere(&site) {
        format!("GitHub leads back to {site}, where this browser is not. Open this page there.")
    } else {
        return Ok(());
    };
    Err(Problem::new(ProblemKind::Conflict, "BAD_SETTING", detail))
}

/// Returns the part of a URL on GitHub that names an organization; empty for the person's own account.
fn account(typed: &str) -> Result<String, Problem> {
    let name = typed.trim();
    if name.is_empty() {
        return Ok(String::new());
    }
    if !is_login(name) {
        let detail = "Enter the name of an organization as in its address on GitHub.";
        return Err(Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail).at("owner"));
    }
    Ok(format!("organizations/{name}/"))
}

/// The query with which GitHub sends a browser back.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Return {
    code: String,
    state: String,
}

/// `GET /setup/github/created`: takes over the App that GitHub created.
pub(super) async fn created(
    State(context): State<Context>,
    Extension(attempts): Extension<Attempts>,
    Extension(patience): Extension<Patience>,
    settings: ServerSettings,
    AdminInPerson(viewer): AdminInPerson,
    headers: HeaderMap,
    QueryString(back): QueryString<Return>,
) -> Response {
    patience.extend(TAKING);
    let attempt = attempts.open(&headers, (back.state.as_str(), viewer.user_id.0), context.now());
    let mut response = match take(&context, &settings, &viewer, attempt, &back.code).await {
        Ok((saved, path)) => saved.on(redirect(&path, "GitHub created the app")),
        Err(error) => PageError::from(error).into_response(),
    };
    response.headers_mut().append(header::SET_COOKIE, attempts.clear());
    response
}

/// Takes over the App. Returns the path of the page that shows it.
async fn take(
    context: &Context,
    settings: &ServerSettings,
    viewer: &Viewer,
    attempt: Option<AppAttempt>,
    code: &str,
) -> Result<(SavedSettings, String), ActionError> {
    let attempt = attempt.ok_or_else(not_begun)?;
    let config = settings.newest().await?;
    may_create(settings, &config)?;
    let mut changes = settings_of(take_app(context, &config, code).await?);
    changes.retain(|change| config.fixed_by(change.key).is_none());
    let saved = keep(settings, viewer, &changes).await?;
    // Only now does the server know the secret with which GitHub signs messages.
    if let Err(error) = ping_again(context, &settings.newest().await?).await {
        tracing::info!(%error, "GitHub does not send the first message of the App again");
    }
    Ok((saved, again(PAGE, &attempt.from)))
}

/// Saves an App, whose code is used up, also if others save settings at the same time.
async fn keep(
    settings: &ServerSettings,
    viewer: &Viewer,
    changes: &[SettingChange],
) -> Result<SavedSettings, ActionError> {
    let mut left = TRIES;
    loop {
        left -= 1;
        let newest = settings.newest().await?.stored_version;
        match settings.save(viewer.actor(), newest, changes).await {
            Err(error) if left > 0 && is_outdated(&error) => {}
            saved => return saved,
        }
    }
}

fn not_begun() -> Problem {
    let detail = "This browser did not begin the creation of an app, or more than an hour ago. Nothing was saved. Create the app \
                  again at /setup/github.";
    Problem::new(ProblemKind::Malformed, "APP_NOT_BEGUN", detail)
}
