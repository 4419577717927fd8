//! The step in which an admin connects GitHub: by an App, or by a token alone.

use askama::Template;
use axum::{extract::State, response::Response};
use chrono::{DateTime, TimeDelta};
use github::{
    actions::{AppCheck, check_app, check_token, ping_again},
    rules::manifest::is_out_of_reach,
};
use identity::{access::AdminInPerson, model::Viewer};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    settings::{SettingChange, saved_at},
    web::WebError,
};
use ui::{Filled, Form, PageError, PageResult, QueryString, redirect, show};

use super::{
    frame::{Frame, Opened, after, again, is_recent, loaded_again, waiting},
    shown::{Shown, based_on, is_fresh, is_outdated, must_be_fresh},
};
use crate::server_settings::{SavedSettings, ServerSettings};

pub(super) const PAGE: &str = "/setup/github";

/// The key of the token, whose field has its name.
const TOKEN: &str = "github_api_token";

/// How long the first message of an App may take.
const ARRIVAL: TimeDelta = TimeDelta::seconds(30);

#[derive(Template)]
#[template(path = "setup_github.html")]
struct GithubPage {
    frame: Frame,
    shown: Shown,
    is_fresh: bool,
    /// The App, if the server has one.
    app: Option<AppCheck>,
    /// True while the first message of the App may be on its way.
    is_waiting: bool,
}

impl GithubPage {
    /// Returns the URL of the server if GitHub cannot reach it.
    fn unreachable(&self) -> Option<String> {
        let site = self.shown.config.site();
        Some(site).filter(|site| is_out_of_reach(site, &self.shown.config.github_url))
    }

    /// Returns true if the part with the token is open.
    fn shows_token(&self) -> bool {
        let is_set = self.shown.config.github_api_token.is_some();
        is_set || self.shown.form.refuses(&[TOKEN]) || self.unreachable().is_some()
    }
}

/// `GET /setup/github`.
pub(super) async fn page(
    State(context): State<Context>,
    settings: ServerSettings,
    AdminInPerson(viewer): AdminInPerson,
    QueryString(opened): QueryString<Opened>,
) -> Result<Response, PageError> {
    let shown = Shown::read(&context, &settings, Form::default(), false).await?;
    let page = read(&context, &viewer, shown, &opened).await?;
    Ok(loaded_again(show(&page)?, page.is_waiting))
}

/// Reads what the page shows. It asks GitHub about the App.
async fn read(
    context: &Context,
    viewer: &Viewer,
    shown: Shown,
    opened: &Opened,
) -> Result<GithubPage, WebError> {
    let saved = saved_at(&context.db, "github_app_id").await?;
    let app = if shown.config.github_app_id.is_some() {
        // One that is set elsewhere may have been in use for long.
        let since = saved.unwrap_or(DateTime::UNIX_EPOCH);
        Some(check_app(context, &shown.config, since).await?)
    } else {
        None
    };
    let is_recent = is_recent(saved.max(opened.asked_at()), context.now(), ARRIVAL);
    Ok(GithubPage {
        frame: Frame::of(PAGE, &shown.config).opened(&opened.from),
        is_fresh: is_fresh(context, viewer).await?,
        is_waiting: is_recent && app.as_ref().is_some_and(|app| app.arrived.is_none()),
        app,
        shown,
    })
}

/// Shows the page again with a refused form.
pub(super) async fn refuse(
    context: &Context,
    settings: &ServerSettings,
    viewer: &Viewer,
    form: Form,
    error: ActionError,
) -> Result<Response, PageError> {
    let is_outdated = is_outdated(&error);
    let page = async |form: Form| -> PageResult {
        let opened = Opened { from: form.value("from").to_owned(), ..Opened::default() };
        let shown = Shown::read(context, settings, form, is_outdated).await?;
        show(&read(context, viewer, shown, &opened).await?)
    };
    form.refused(error, page).await
}

/// `POST /setup/github/test`: has GitHub send the App's first message again.
pub(super) async fn test(
    State(context): State<Context>,
    settings: ServerSettings,
    _: AdminInPerson,
    QueryString(opened): QueryString<Opened>,
) -> Result<Response, PageError> {
    let is_sent = ping_again(&context, &settings.newest().await?).await?;
    if !is_sent {
        let says = "GitHub has not sent a test message yet. Try again in a minute.";
        return Ok(redirect(&again(PAGE, &opened.from), says));
    }
    let path = waiting(PAGE, &opened.from, context.now());
    Ok(redirect(&path, "GitHub sends its test message again"))
}

/// `POST /setup/github/token`: saves a token that GitHub accepts, or removes the saved one.
pub(super) async fn save_token(
    State(context): State<Context>,
    settings: ServerSettings,
    AdminInPerson(viewer): AdminInPerson,
    Filled(_, form): Filled<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let from = form.value("from").to_owned();
    match keep(&context, &settings, &viewer, &form).await {
        Ok(saved) if is_removal(&form) => {
            Ok(saved.on(redirect(&again(PAGE, &from), "The token is removed")))
        }
        Ok(saved) => {
            let path = after(PAGE, &from, &settings.config);
            Ok(saved.on(redirect(path, "GitHub is connected by a token")))
        }
        Err(error) => refuse(&context, &settings, &viewer, form, error).await,
    }
}

fn is_removal(form: &Form) -> bool {
    form.has("remove", "yes", false)
}

async fn keep(
    context: &Context,
    settings: &ServerSettings,
    viewer: &Viewer,
    form: &Form,
) -> Result<SavedSettings, ActionError> {
    must_be_fresh(context, viewer).await?;
    let change = if is_removal(form) {
        SettingChange::unset(TOKEN)
    } else {
        let typed = form.value(TOKEN).trim();
        if typed.is_empty() {
            let detail = "Enter a token that you created on GitHub.";
            return Err(Problem::new(ProblemKind::Invalid, "BAD_SETTING", detail).at(TOKEN).into());
        }
        SettingChange::set(TOKEN, typed)
    };
    let changes = [change];
    if !is_removal(form) {
        check_token(context, &settings.candidate(&changes).await?).await?;
    }
    settings.save(viewer.actor(), based_on(form), &changes).await
}
