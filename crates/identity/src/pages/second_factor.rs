//! Setting up, proving and removing a second factor.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use platform::{ActionError, Context, web::WebError};
use qrcode::{Color, QrCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use ui::{
    Filled, Form, PageError, PageResult, QueryString, format::Instant, frame, redirect, show,
};

use crate::{
    access::InPerson,
    actions,
    model::{Factor, Viewer},
    reads,
    rules::{factor_uri, is_fresh, return_path, secret_text},
};

const PAGE: &str = "/settings/second-factor";

const NOT_REMOVED: &str = "The second factor was not removed";

/// The light border that a QR code needs, in modules (ISO/IEC 18004).
const BORDER: usize = 4;

#[derive(Template)]
#[template(path = "second_factor.html")]
struct FactorPage {
    confirmed: Option<Confirmed>,
    waiting: Option<Waiting>,
    /// The recovery codes that were just created.
    codes: Vec<SecretString>,
    is_fresh: bool,
    is_required: bool,
    form: Form,
    /// The change that was not made, if a form was refused.
    refused: &'static str,
}

struct Confirmed {
    at: Instant,
    codes_left: i64,
}

/// A secret that waits for its first code.
struct Waiting {
    /// In groups of four characters.
    secret: String,
    /// The width of the drawing with its border, in modules.
    width: usize,
    /// The dark modules, as the path of an SVG file.
    dark: String,
}

impl FactorPage {
    /// Returns whether the refused form is the one that removes the factor.
    fn is_removal(&self) -> bool {
        self.refused == NOT_REMOVED
    }
}

impl Waiting {
    fn of(secret: &[u8], login: &str) -> Option<Self> {
        let uri = factor_uri(secret, &frame::community().name, login);
        let code = QrCode::new(uri).ok()?;
        let (side, dark) = (code.width(), code.to_colors());
        let modules = dark.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
        let module = |(at, _)| format!("M{} {}h1v1h-1z", at % side + BORDER, at / side + BORDER);
        Some(Self {
            secret: grouped(&secret_text(secret)),
            width: side + 2 * BORDER,
            dark: modules.map(module).collect(),
        })
    }
}

fn grouped(text: &str) -> String {
    let groups = text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(" ")
}

/// `GET /settings/second-factor`.
pub(super) async fn page(State(context): State<Context>, InPerson(viewer): InPerson) -> PageResult {
    render(&context, &viewer, Form::default(), "").await
}

async fn render(
    context: &Context,
    viewer: &Viewer,
    form: Form,
    refused: &'static str,
) -> PageResult {
    show(&FactorPage { form, refused, ..state(context, viewer).await? })
}

async fn state(context: &Context, viewer: &Viewer) -> Result<FactorPage, PageError> {
    let db = &context.db;
    let found = reads::second_factor(db, viewer.user_id).await?;
    let signed_in_at = reads::signed_in_at(db, viewer).await?;
    let secret = actions::unconfirmed_secret(context, viewer, signed_in_at).await?;
    Ok(FactorPage {
        confirmed: found
            .map(|it| Confirmed { at: Instant(it.confirmed_at), codes_left: it.codes_left }),
        waiting: secret.and_then(|secret| Waiting::of(&secret, &viewer.login)),
        codes: Vec::new(),
        is_fresh: signed_in_at.is_some_and(|at| is_fresh(at, context.now())),
        is_required: viewer.factor == Factor::Missing,
        form: Form::default(),
        refused: "",
    })
}

/// `POST /settings/second-factor`: begins to set one up, also anew with another secret.
pub(super) async fn begin(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<Response, PageError> {
    match actions::begin_second_factor(&context, &viewer).await {
        Ok(_) => Ok(Redirect::to(PAGE).into_response()),
        Err(error) => {
            let again = async |form| render(&context, &viewer, form, "Nothing was changed").await;
            Form::default().refused(error, again).await
        }
    }
}

/// A code, and where to return to after it was accepted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CodeInput {
    code: String,
    return_to: String,
}

/// Shows the new recovery codes once, or the refused form again. A refused code is not shown again.
async fn answer(
    context: &Context,
    viewer: &Viewer,
    made: Result<Vec<SecretString>, ActionError>,
    refused: &'static str,
) -> Result<Response, PageError> {
    match made {
        Ok(codes) => {
            let proven = Viewer { factor: Factor::Proven, ..viewer.clone() };
            let page = FactorPage { codes, ..state(context, &proven).await? };
            Ok(show(&page)?.into_response())
        }
        Err(error) => {
            let again = async |form| render(context, viewer, form, refused).await;
            Form::default().refused(error, again).await
        }
    }
}

/// `POST /settings/second-factor/confirm`: responds with a page that shows the recovery codes once.
pub(super) async fn confirm(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Filled(input, _): Filled<CodeInput>,
) -> Result<Response, PageError> {
    let made = actions::confirm_second_factor(&context, &viewer, &input.code).await;
    answer(&context, &viewer, made, "The second factor is not set up yet").await
}

/// `POST /settings/second-factor/recovery-codes`: responds with a page that shows the new codes once.
pub(super) async fn renew(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Filled(input, _): Filled<CodeInput>,
) -> Result<Response, PageError> {
    let made = actions::renew_recovery_codes(&context, &viewer, &input.code).await;
    answer(&context, &viewer, made, "The recovery codes were not replaced").await
}

/// `POST /settings/second-factor/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Filled(input, _): Filled<CodeInput>,
) -> Result<Response, PageError> {
    match actions::remove_second_factor(&context, &viewer, &input.code).await {
        Ok(()) => Ok(redirect(PAGE, "Second factor removed")),
        Err(error) => answer(&context, &viewer, Err(error), NOT_REMOVED).await,
    }
}

#[derive(Template)]
#[template(path = "sign_in_factor.html")]
struct ProvePage<'a> {
    path: &'a str,
    form: Form,
}

/// The page to return to after the code was accepted.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ReturnTo {
    return_to: Option<String>,
}

/// `GET /sign-in/second-factor`: leads people without a second factor to where they set one up.
pub(super) async fn ask(
    InPerson(viewer): InPerson,
    QueryString(asked): QueryString<ReturnTo>,
) -> Result<Response, PageError> {
    let path = return_path(asked.return_to.as_deref());
    match viewer.factor {
        Factor::Absent | Factor::Missing => Ok(Redirect::to(PAGE).into_response()),
        Factor::Proven => Ok(Redirect::to(path).into_response()),
        Factor::Due => Ok(show(&ProvePage { path, form: Form::default() })?.into_response()),
    }
}

/// `POST /sign-in/second-factor`.
pub(super) async fn prove(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Filled(input, _): Filled<CodeInput>,
) -> Result<Response, PageError> {
    let path = return_path(Some(&input.return_to));
    let proven = actions::prove_second_factor(&context, &viewer, &input.code).await;
    match proven.map_err(WebError::from) {
        Ok(()) => Ok(Redirect::to(path).into_response()),
        Err(error) => {
            let again = async |form| show(&ProvePage { path, form });
            Form::default().refused(error, again).await
        }
    }
}
