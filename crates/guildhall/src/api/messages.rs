use axum::{Json, extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    alerts::{self, Alert},
    outbox::search::{self, Held},
    web::{List, ListQuery, Path, Query, WebError, bad_cursor},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::messages::{self, Line, MessageSearch};

/// Alerts that are listed.
const ALERTS: i64 = 100;

/// A message on its way out of the server, without what it says and without the address that it goes to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "person": "finch-ash", "kind": "role_changed",
    "channel": "email", "written_at": "2026-11-01T08:00:00Z", "state": "dead", "attempts": 1,
    "due_at": null, "ended_at": "2026-11-01T08:00:01Z", "outcome": null,
    "error": "the mail server: 550 no such mailbox"
}))]
pub(super) struct OutboxMessage {
    /// Its id.
    id: Uuid,
    /// Whom it is for: a login, or the `operators`.
    person: String,
    /// What kind it is.
    kind: String,
    /// How it goes: `email`, `push`, `slack` or `sms`.
    channel: String,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    written_at: Timestamp,
    /// `waiting`, `done` or `dead`.
    state: &'static str,
    /// How often it was tried since it last became pending.
    attempts: i64,
    /// When it is next to be tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When it was taken or given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// What the service said that took it.
    outcome: Option<String>,
    /// Why the last attempt failed.
    error: Option<String>,
}

impl From<Line> for OutboxMessage {
    fn from(line: Line) -> Self {
        let sent = line.sent;
        Self {
            state: sent.state().as_str(),
            id: sent.id,
            person: line.person,
            kind: sent.kind,
            channel: sent.channel,
            written_at: sent.created_at,
            attempts: sent.attempts,
            due_at: sent.due_at,
            ended_at: sent.completed_at.or(sent.dead_at),
            outcome: sent.outcome,
            error: sent.last_error,
        }
    }
}

/// What the outbox holds, channel by channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "items": [{ "channel": "email", "waiting": 3, "done": 1200, "dead": 1 }] }))]
pub(super) struct OutboxChannels {
    items: Vec<OutboxChannel>,
}

/// What the outbox holds for a channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OutboxChannel {
    /// `email`, `push`, `slack` or `sms`.
    channel: String,
    /// Still to be sent.
    waiting: i64,
    /// Taken within 90 days.
    done: i64,
    /// Given up.
    dead: i64,
}

impl From<Held> for OutboxChannel {
    fn from(held: Held) -> Self {
        Self {
            channel: held.channel,
            waiting: held.waiting,
            done: held.done,
            dead: held.dead,
        }
    }
}

/// What operators were alerted of, what lasts first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "items": [{
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "kind": "dead_letters", "subject": "outbox",
    "severity": "high", "title": "1 letter died in the queue 'outbox'",
    "detail": "Within a day, 1 letter of the queue 'outbox' could not be done.",
    "link": "/admin/notifications?state=dead", "began_at": "2026-11-01T08:00:00Z",
    "told_at": "2026-11-01T14:00:00Z", "told": 2, "resolved_at": null
}] }))]
pub(super) struct AlertList {
    items: Vec<AlertView>,
}

/// An incident that operators were told of.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AlertView {
    /// Its id.
    id: Uuid,
    /// `ledger_mismatch`, `dead_letters`, `schedule_failing` or `outbox_waiting`.
    kind: String,
    /// What it concerns: a queue, a schedule.
    subject: String,
    /// `medium`, `high` or `critical`.
    severity: String,
    /// One line.
    title: String,
    /// What is so and what to do.
    detail: String,
    /// The page that shows it: a path of this server.
    link: String,
    /// When it began, as far as the server knows.
    #[schema(value_type = String, format = DateTime)]
    began_at: Timestamp,
    /// When it was told last.
    #[schema(value_type = String, format = DateTime)]
    told_at: Timestamp,
    /// How often it was told.
    told: i64,
    /// When it was over, if it is.
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Timestamp>,
}

impl From<Alert> for AlertView {
    fn from(alert: Alert) -> Self {
        Self {
            id: alert.id,
            kind: alert.kind,
            subject: alert.subject,
            severity: alert.severity,
            title: alert.title,
            detail: alert.detail,
            link: alert.link,
            began_at: alert.created_at,
            told_at: alert.told_at,
            told: alert.notifications,
            resolved_at: alert.resolved_at,
        }
    }
}

/// Messages on their way out of the server, the newest first; never what they say.
#[utoipa::path(
    get,
    path = "/api/v1/admin/notifications",
    operation_id = "outbox_messages",
    tag = "Office",
    params(MessageSearch, ListQuery),
    responses(
        (status = 200, description = "A page of the list", body = List<OutboxMessage>),
        (status = 400, description = "The query string is malformed"),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn messages(
    State(context): State<Context>,
    _: Admin,
    Query(search): Query<MessageSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Json<List<OutboxMessage>>, WebError> {
    let limit = query.limit()?;
    let before = query.cursor.as_deref().map(Uuid::try_parse).transpose();
    let before = before.map_err(|_| bad_cursor())?;
    let filter = search.filter(&context, before).await?;
    let found = messages::lines(&context, &filter, limit + 1).await?;
    let found = List::cut(found, limit, |line| line.sent.id.to_string());
    Ok(Json(found.map(Into::into)))
}

/// What the outbox holds, channel by channel.
#[utoipa::path(
    get,
    path = "/api/v1/admin/notifications/channels",
    operation_id = "outbox_channels",
    tag = "Office",
    responses(
        (status = 200, description = "Channels that were ever used", body = OutboxChannels),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn channels(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<OutboxChannels>, WebError> {
    let held = search::held(&context.db).await?;
    Ok(Json(OutboxChannels {
        items: held.into_iter().map(Into::into).collect(),
    }))
}

/// Has a dead letter of the outbox tried again.
#[utoipa::path(
    post,
    path = "/api/v1/admin/notifications/{id}/retry",
    operation_id = "retry_outbox_message",
    tag = "Office",
    params(("id" = Uuid, Path, description = "Its id", example = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")),
    responses(
        (status = 202, description = "It waits again"),
        (status = 400, description = "The path is malformed"),
        (status = 409, description = "It is no dead letter")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn retry(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    // What is no id is no message's.
    let id = Uuid::try_parse(&id).unwrap_or_default();
    search::retry(&context, actor, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// What operators were alerted of, what lasts first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/alerts",
    operation_id = "alerts",
    tag = "Office",
    responses(
        (status = 200, description = "At most 100", body = AlertList),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn alerts(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<AlertList>, WebError> {
    let latest = alerts::latest(&context.db, ALERTS).await?;
    Ok(Json(AlertList {
        items: latest.into_iter().map(Into::into).collect(),
    }))
}
