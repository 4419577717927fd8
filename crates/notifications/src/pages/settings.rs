use std::collections::BTreeMap;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::{
    access::{InPerson, SignedIn},
    model::Viewer,
};
use kernel::Problem;
use platform::{
    Context,
    outbox::{
        EMAIL, Post, SMS,
        push::{self, Browser},
        webhook,
    },
};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, format::Instant, redirect, show};
use uuid::Uuid;

use crate::{
    actions::{ChoiceInput, browser_name, choose, remove_browser as remove, revoke_addresses},
    model::{DIGEST, NewsKind, NewsKinds, NewsMode, Phone},
    reads, rules,
};

const PATH: &str = "/settings/notifications";

/// The prefix of fields that select the browser mode of a kind.
const PUSH_FIELD: &str = "push:";

/// The prefix of fields that select the mode of a kind for text messages.
const SMS_FIELD: &str = "sms:";

/// The prefix of fields that select the webhook mode of a kind.
const WEBHOOK_FIELD: &str = "webhook:";

struct Row {
    code: &'static str,
    title: &'static str,
    mail: Vec<Mode>,
    /// Empty for kinds that are never sent to browsers.
    push: Vec<Mode>,
    /// Empty for kinds that are never sent as text messages.
    sms: Vec<Mode>,
    /// Empty for kinds that are never sent to webhooks.
    webhook: Vec<Mode>,
}

