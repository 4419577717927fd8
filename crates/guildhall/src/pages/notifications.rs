use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::access::SignedIn;
use notifications::{
    actions::{Choice, choose, opened, revoke_addresses, unsubscribe},
    model::{DIGEST, Kind, Kinds, Mode},
    reads, rules,
};
use platform::{
    Context,
    outbox::{EMAIL, Post},
    web::WebError,
};
use serde::Deserialize;

use super::{
    PageError,
    extract::{Address, Asked, Filled},
    layout::{PageResult, Section, SettingsTab, show},
};

struct Row {
    code: &'static str,
    what: &'static str,
    is_security: bool,
    /// What can be chosen: its name, what it is called, and whether it is what was chosen.
    modes: Vec<(&'static str, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "notifications.html")]
struct SettingsPage {
    section: Section,
    tab: SettingsTab,
    email: Option<String>,
    can_send: bool,
    rows: Vec<Row>,
    timezone: String,
    quiet_from: String,
    quiet_until: String,
    daily_cap: i64,
    said: &'static str,
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /settings/notifications`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(kinds): Extension<Kinds>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
    Asked(done): Asked<Done>,
) -> PageResult {
    let chosen = reads::chosen(&context.db, kinds, viewer.user_id).await?;
    let quiet = chosen.settings.quiet;
    let clock = |minute: Option<u32>| minute.map(rules::clock).unwrap_or_default();
    show(&SettingsPage {
        section: Section::Elsewhere,
        tab: SettingsTab::Notifications,
        email: identity::reads::verified_email(&context.db, viewer.user_id).await?,
        can_send: post.channels.has(EMAIL),
        rows: chosen.mail.into_iter().map(row).collect(),
        timezone: chosen.settings.timezone.name().to_owned(),
        quiet_from: clock(quiet.map(|(from, _)| from)),
        quiet_until: clock(quiet.map(|(_, until)| until)),
        daily_cap: chosen.settings.daily_cap,
        said: match done.done.as_str() {
            "kept" => "Your choices are kept.",
            "revoked" => "Addresses in earlier letters end nothing any more.",
            _ => "",
        },
    })
}

fn row((kind, chosen): (&'static Kind, Mode)) -> Row {
    let word = |mode| match mode {
        Mode::Off => "Never",
        Mode::Instant if kind.code == DIGEST.code => "Yes",
        Mode::Instant => "At once",
        Mode::Digest => "In the day's letter",
    };
    let is_open = |mode: &Mode| kind.code != DIGEST.code || *mode != Mode::Digest;
    let modes = Mode::ALL.into_iter().filter(is_open);
    Row {
        code: kind.code,
        what: kind.what,
        is_security: kind.is_security,
        modes: modes
            .map(|mode| (mode.as_str(), word(mode), mode == chosen))
            .collect(),
    }
}

/// What was chosen: times by name, the rest is kinds of news.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
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

/// `POST /settings/notifications`.
pub(super) async fn keep(
    State(context): State<Context>,
    Extension(kinds): Extension<Kinds>,
    SignedIn(viewer): SignedIn,
    Filled(chosen): Filled<Chosen>,
) -> Result<Response, PageError> {
    let choice = Choice {
        timezone: chosen.timezone,
        quiet_from: chosen.quiet_from,
        quiet_until: chosen.quiet_until,
        daily_cap: chosen.daily_cap.trim().parse().unwrap_or(0),
        modes: chosen.modes.into_iter().collect(),
    };
    let kept = choose(&context, kinds, &viewer, &choice).await;
    kept.map_err(WebError::from)?;
    Ok(Redirect::to("/settings/notifications?done=kept").into_response())
}

/// `POST /settings/notifications/revoke`.
pub(super) async fn revoke(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    revoke_addresses(&context, &viewer).await?;
    Ok(Redirect::to("/settings/notifications?done=revoked").into_response())
}

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage {
    section: Section,
    what: &'static str,
    token: String,
    is_done: bool,
}

/// `GET /unsubscribe/{token}`: asks once more, because programs that look at mail open addresses as well.
pub(super) async fn ask_to_end(
    State(context): State<Context>,
    Extension(kinds): Extension<Kinds>,
    Extension(post): Extension<Post>,
    Address(token): Address<String>,
) -> PageResult {
    let opened = opened(&context, &post, kinds, &token).await;
    let (_, kind) = opened.map_err(WebError::from)?;
    show(&UnsubscribePage {
        section: Section::Elsewhere,
        what: kind.what,
        token,
        is_done: false,
    })
}

/// `POST /unsubscribe/{token}`: by the button, or by a mail program's one click.
pub(super) async fn end(
    State(context): State<Context>,
    Extension(kinds): Extension<Kinds>,
    Extension(post): Extension<Post>,
    Address(token): Address<String>,
) -> PageResult {
    let ended = unsubscribe(&context, &post, kinds, &token).await;
    let kind = ended.map_err(WebError::from)?;
    show(&UnsubscribePage {
        section: Section::Elsewhere,
        what: kind.what,
        token,
        is_done: true,
    })
}
