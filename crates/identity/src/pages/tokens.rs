use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, Timestamp};
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, tame},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    access::{InPerson, ProvenInPerson, SignedIn},
    actions::{self, NewToken},
    model::{Role, Token, Viewer},
    reads,
    rules::{scopes_named, token_lasts, token_name},
};

/// Sets of scopes that the form offers.
const SCOPES: &[(&str, &str)] = &[
    ("read", "Read"),
    ("read write", "Read and write"),
    ("read admin", "Read and admin"),
    ("read write admin", "Full access"),
];

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    rows: Vec<Row>,
    /// True when the admin scope can be chosen.
    has_admin: bool,
    /// The token that was just created.
    created: Option<String>,
    form: Form,
}

struct Row {
    id: Uuid,
    name: String,
    scopes: String,
    created: Instant,
    used: Option<Instant>,
    expires: Instant,
    is_expired: bool,
}

impl Row {
    fn of(token: &Token, now: Timestamp) -> Self {
        Self {
            id: token.id,
            name: tame(&token.name),
            scopes: token.scopes.replace(' ', ", "),
            created: Instant(token.created_at),
            used: token.last_used_at.map(Instant),
            expires: Instant(token.expires_at),
            is_expired: token.expires_at <= now,
        }
    }
}

/// `GET /settings/tokens`.
pub(super) async fn list(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    page(&context, &viewer, None, Form::default()).await
}

async fn page(
    context: &Context,
    viewer: &Viewer,
    created: Option<String>,
    form: Form,
) -> PageResult {
    let found = reads::tokens(&context.db, viewer.user_id).await?;
    let now = context.now();
    show(&TokensPage {
        rows: found.iter().map(|token| Row::of(token, now)).collect(),
        has_admin: viewer.granted != Role::User,
        created,
        form,
    })
}

/// A token to create, with its scopes separated by spaces.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenInput {
    name: String,
    scopes: String,
    expires_in_days: String,
}

/// `POST /settings/tokens`: responds with a page that shows the token once.
pub(super) async fn create(
    State(context): State<Context>,
    ProvenInPerson(viewer): ProvenInPerson,
    Filled(input, form): Filled<TokenInput>,
) -> Result<Response, PageError> {
    match created(&context, &viewer, &input).await {
        Ok(secret) => {
            let page = page(&context, &viewer, Some(secret), Form::default()).await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let page = async |form| page(&context, &viewer, None, form).await;
            form.refused(error, page).await
        }
    }
}

async fn created(
    context: &Context,
    viewer: &Viewer,
    input: &TokenInput,
) -> Result<String, ActionError> {
    // Text that is not a number is rejected like a number out of range.
    let days = input.expires_in_days.trim().parse().unwrap_or_default();
    let refused = |problem: Problem| problem.with(token_name(&input.name)).with(token_lasts(days));
    let scopes = scopes_named(input.scopes.split_whitespace()).map_err(refused)?;
    let new = NewToken { name: &input.name, scopes, days };
    let (_, secret) = actions::create_token(context, viewer, new).await?;
    Ok(secret)
}

async fn own(context: &Context, viewer: &Viewer, id: Uuid) -> Result<Token, PageError> {
    let found = reads::tokens(&context.db, viewer.user_id).await?;
    let token = found.into_iter().find(|token| token.id == id);
    Ok(token.ok_or_else(unknown)?)
}

/// Returns the facts of a token that a person checks before it is revoked.
fn facts(token: &Token) -> Vec<(&'static str, String)> {
    let used = token.last_used_at.map(|at| Instant(at).minute().to_string());
    vec![
        ("Scopes", token.scopes.clone()),
        ("Created", Instant(token.created_at).minute().to_string()),
        ("Last used", used.unwrap_or_else(|| "never".to_owned())),
        ("Expires", Instant(token.expires_at).minute().to_string()),
    ]
}

fn unknown() -> Problem {
    Problem::not_found("Unknown or revoked token. See /settings/tokens.")
}

/// `GET /settings/tokens/{id}/revoke`: asks before a token is revoked.
pub(super) async fn ask_to_revoke(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> PageResult {
    let token = own(&context, &viewer, id).await?;
    let name = tame(&token.name);
    show(&Confirmation {
        question: format!("Revoke the token “{name}”?"),
        consequence:
            "Apps that use it lose access immediately. A revoked token cannot be restored."
                .to_owned(),
        facts: facts(&token),
        action: format!("/settings/tokens/{id}/revoke"),
        fields: Vec::new(),
        button: "Revoke token".to_owned(),
        is_ending: true,
        back: "/settings/tokens".to_owned(),
    })
}

/// `POST /settings/tokens/{id}/revoke`.
pub(super) async fn revoke(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let token = own(&context, &viewer, id).await?;
    let name = tame(&token.name);
    let revoked = actions::revoke_token(&context, &viewer, id).await;
    if !revoked.map_err(WebError::from)? {
        return Err(unknown().into());
    }
    Ok(redirect("/settings/tokens", &format!("Token “{name}” revoked")))
}
