use axum::{Json, extract::State, http::StatusCode};
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    web::{All, Path, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{InPerson, SignedIn},
    actions,
    model::{self, Viewer},
    reads,
};

/// One of your sessions.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "is_current": true, "is_app": false, "user_agent": "Owl/1.0",
    "network": "192.0.2.0/24", "created_at": "2026-11-01T08:00:00Z",
    "last_seen_at": "2026-11-02T09:00:00Z", "expires_at": "2026-12-02T09:00:00Z"
}))]
pub(super) struct Session {
    /// The session's ID.
    id: Uuid,
    /// True for the session that sent this request.
    is_current: bool,
    /// True when an app uses the session with access and refresh tokens.
    is_app: bool,
    /// The `User-Agent` of the browser or app.
    user_agent: Option<String>,
    /// The network that the sign-in came from.
    network: Option<String>,
    /// When the session started.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the session was last used, to the hour.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    /// When the session expires.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl Session {
    fn of(session: model::Session, viewer: &Viewer) -> Self {
        Self {
            is_current: session.id == viewer.by.id(),
            id: session.id,
            is_app: session.is_program,
            user_agent: session.user_agent,
            network: session.address_prefix,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
        }
    }
}

/// The result of ending sessions.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "ended": 2 }))]
pub(super) struct Ended {
    /// The number of sessions that were ended.
    ended: u64,
}

/// Lists your open sessions, most recently used first.
#[utoipa::path(
    get,
    path = "/api/v1/me/sessions",
    operation_id = "list_sessions",
    tag = "Your account",
    responses(
        (status = 200, description = "Your open sessions, at most 200", body = All<Session>),
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn sessions(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<All<Session>>, WebError> {
    let found = reads::sessions(&context.db, viewer.user_id, context.now()).await?;
    let session = |session| Session::of(session, &viewer);
    Ok(Json(All::of(found.into_iter().map(session))))
}

/// Ends one of your sessions, which can be the current one.
#[utoipa::path(
    delete,
    path = "/api/v1/me/sessions/{id}",
    operation_id = "end_session",
    tag = "Your account",
    responses((status = 204, description = "The session has ended")),
    security(("session" = []))
)]
pub(super) async fn end(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    // Text that is not a UUID matches no session.
    let ended = match Uuid::try_parse(&id) {
        Ok(id) => actions::revoke_session(&context, &viewer, id).await?,
        Err(_) => false,
    };
    if !ended {
        let detail = "This session does not exist or has already ended. List your sessions with GET /api/v1/me/sessions.";
        return Err(Problem::not_found(detail).into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all your sessions except the current one.
#[utoipa::path(
    delete,
    path = "/api/v1/me/sessions",
    operation_id = "end_other_sessions",
    tag = "Your account",
    responses(
        (status = 200, description = "Your other sessions have ended", body = Ended),
    ),
    security(("session" = []))
)]
pub(super) async fn end_others(
    State(context): State<Context>,
    InPerson(viewer): InPerson,
) -> Result<Json<Ended>, WebError> {
    let ended = actions::revoke_other_sessions(&context, &viewer).await?;
    Ok(Json(Ended { ended }))
}
