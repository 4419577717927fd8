use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{InPerson, SignedIn},
    actions::{self, NewToken},
    model::{Token, Viewer},
    reads,
    rules::scopes_named,
};
use kernel::{Problem, Timestamp};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Asked, Filled, PageError, PageResult,
    format::{Instant, tame},
    show,
};
use uuid::Uuid;

use super::Done;

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    rows: Vec<Row>,
    has_office: bool,
    /// What the token says that was just made.
    made: Option<String>,
    said: &'static str,
}

struct Row {
    id: Uuid,
    name: String,
    scopes: String,
    made: Instant,
    used: Option<Instant>,
    ends: Instant,
    is_over: bool,
}

impl Row {
    fn of(token: &Token, now: Timestamp) -> Self {
        Self {
            id: token.id,
            name: tame(&token.name),
            scopes: token.scopes.replace(' ', ", "),
            made: Instant(token.created_at),
            used: token.last_used_at.map(Instant),
            ends: Instant(token.expires_at),
            is_over: token.expires_at <= now,
        }
    }
}

/// `GET /settings/tokens`.
pub(super) async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Asked(done): Asked<Done>,
) -> PageResult {
    let said = match done.done.as_str() {
        "revoked" => "The token is revoked.",
        _ => "",
    };
    page(&context, &viewer, None, said).await
}

async fn page(
    context: &Context,
    viewer: &Viewer,
    made: Option<String>,
    said: &'static str,
) -> PageResult {
    let found = reads::tokens(&context.db, viewer.user_id).await?;
    let now = context.now();
    let rows = found.iter().map(|token| Row::of(token, now));
    show(&TokensPage {
        rows: rows.collect(),
        has_office: viewer.role != identity::model::Role::User,
        made,
        said,
    })
}

/// A token to be made; scopes with blanks between.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TokenInput {
    name: String,
    scopes: String,
    days: i64,
}

/// `POST /settings/tokens`: the page that it answers with tells the token, and none after it.
pub(super) async fn create(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Filled(wish, _): Filled<TokenInput>,
) -> PageResult {
    let new = NewToken {
        name: &wish.name,
        scopes: scopes_named(wish.scopes.split_whitespace())?,
        days: wish.days,
    };
    let made = actions::create_token(&context, &viewer, new).await;
    let (_, secret) = made.map_err(WebError::from)?;
    page(&context, &viewer, Some(secret), "").await
}

/// `POST /settings/tokens/{id}/revoke`.
pub(super) async fn revoke(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let revoked = actions::revoke_token(&context, &viewer, id).await;
    if !revoked.map_err(WebError::from)? {
        let detail =
            "You have no such token, or it is revoked already. /settings/tokens lists yours.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(Redirect::to("/settings/tokens?done=revoked").into_response())
}
