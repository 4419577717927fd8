use std::collections::BTreeMap;
use ui::{Address, Asked, Filled, PageError, PageResult, format::Instant, show};

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::access::{InPerson, SignedIn};
use kernel::Problem;
use notifications::{
    actions::{Choice, called, choose, opened, remove_browser, revoke_addresses, unsubscribe},
    model::{DIGEST, NewsKind, NewsKinds, NewsMode},
    reads, rules,
};
use platform::{
    Context,
    outbox::{
        EMAIL, Post,
        push::{self, Browser},
    },
    web::WebError,
};
use serde::Deserialize;
use uuid::Uuid;

use super::Done;

struct Row {
    code: &'static str,
    what: &'static str,
    is_security: bool,
    /// What can be chosen: its name, what it is called, and whether it is what was chosen.
    modes: Vec<(&'static str, &'static str, bool)>,
    /// The same of one's browsers; empty where they are never told.
    push: Vec<(&'static str, &'static str, bool)>,
}

/// What the field of a kind is called that says whether browsers are told.
const PUSH_FIELD: &str = "push:";

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
            name: called(&browser),
            service: browser.service(),
            added: Instant(browser.created_at),
        }
    }
}

#[derive(Template)]
#[template(path = "notifications.html")]
struct SettingsPage {
    email: Option<String>,
    can_send: bool,
    rows: Vec<Row>,
    browsers: Vec<BrowserRow>,
    timezone: String,
    quiet_from: String,
    quiet_until: String,
    daily_cap: i64,
    said: &'static str,
}

/// `GET /settings/notifications`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    Extension(post): Extension<Post>,
    SignedIn(viewer): SignedIn,
    Asked(done): Asked<Done>,
) -> PageResult {
    let chosen = reads::chosen(&context.db, kinds, viewer.user_id).await?;
    let quiet = chosen.settings.quiet;
    let browsers = push::of_person(&context.db, viewer.user_id.0).await?;
    let clock = |minute: Option<u32>| minute.map(rules::clock).unwrap_or_default();
    show(&SettingsPage {
        email: identity::reads::verified_email(&context.db, viewer.user_id).await?,
        can_send: post.channels.has(EMAIL),
        rows: chosen
            .mail
            .iter()
            .map(|mail| row(*mail, &chosen.push))
            .collect(),
        browsers: browsers.into_iter().map(Into::into).collect(),
        timezone: chosen.settings.timezone.name().to_owned(),
        quiet_from: clock(quiet.map(|(from, _)| from)),
        quiet_until: clock(quiet.map(|(_, until)| until)),
        daily_cap: chosen.settings.daily_cap,
        said: match done.done.as_str() {
            "kept" => "Your choices are kept.",
            "browser" => "News reaches this browser now.",
            "removed" => "News reaches that browser no more.",
            "revoked" => "Addresses in earlier letters end nothing any more.",
            _ => "",
        },
    })
}

fn row(
    (kind, chosen): (&'static NewsKind, NewsMode),
    push: &[(&'static NewsKind, NewsMode)],
) -> Row {
    let word = |mode| match mode {
        NewsMode::Off => "Never",
        NewsMode::Instant if kind.code == DIGEST.code => "Yes",
        NewsMode::Instant => "At once",
        NewsMode::Digest => "In the day's letter",
    };
    let is_open = |mode: &NewsMode| kind.code != DIGEST.code || *mode != NewsMode::Digest;
    let modes = NewsMode::ALL.into_iter().filter(is_open);
    let pushed = push.iter().find(|(pushed, _)| pushed.code == kind.code);
    let push = pushed.map_or_else(Vec::new, |(_, chosen)| {
        let modes = [NewsMode::Off, NewsMode::Instant].into_iter();
        modes
            .map(|mode| (mode.as_str(), word(mode), mode == *chosen))
            .collect()
    });
    Row {
        code: kind.code,
        what: kind.title,
        is_security: kind.is_security,
        modes: modes
            .map(|mode| (mode.as_str(), word(mode), mode == chosen))
            .collect(),
        push,
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
    Extension(kinds): Extension<NewsKinds>,
    SignedIn(viewer): SignedIn,
    Filled(chosen, _): Filled<Chosen>,
) -> Result<Response, PageError> {
    let (mut modes, mut push) = (Vec::new(), Vec::new());
    for (field, mode) in chosen.modes {
        match field.strip_prefix(PUSH_FIELD) {
            Some(code) => push.push((code.to_owned(), mode)),
            None => modes.push((field, mode)),
        }
    }
    let choice = Choice {
        timezone: chosen.timezone,
        quiet_from: chosen.quiet_from,
        quiet_until: chosen.quiet_until,
        daily_cap: chosen.daily_cap.trim().parse().unwrap_or(0),
        modes,
        push,
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

/// `POST /settings/notifications/browsers/{id}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    if !remove_browser(&context, &viewer, id).await? {
        let detail = "None of your browsers is this one, or it was removed already. \
                      /settings/notifications lists yours.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(Redirect::to("/settings/notifications?done=removed").into_response())
}

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct UnsubscribePage {
    what: &'static str,
    token: String,
    is_done: bool,
}

/// `GET /unsubscribe/{token}`: asks once more, because programs that look at mail open addresses as well.
pub(super) async fn ask_to_end(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    Extension(post): Extension<Post>,
    Address(token): Address<String>,
) -> PageResult {
    let opened = opened(&context, &post, kinds, &token).await;
    let (_, kind) = opened.map_err(WebError::from)?;
    show(&UnsubscribePage {
        what: kind.title,
        token,
        is_done: false,
    })
}

/// `POST /unsubscribe/{token}`: by the button, or by a mail program's one click.
pub(super) async fn end(
    State(context): State<Context>,
    Extension(kinds): Extension<NewsKinds>,
    Extension(post): Extension<Post>,
    Address(token): Address<String>,
) -> PageResult {
    let ended = unsubscribe(&context, &post, kinds, &token).await;
    let kind = ended.map_err(WebError::from)?;
    show(&UnsubscribePage {
        what: kind.title,
        token,
        is_done: true,
    })
}