/// An option of a mode's select.
struct Mode {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

struct BrowserRow {
    id: Uuid,
    name: String,
    service: String,
    added: Instant,
}

impl From<Browser> for BrowserRow {
    fn from(browser: Browser) -> Self {
        Self {
            id: browser.id,
            name: browser_name(&browser),
            service: browser.service(),
            added: Instant(browser.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "notification_settings.html")]
struct SettingsPage {
    form: Form,
    email: Option<String>,
    can_send: bool,
    rows: Vec<Row>,
    /// The titles of the kinds that are always sent.
    security: Vec<&'static str>,
    browsers: Vec<BrowserRow>,
    can_text: bool,
    phone: Option<Phone>,
    has_webhooks: bool,
    timezone: String,
    quiet_from: String,
    quiet_until: String,
    daily_cap: String,
}

impl SettingsPage {
    /// Returns true if text messages can be chosen.
    fn has_phone(&self) -> bool {
        self.can_text && self.phone.as_ref().is_some_and(Phone::is_verified)
    }
}

/// `GET /settings/notifications`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
) -> PageResult {
    render(&context, kinds, &post, &viewer, Form::default()).await
}

async fn render(
    context: &Context,
    kinds: NewsKinds,
    post: &Post,
    viewer: &Viewer,
    form: Form,
) -> PageResult {
    let (db, person) = (&context.db, viewer.user_id);
    let chosen = reads::chosen(db, kinds, person).await?;
    let quiet = chosen.settings.quiet;
    let clock = |minute: Option<u32>| minute.map(rules::clock).unwrap_or_default();
    let row = |(kind, mode): (&'static NewsKind, NewsMode)| row(kind, mode, &chosen, &form);
    let (security, open): (Vec<_>, Vec<_>) =
        (chosen.mail.iter().copied()).partition(|(kind, _)| kind.is_security);
    show(&SettingsPage {
        security: security.iter().map(|(kind, _)| kind.title).collect(),
        email: chosen.email.clone(),
        can_send: post.channels.has(EMAIL),
        rows: open.into_iter().map(row).collect(),
        browsers: push::of_person(db, person.0).await?.into_iter().map(Into::into).collect(),
        can_text: post.channels.has(SMS),
        phone: reads::phone(db, person).await?,
        has_webhooks: !webhook::of_person(db, person.0).await?.is_empty(),
        timezone: chosen.settings.timezone.name().to_owned(),
        quiet_from: clock(quiet.map(|(from, _)| from)),
        quiet_until: clock(quiet.map(|(_, until)| until)),
        daily_cap: chosen.settings.daily_cap.to_string(),
        form,
    })
}

fn row(
    kind: &'static NewsKind,
    mail: NewsMode,
    chosen: &reads::NotificationChoices,
    form: &Form,
) -> Row {
    let mode = |field: &str, mode: NewsMode, chosen: NewsMode| Mode {
        value: mode.as_str(),
        label: match mode {
            NewsMode::Off if kind.code == DIGEST.code => "Off",
            NewsMode::Instant if kind.code == DIGEST.code => "On",
            NewsMode::Off => "Never",
            NewsMode::Instant => "Immediately",
            NewsMode::Digest => "In the daily digest",
        },
        is_chosen: form.has(field, mode.as_str(), mode == chosen),
    };
    let is_open = |mode: &NewsMode| kind.code != DIGEST.code || *mode != NewsMode::Digest;
    let by_mail = NewsMode::ALL.into_iter().filter(is_open);
    let instantly = |prefix: &str, modes: &[(&'static NewsKind, NewsMode)]| {
        let chosen = modes.iter().find(|(one, _)| one.code == kind.code);
        chosen.map_or_else(Vec::new, |(_, chosen)| {
            let field = format!("{prefix}{}", kind.code);
            let modes = [NewsMode::Off, NewsMode::Instant].into_iter();
            modes.map(|is| mode(&field, is, *chosen)).collect()
        })
    };
    Row {
        code: kind.code,
        title: kind.title,
        mail: by_mail.map(|is| mode(kind.code, is, mail)).collect(),
        push: instantly(PUSH_FIELD, &chosen.push),
        sms: instantly(SMS_FIELD, &chosen.sms),
        webhook: instantly(WEBHOOK_FIELD, &chosen.webhook),
    }
}

/// The fields of the form. All fields without a name of their own are kinds of notifications.
#[derive(Debug, Deserialize)]
pub(super) struct SettingsForm {
    #[serde(default)]
    timezone: String,
    #[serde(default)]
    quiet_from: String,
    #[serde(default)]
    quiet_until: String,
    #[serde(default)]
    daily_cap: String,
    #[serde(flatten)]
    modes: BTreeMap<String, String>,
}

impl From<SettingsForm> for ChoiceInput {
    fn from(chosen: SettingsForm) -> Self {
        let mut choice = Self {
            timezone: chosen.timezone,
            quiet_from: chosen.quiet_from,
            quiet_until: chosen.quiet_until,
            daily_cap: chosen.daily_cap.trim().parse().unwrap_or(0),
            ..Self::default()
        };
        for (field, mode) in chosen.modes {
            let (modes, code) = if let Some(code) = field.strip_prefix(PUSH_FIELD) {
                (&mut choice.push, code)
            } else if let Some(code) = field.strip_prefix(SMS_FIELD) {
                (&mut choice.sms, code)
            } else if let Some(code) = field.strip_prefix(WEBHOOK_FIELD) {
                (&mut choice.webhook, code)
            } else {
                (&mut choice.modes, field.as_str())
            };
            modes.push((code.to_owned(), mode));
        }
        choice
    }
}

/// `POST /settings/notifications`.
pub(super) async fn save(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
    Filled(chosen, form): Filled<SettingsForm>,
) -> Result<Response, PageError> {
    match choose(&context, kinds, &viewer, &chosen.into()).await {
        Ok(()) => Ok(redirect(PATH, "Notification settings saved")),
        Err(error) => {
            let again = |form| render(&context, kinds, &post, &viewer, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /settings/notifications/revoke`.
pub(super) async fn revoke(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    revoke_addresses(&context, &viewer).await?;
    Ok(redirect(PATH, "Old unsubscribe links revoked"))
}

/// `POST /settings/notifications/browsers/{id}/remove`.
pub(super) async fn remove_browser(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    if !remove(&context, &viewer, id).await? {
        let detail = "Unknown or removed browser. See /settings/notifications.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(redirect(PATH, "Notifications turned off in that browser"))
}
