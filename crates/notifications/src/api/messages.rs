use axum::{Json, extract::State, http::StatusCode};
use identity::access::Admin;
use kernel::Timestamp;
use platform::{
    Context,
    alerts::{self, Alert},
    outbox::search::{self, ChannelCounts},
    web::{All, List, ListQuery, Paged, Path, Query, WebError, bad_cursor},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::reads::messages::{self, MessageLine, MessageSearch};

/// The most alerts that are listed.
const ALERTS: i64 = 100;

/// A message in the outbox, without its text and the recipient's address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "recipient": "finch-ash", "kind": "role_changed",
    "channel": "email", "created_at": "2026-11-01T08:00:00Z", "state": "dead", "attempts": 1,
    "due_at": null, "ended_at": "2026-11-01T08:00:01Z", "outcome": null,
    "error": "mail server: 550 no such mailbox"
}))]
pub(super) struct OutboxMessage {
    /// The message's ID.
    id: Uuid,
    /// The recipient: a login, or `operators`.
    recipient: String,
    /// The kind of message.
    kind: String,
    /// The channel: `email`, `push`, `webhook`, `slack` or `sms`.
    channel: String,
    /// When the message was created.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The state: `waiting`, `done`, `given_up` or `dead`.
    state: &'static str,
    /// The number of attempts since the message was last queued.
    attempts: i64,
    /// When the next attempt is due. Null if the message was sent or failed.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When the message was sent or failed.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// The service's response.
    outcome: Option<String>,
    /// The error of the last attempt.
    error: Option<String>,
}

impl From<MessageLine> for OutboxMessage {
    fn from(line: MessageLine) -> Self {
        let sent = line.sent;
        Self {
            state: sent.state().as_str(),
            id: sent.id,
            recipient: line.recipient,
            kind: sent.kind,
            channel: sent.channel,
            created_at: sent.created_at,
            attempts: sent.attempts,
            due_at: sent.due_at,
            ended_at: sent.completed_at.or(sent.dead_at),
            outcome: sent.outcome,
            error: sent.last_error,
        }
    }
}

/// The number of messages in the outbox for a channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "channel": "email", "waiting": 3, "done": 1200, "dead": 1 }))]
pub(super) struct OutboxChannel {
    /// The channel: `email`, `push`, `webhook`, `slack` or `sms`.
    channel: String,
    /// The number of queued messages.
    waiting: i64,
    /// The number of messages sent in the last 90 days.
    done: i64,
    /// The number of failed messages.
    dead: i64,
}

impl From<ChannelCounts> for OutboxChannel {
    fn from(held: ChannelCounts) -> Self {
        Self { channel: held.channel, waiting: held.waiting, done: held.done, dead: held.dead }
    }
}

/// An incident and the alerts that were sent about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Alert, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "kind": "dead_letters", "subject": "outbox",
    "severity": "high", "title": "1 entry failed in the queue 'outbox'",
    "detail": "In the last 24 hours, 1 entry of the queue 'outbox' failed repeatedly.",
    "link": "/admin/notifications?state=dead", "started_at": "2026-11-01T08:00:00Z",
    "last_sent_at": "2026-11-01T14:00:00Z", "alerts_sent": 2, "resolved_at": null
}))]
pub(super) struct AlertView {
    /// The incident's ID.
    id: Uuid,
    /// `ledger_mismatch`, `dead_letters`, `schedule_failing`, `settlement_waiting`, `outbox_waiting`,
    /// `backup_old`, `text_messages`, `no_jobs`, `queue_late`, `disk_full`, `database_unreachable` and others.
    kind: String,
    /// The queue or scheduled job that the incident is about, or `ledger`.
    subject: String,
    /// `medium`, `high` or `critical`.
    severity: String,
    /// A one-line summary.
    title: String,
    /// Details and the next step.
    detail: String,
    /// The path of the page with details.
    link: String,
    /// When the server detected the incident.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When the last alert was sent.
    #[schema(value_type = String, format = DateTime)]
    last_sent_at: Timestamp,
    /// The number of alerts sent.
    alerts_sent: i64,
    /// When the incident was resolved. Null until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    resolved_at: Option<Timestamp>,
}

impl From<Alert> for AlertView {
    fn from(alert: Alert) -> Self {
        Self {
            id: alert.id,
            kind: alert.kind,
            subject: alert.subject,
            severity: alert.severity.as_str().to_owned(),
            title: alert.title,
            detail: alert.detail,
            link: alert.link,
            started_at: alert.created_at,
            last_sent_at: alert.last_sent_at,
            alerts_sent: alert.alerts_sent,
            resolved_at: alert.resolved_at,
        }
    }
}

/// Lists messages in the outbox, newest first, without their texts.
#[utoipa::path(
    get,
    path = "/api/v1/admin/notifications",
    operation_id = "list_outbox_messages",
    tag = "Admin",
    params(MessageSearch, ListQuery),
    responses(
        (status = 200, description = "A page of messages", body = List<OutboxMessage>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn messages(
    State(context): State<Context>,
    _: Admin,
    Query(search): Query<MessageSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<OutboxMessage>>, WebError> {
    let limit = query.limit()?;
    let before = query.cursor.as_deref().map(Uuid::try_parse).transpose();
    let before = before.map_err(|_| bad_cursor())?;
    let filter = search.filter(&context, before).await?;
    let found = messages::lines(&context, &filter, limit + 1).await?;
    let found = List::cut(found, limit, |line| line.sent.id.to_string());
    Ok(Paged(found.map(Into::into)))
}

/// Returns the number of messages in the outbox for each channel.
#[utoipa::path(
    get,
    path = "/api/v1/admin/notifications/channels",
    operation_id = "list_outbox_channels",
    tag = "Admin",
    responses(
        (status = 200, description = "The channels used so far", body = All<OutboxChannel>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn channels(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<All<OutboxChannel>>, WebError> {
    let held = search::held(&context.db).await?;
    Ok(Json(All::of(held)))
}

/// Retries a failed message.
#[utoipa::path(
    post,
    path = "/api/v1/admin/notifications/{id}/retry",
    operation_id = "retry_outbox_message",
    tag = "Admin",
    responses(
        (status = 202, description = "The message is queued again"),
        (status = 409, description = "The message did not fail")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn retry(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    // An unreadable id matches no message.
    let id = Uuid::try_parse(&id).unwrap_or_default();
    search::retry(&context, actor, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Lists alerts to operators, ongoing incidents first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/alerts",
    operation_id = "list_alerts",
    tag = "Admin",
    responses(
        (status = 200, description = "The alerts, at most 100", body = All<AlertView>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn alerts(
    State(context): State<Context>,
    _: Admin,
) -> Result<Json<All<AlertView>>, WebError> {
    let latest = alerts::latest(&context.db, ALERTS).await?;
    Ok(Json(All::of(latest)))
}
