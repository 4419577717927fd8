use askama::Template;
use axum::{
    extract::State,
    response::{Redirect, Response},
};
use kernel::Problem;
use platform::Context;
use ui::{Address, Confirmation, PageError, PageResult, format::Instant, redirect, show};
use uuid::Uuid;

use crate::{
    access::{InPerson, SignedIn},
    actions,
    model::{Session, Viewer},
    reads,
    rules::session_device,
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

/// `GET /settings`: redirects to the first tab.
pub(super) async fn first(_: SignedIn) -> Redirect {
    Redirect::to(PAGE)
}

/// `GET /settings/sessions`.
pub(super) async fn list(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    let found = reads::sessions(&context.db, viewer.user_id, context.now()).await?;
    let row = |session: Session| Row {
        id: session.id,
        is_own: session.id == viewer.by.id(),
        is_program: session.is_program,
        device: session_device(session.user_agent.as_deref()),
        network: session.address_prefix.unwrap_or_else(|| "–".to_owned()),
        begun: Instant(session.created_at),
        used: Instant(session.last_seen_at),
        expires: Instant(session.expires_at),
    };
    show(&SessionsPage { sessions: found.into_iter().map(row).collect(), login: viewer.login })
}

/// Returns the name of the device of one of the viewer's sessions.
async fn device(context: &Context, viewer: &Viewer, id: Uuid) -> Result<String, PageError> {
    let found = reads::sessions(&context.db, viewer.user_id, context.now()).await?;
    let session = found.iter().find(|session| session.id == id);
    let session = session.ok_or_else(unknown)?;
    Ok(session_device(session.user_agent.as_deref()))
}

fn unknown() -> Problem {
    Problem::not_found("This session does not exist or has already ended. See /settings/sessions.")
}

/// `GET /settings/sessions/{id}/end`: asks before a session ends.
pub(super) async fn ask_to_end(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> PageResult {
    let device = device(&context, &viewer, id).await?;
    show(&Confirmation {
        question: format!("Sign out {device}?"),
        consequence: "The session ends immediately. To use this device again, you sign in on it."
            .to_owned(),
        facts: Vec::new(),
        action: format!("{PAGE}/{id}/end"),
        fields: Vec::new(),
        button: "End session".to_owned(),
        is_ending: true,
        back: PAGE.to_owned(),
    })
}

/// `GET /settings/sessions/others/end`: asks before the other sessions end.
pub(super) async fn ask_to_end_others(InPerson(_): InPerson) -> PageResult {
    show(&Confirmation {
        question: "End all other sessions?".to_owned(),
        consequence: "All browsers and apps except this browser are signed out immediately."
            .to_owned(),
        facts: Vec::new(),
        action: format!("{PAGE}/others/end"),
        fields: Vec::new(),
        button: "End all other sessions".to_owned(),
        is_ending: true,
        back: PAGE.to_owned(),
    })
}

/// `POST /settings/sessions/{id}/end`.
pub(super) async fn end(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let device = device(&context, &viewer, id).await?;
    if !actions::revoke_session(&context, &viewer, id).await? {
        return Err(unknown().into());
    }
    Ok(redirect(PAGE, &format!("{device} is signed out")))
}

/// `POST /settings/sessions/others/end`.
pub(super) async fn end_others(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<Response, PageError> {
    actions::revoke_other_sessions(&context, &viewer).await?;
    Ok(redirect(PAGE, "All other sessions ended"))
}
