//! The step in which an admin sets up email. What they enter is tried before it is saved.

use std::time::Duration;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::{
    access::AdminInPerson,
    actions::{EMAIL_LINK_LASTS, note_test_email, write_test_email},
    model::Viewer,
    reads::{self, entered_email},
};
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    outbox::{Frame as MailFrame, MailServer, TRIAL_LASTS, try_mail},
    web::{Patience, WebError},
};
use ui::{Filled, Form, PageError, PageResult, QueryString, redirect, show};

use super::{
    entered_mail::{EnteredMail, saved_server},
    frame::{Frame, Opened, after, again, is_recent, loaded_again, onward, waiting},
    shown::{Shown, based_on, is_fresh, is_outdated, must_be_fresh, set_by},
};
use crate::server_settings::{SavedSettings, ServerSettings};

const PAGE: &str = "/setup/email";

/// How long a request may take in which an email is sent.
const SENDING: Duration = TRIAL_LASTS.saturating_add(Duration::from_secs(10));

/// The port that a form proposes.
const PORT: &str = "587";

#[derive(Template)]
#[template(path = "setup_email.html")]
struct EmailPage {
    frame: Frame,
    shown: Shown,
    is_fresh: bool,
    /// That of the configuration; empty without one.
    saved: MailServer,
    /// The admin's address.
    address: String,
    /// The address whose email has a button that was not clicked yet.
    asked: Option<String>,
}

impl EmailPage {
    /// Returns the path of this page without waiting.
    fn own(&self) -> String {
        again(PAGE, self.frame.from())
    }

    fn host(&self) -> &str {
        self.shown.form.value_or("host", &self.saved.host)
    }

    fn port(&self) -> String {
        let saved = Some(&self.saved).filter(|saved| !saved.host.is_empty());
        let saved = saved.map_or_else(|| PORT.to_owned(), |saved| saved.port.to_string());
        self.shown.form.value_or("port", &saved).to_owned()
    }

    fn username(&self) -> &str {
        self.shown.form.value_or("username", &self.saved.username)
    }

    /// Says how people sign in without email.
    fn without(&self) -> &'static str {
        let config = &self.shown.config;
        match (config.github_client_id.is_some(), config.openid_issuer.is_some()) {
            (true, true) => "Without it, people sign in with GitHub or OpenID Connect only.",
            (true, false) => "Without it, people sign in with GitHub only.",
            (false, true) => "Without it, people sign in with OpenID Connect only.",
            (false, false) => "Without it, no one else can sign in until you create a GitHub App.",
        }
    }

    /// Returns the saved server beside another one that was typed, after a conflict.
    fn newer(&self) -> Option<String> {
        let saved = format!("{}:{}", self.saved.host, self.saved.port);
        let form = &self.shown.form;
        let typed = format!("{}:{}", form.value("host").trim(), form.value("port").trim());
        let is_newer =
            self.shown.conflict.is_some() && !self.saved.host.is_empty() && saved != typed;
        is_newer.then_some(saved)
    }
}

/// `GET /setup/email`: goes on once the address is verified that the last email was sent to.
pub(super) async fn page(
    State(context): State<Context>,
    settings: ServerSettings,
    AdminInPerson(viewer): AdminInPerson,
    QueryString(opened): QueryString<Opened>,
) -> Result<Response, PageError> {
    let shown = Shown::read(&context, &settings, Form::default(), false).await?;
    let mut page = read(&context, &viewer, shown, &opened.from).await?;
    if is_recent(opened.asked_at(), context.now(), EMAIL_LINK_LASTS) {
        let own = reads::email(&context.db, viewer.user_id).await?;
        if own.asked.is_none() && own.verified.is_some() {
            let path = after(PAGE, &opened.from, &page.shown.config);
            return Ok(redirect(path, "Email is set up, and your address is verified"));
        }
        page.asked = own.asked;
    }
    let is_waiting = page.asked.is_some();
    Ok(loaded_again(show(&page)?, is_waiting))
}

async fn read(
    context: &Context,
    viewer: &Viewer,
    shown: Shown,
    from: &str,
) -> Result<EmailPage, WebError> {
    let address = entered_email(&context.db, viewer.user_id).await?.unwrap_or_default();
    Ok(EmailPage {
        frame: Frame::of(PAGE, &shown.config).opened(from),
        is_fresh: is_fresh(context, viewer).await?,
        saved: saved_server(&shown.config).unwrap_or_default(),
        address: shown.form.value_or("address", &address).to_owned(),
        asked: None,
        shown,
    })
}

/// `POST /setup/email`: sends a test, and saves the mail server if it takes it.
pub(super) async fn send(
    State(context): State<Context>,
    Extension(patience): Extension<Patience>,
    settings: ServerSettings,
    AdminInPerson(viewer): AdminInPerson,
    Filled(_, form): Filled<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    patience.extend(SENDING);
    let from = form.value("from").to_owned();
    match try_and_keep(&context, &settings, &viewer, &form).await {
        Ok((saved, has_button)) => {
            let next = || after(PAGE, &from, &settings.config).to_owned();
            let path = if has_button { waiting(PAGE, &from, context.now()) } else { next() };
            Ok(saved.on(redirect(&path, "Email sent and mail server saved")))
        }
        Err(error) => {
            let is_outdated = is_outdated(&error);
            let page = async |form: Form| -> PageResult {
                let shown = Shown::read(&context, &settings, form, is_outdated).await?;
                show(&read(&context, &viewer, shown, &from).await?)
            };
            form.refused(error, page).await
        }
    }
}

/// Sends the test, then saves the mail server. Returns whether the email has a button that verifies its address.
async fn try_and_keep(
    context: &Context,
    settings: &ServerSettings,
    viewer: &Viewer,
    form: &Form,
) -> Result<(SavedSettings, bool), ActionError> {
    must_be_fresh(context, viewer).await?;
    let config = settings.newest().await?;
    if let Some(setting) = config.fixed_by("smtp_url") {
        return Err(Problem::new(ProblemKind::Conflict, "SETTING_FIXED", set_by(setting)).into());
    }
    let entered = EnteredMail::read(form)?;
    let changes = entered.changes(&config, form.value("password"));
    let next = settings.candidate(&changes).await?;
    let frame =
        MailFrame { site: &next.site(), community: &next.community_name, unsubscribe: None };
    let back = onward(form.value("from"));
    let test = write_test_email(context, viewer, frame, &entered.address, back).await?;
    let url = next.smtp_url.clone().unwrap_or_default();
    let sender = next.mail_from.as_deref().unwrap_or_default();
    try_mail((&url, &entered.server.host), sender, &test.message).await?;
    let saved = settings.save(viewer.actor(), based_on(form), &changes).await?;
    note_test_email(context, viewer, &test).await?;
    Ok((saved, test.verifies()))
}
