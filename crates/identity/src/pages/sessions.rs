use askama::Template;
use axum::{extract::State, response::Response};
use kernel::Problem;
use platform::Context;
use ui::{Address, PageError, PageResult, format::Instant, redirect, show};
use uuid::Uuid;

use crate::{
    access::{InPerson, SignedIn},
    actions,
    model::Session,
    reads,
    rules::device_name,
};

const PAGE: &str = "/settings/sessions";

#[derive(Template)]
#[template(path = "sessions.html")]
struct SessionsPage {
    login: String,
    sessions: Vec<Row>,
}

struct Row {
    id: Uuid,
    is_own: bool,
    is_program: bool,
    device: String,
    network: String,
    begun: Instant,
    used: Instant,
    expires: Instant,
}

/// `GET /settings/sessions`.
pub(super) async fn list(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    let found = reads::sessions(&context.db, viewer.user_id, context.now()).await?;
    let row = |session: Session| Row {
        id: session.id,
        is_own: session.id == viewer.by.id(),
        is_program: session.is_program,
        device: session
            .user_agent
            .map_or_else(|| "unknown".to_owned(), |agent| device_name(&agent)),
        network: session.address_prefix.unwrap_or_else(|| "–".to_owned()),
        begun: Instant(session.created_at),
        used: Instant(session.last_seen_at),
        expires: Instant(session.expires_at),
    };
    show(&SessionsPage {
        sessions: found.into_iter().map(row).collect(),
        login: viewer.login,
    })
}

/// `POST /settings/sessions/{id}/end`.
pub(super) async fn end(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    if !actions::revoke_session(&context, &viewer, id).await? {
        let detail = "Unknown session, or it has already ended. See /settings/sessions.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(redirect(PAGE, "Session ended"))
}

/// `POST /settings/sessions/others/end`.
pub(super) async fn end_others(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<Response, PageError> {
    actions::revoke_other_sessions(&context, &viewer).await?;
    Ok(redirect(PAGE, "All other sessions ended"))
}
